"""The OpenAPI 3.1 text, written from the same marks that the server follows (api.endpoint.operation)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from api.confirming import ConsequenceProblem
from api.endpoint import Operation
from api.problem_details import CONTENT_TYPE
from api.schema_details import HEADERS, add_refusals, finish
from api.strict_fields import Strict

_BEARER: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
_KEY = {"type": "string", "pattern": '^([A-Za-z0-9_-]{22,200}|"[A-Za-z0-9_-]{22,200}")$'}
_KEY_SENTENCE = (
    "A UUID or at least 22 base64url characters, in quotation marks or not. "
    "The same key and body get the stored answer for 24 hours."
)
_PROBLEMS = {
    400: "The body, a parameter, a time, missing evidence or a missing reason; `errors` points at each field.",
    401: "No valid sign-in.",
    403: "Your own agency, but the wrong role or scope; or a foreign `agency` in the body.",
    404: "Not there, or not there for you.",
    409: "The state or the capacity does not allow it; `code` says which. `confirm_required`: the act asks first; "
    "`consequences` say what it sets off, and the same request with their `confirm` in its body does it.",
    412: "`If-Match` names an older version.",
    413: "The body is too large (`body_too_large`).",
    414: "The address is too long.",
    415: "The body is of another media type.",
    422: "The `Idempotency-Key` was used with another body.",
    429: "Too many; `Retry-After` says how long to wait.",
    503: "The database does not answer just now; `Retry-After` says when to come again.",
}


class ProblemField(serializers.Serializer):
    pointer = serializers.CharField(help_text="A JSON pointer, e.g. `/party_size`; empty for the whole.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer):
    """RFC 9457. Further members may follow, e.g. a number of seats."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    errors = ProblemField(many=True)  # type: ignore[assignment]
    consequences = ConsequenceProblem(many=True, required=False, help_text="Of `confirm_required` alone.")
    confirm = serializers.CharField(required=False, help_text="Of `confirm_required` alone: their digest.")


def _scopes_in_words(mark: Operation) -> str:
    """Which scope of a key it takes, any one of those named; or what a scope shows beyond the public's answer."""
    if not mark.scopes:
        return ""
    named = " or ".join(f"`{scope}`" for scope in mark.scopes)
    if mark.sign_in == "welcome":
        return f"Everybody reads what is public; what is not is shown to staff with the scope {named}."
    return f"Scope: {named}."


class MarkedSchema(AutoSchema):
    """Reads the mark of each handler."""

    @property
    def mark(self) -> Operation:
        endpoint: Any = self.view
        found = endpoint.operation_of(self.method)
        if found is None:
            raise TypeError(f"{self.method} {self.path} bears no mark")
        return found

    def get_operation_id(self) -> str:
        path = re.sub(r"^/api/v1/", "", self.path)
        words = re.sub(r"\{(\w+)\}", r"by_\1", path).strip("/").replace("/", "_").replace("-", "_")
        verb = {"get": "read", "post": "post", "put": "put", "patch": "change", "delete": "delete"}[
            self.method.lower()
        ]
        return f"{verb}_{words or 'root'}"

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        described = super().get_operation(*args, **kwargs)
        if described is not None:
            finish(described, self.mark, self.method)
        return described

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)
        add_refusals(field, schema)

    def get_tags(self) -> list[str]:
        return [self.view.tag]  # type: ignore[attr-defined]

    def get_summary(self) -> str:
        return self.mark.summary

    def get_description(self) -> str:  # type: ignore[override]
        needs = _scopes_in_words(self.mark)
        return "\n\n".join(part for part in ((self.view.__doc__ or "").strip(), needs) if part)

    def get_auth(self) -> list[dict[str, list[str]]]:
        keys = [{name: [scope] for name in _BEARER[0]} for scope in self.mark.scopes] or _BEARER
        return {"needed": keys, "welcome": [*keys, {}], "ignored": []}[self.mark.sign_in]

    def get_request_serializer(self) -> Any:
        if self.mark.body is None or self.mark.media != ("application/json",):
            return OpenApiTypes.BINARY if self.mark.media != ("application/json",) else None
        return self.mark.body

    def map_parsers(self) -> list[str]:
        return list(self.mark.media)

    def get_filter_backends(self) -> list[Any]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_override_parameters(self) -> Any:
        query = self.mark.query()
        found = [_parameter(name, field) for name, field in query.fields.items()]
        header: Any = OpenApiParameter.HEADER
        if self.method == "POST" and self.mark.keeps_answer:
            found.append(OpenApiParameter("Idempotency-Key", _KEY, header, description=_KEY_SENTENCE))
        if self.mark.counted and "{event_id}" in self.path:
            posts, seconds = settings.RATES["hall_posts"]
            sentence = (
                "The code on the wall of a meeting that is on. With it the people in the hall, who share one network, "
                f"are counted apart from the rest of it ({posts:,} posts in {seconds // 60} minutes). A wrong one is "
                "never refused."
            )
            shape = {"type": "string", "maxLength": 40}
            found.append(OpenApiParameter("Room-Code", shape, header, description=sentence))
        if self.mark.tagged:
            name = "If-None-Match" if self.method == "GET" else "If-Match"
            found.append(OpenApiParameter(name, str, header, description="An `ETag` that this object had."))
        return found

    def get_response_serializers(self) -> Any:
        found: dict[Any, Any] = {}
        for status, shape in {self.mark.status: self.mark.answer, **self.mark.also}.items():
            found[status] = self._success(status, shape)
        if self.mark.tagged and self.method == "GET":
            found[304] = OpenApiResponse(description="You have it already.")
        for status in sorted({*self._refusals(), *self.mark.refuses}):
            found[status, CONTENT_TYPE] = OpenApiResponse(Problem, description=_PROBLEMS[status])
        return found

    def _success(self, status: int, shape: Any) -> Any:
        if shape is None:
            return OpenApiResponse(description=HTTPStatus(status).description or HTTPStatus(status).phrase)
        if not self.mark.many:
            return OpenApiResponse(shape, description="")
        return OpenApiResponse(_page_of(shape), description="")

    def _refusals(self) -> Iterator[int]:
        yield 400
        if self.mark.sign_in != "ignored":
            yield from (401, 403)
        if "{" in self.path:
            yield 404
        if self.method != "GET":
            yield 409
            yield from (413, 415)
        yield 414
        if self.mark.tagged and self.method != "GET":
            yield 412
        if self.method == "POST" and self.mark.keeps_answer:
            yield 422
        yield from (429, 503)


@cache
def _page_of(shape: Any) -> Any:
    fields = {
        "results": shape(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    }
    return inline_serializer(f"{shape.__name__}Page", fields)


def _parameter(name: str, field: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        _schema_of(field),
        OpenApiParameter.QUERY,
        required=field.required,
        description=field.help_text or "",
    )


def _schema_of(field: Any) -> dict[str, Any]:
    """The few kinds of query parameters there are."""
    if isinstance(field, serializers.ChoiceField):
        return {"type": "string", "enum": list(field.choices)}
    if isinstance(field, serializers.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, serializers.IntegerField):
        bounds = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer"} | {key: bound for key, bound in bounds.items() if bound is not None}
    kinds = {"UUIDField": "uuid", "DateField": "date", "DateTimeField": "date-time"}
    names = {base.__name__ for base in type(field).__mro__}
    form = next((form for kind, form in kinds.items() if kind in names), None)
    text: dict[str, Any] = {"type": "string"} | ({"format": form} if form else {})
    if getattr(field, "max_length", None):
        text["maxLength"] = field.max_length
    add_refusals(field, text)
    return text


def close_bodies(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook: what the server refuses (undeclared fields), the schema refuses too."""
    strict = {kind.__name__ for kind in _all_below(Strict)}
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        for part in schema.get("properties", {}).values():
            part.pop("x-spec-enum-id", None)
        if name.removeprefix("Patched") in strict:
            schema["additionalProperties"] = False
    result["components"]["headers"] = HEADERS
    return result


def _all_below(kind: type) -> Iterator[type]:
    below: type
    for below in kind.__subclasses__():
        yield below
        yield from _all_below(below)
