"""What every endpoint is made of: who may ask, what may be sent, what comes back. Said once, read by the server and by
the schema both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.fields import empty
from rest_framework.response import Response
from rest_framework.views import APIView

from api import etags
from api.answers import Answer
from api.idempotency import answered_once
from api.paging import page
from api.problem_details import CONTENT_TYPE
from api.strict_fields import Strict
from api.throttling import TooMany, headers_of
from engage.agencies.finding import agency_called
from engage.agencies.models import Agency
from engage.counting.rates import TooOften, Verdict, count
from engage.people.models import Person
from engage.refusals import Forbidden, Invalid, Unknown
from engage.roles.permissions import NOBODY, Viewer
from events.planning.room_codes import count_public_post

_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class NoParameters(Strict):
    """No query parameter is taken."""


class NoBody(Strict):
    """An empty object."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one endpoint. The server follows it and the schema is written from it."""

    summary: str
    answer: type[Answer] | None = None
    many: bool = False
    body: type[Strict] | None = None
    query: type[Strict] = NoParameters
    status: int = 200
    # Further successes: status → shape.
    also: Mapping[int, type[Answer] | None] = field(default_factory=dict)
    # "needed": 401 without; "welcome": read where given; "ignored": not even looked at.
    sign_in: str = "needed"
    # Any one of these, "a|b", for the reader of the schema; the rule itself stands where the agency is known. Where
    # signing in is welcome: what shows more than everybody reads.
    scope: str = ""
    # "" for a POST that takes no Idempotency-Key; "outside" where the endpoint stores the answer itself.
    keeps_answer: str = "around"
    # Further refusals that the path and the sign-in do not tell of.
    refuses: tuple[int, ...] = ()
    tagged: bool = False
    # A public POST: so many from one network, or from one hall.
    counted: bool = False
    media: tuple[str, ...] = ("application/json",)

    @property
    def scopes(self) -> list[str]:
        return self.scope.split("|") if self.scope else []


def operation(summary: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Mark a handler, check what was sent against the mark, and wrap what it returns."""
    what = Operation(summary, **more)

    def mark(handler: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(handler)
        def run(self: Endpoint, request: Any, **path: Any) -> Response:
            if what.body is not None:
                self.body = self.checked(what.body, request.data)

            def act() -> Response:
                return _wrapped(handler(self, request, **path), what)

            if request.method == "POST" and what.keeps_answer == "around":
                return answered_once(self, act)
            return act()

        run.operation = what  # type: ignore[attr-defined]
        return run

    return mark


def _wrapped(result: Any, what: Operation) -> Response:
    if isinstance(result, Response):
        return result
    return Response(result, status=204 if result is None and what.answer is None else what.status)


class Endpoint(APIView):
    """The base of all. ``self.query`` and ``self.body`` hold what was sent, checked."""

    query: dict[str, Any]
    body: dict[str, Any]
    tag = ""  # the group in the reference

    @cached_property
    def now(self) -> Any:
        return timezone.now()

    @property
    def viewer(self) -> Viewer:
        return self.request.auth if isinstance(self.request.auth, Viewer) else NOBODY

    @property
    def viewer_if_known(self) -> Viewer:
        """As ``viewer``, where somebody has asked who it is; else nobody, without a look at any credentials."""
        return self.viewer if hasattr(self.request, "_user") else NOBODY

    def is_signed_in(self) -> bool:
        return self.viewer.person is not None

    @property
    def principal(self) -> str:
        """Who asks, for the scope of an Idempotency-Key; empty for the public and where nobody has looked."""
        person = self.viewer_if_known.person
        return str(person.pk) if person is not None else ""

    @property
    def person(self) -> Person:
        if self.viewer.person is None:
            raise NotAuthenticated
        return self.viewer.person

    @classmethod
    def operation_of(cls, method: str) -> Operation | None:
        return getattr(getattr(cls, method.lower(), None), "operation", None)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        what = self.operation_of("GET" if request.method == "HEAD" else request.method or "")
        self._verdict: Verdict | None = None
        if what is None:
            return
        if what.counted:
            self._verdict = count_public_post(
                # A header, read before the body: the code is no part of what an Idempotency-Key covers.
                request.META, kwargs.get("event_id"), request.META.get("HTTP_ROOM_CODE", ""), now=self.now
            )  # fmt: skip
        if what.sign_in != "ignored":
            self.perform_authentication(request)
            if what.sign_in == "needed" and not self.is_signed_in():
                raise NotAuthenticated
        self.query = self.checked(what.query, request.query_params.dict(), where="query")

    def checked(self, shape: type[Strict], data: Any, *, where: str = "body") -> dict[str, Any]:
        """What was sent, in the shape's own types. A PATCH may leave out what it does not change."""
        form = shape(data=data, context={"endpoint": self})
        if self.request.method == "PATCH" and where == "body":
            # Not DRF's `partial`: that would also let the items of a list leave out what they need.
            for field in form.fields.values():
                field.required, field.default = False, empty
        if not form.is_valid():
            raise ValidationError(form.errors)
        return dict(form.validated_data)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "_verdict", None) is not None:
            for name, value in headers_of(self._verdict).items():  # type: ignore[arg-type]
                answer.headers.setdefault(name, value)
        # What depends on who asks must not be kept by a shared cache.
        if not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "no-store" if request.method in _CHANGES else "private, no-cache"
        return answer

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, TooOften):
            exc = TooMany(exc.verdict)
        answer: Response = super().handle_exception(exc)
        if isinstance(exc, TooMany):
            answer["Retry-After"] = str(exc.wait)
            for name, value in headers_of(exc.verdict, wait=exc.wait).items():
                answer[name] = value
        if answer.get("Content-Type") == CONTENT_TYPE:
            answer.content_type = CONTENT_TYPE
        return answer

    # --- what handlers share -------------------------------------------------------------------------------------

    def list_of(self, rows: Any, shape: type[Answer], *, order: tuple[str, ...], **context: Any) -> Any:
        """A page of ``rows``."""
        return page(self.request, rows, self.shape(shape, **context), order=order, asked=self.query)

    def shape(self, shape: type[Answer], **context: Any) -> Answer:
        return shape(context={"viewer": self.viewer_if_known, "now": self.now} | context)

    def one(self, tag: str, say: Callable[[], Any], *, status: int = 200) -> Response:
        """One object with its entity tag, or 304 before any work where the client has it already."""
        if self.request.method in {"GET", "HEAD"} and etags.is_known(self.request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(say(), status=status, headers={"ETag": tag})

    def own_agency(self, scope: str, slug: str | None = None) -> Agency:
        """The agency of a new thing: named by ``agency`` in the body, or the token's.

        Raises Forbidden for a foreign agency or a missing scope, Invalid where it has to be named.
        """
        slug = slug if slug is not None else getattr(self, "body", {}).pop("agency", None)
        if slug:
            agency = Agency.objects.filter(slug=slug).first()
            if agency is None or not self.viewer.belongs_to(agency.pk):
                raise Forbidden(field="agency")
        elif self.viewer.agency_id is None:
            raise Invalid(field="agency")
        else:
            agency = Agency.objects.get(pk=self.viewer.agency_id)
        self.viewer.must(scope, agency.pk)
        return agency

    def agency_at(self, slug: str) -> Agency:
        """The agency a path names. Raises Unknown."""
        return agency_called(slug)

    def mine(self, rows: Any, pk: UUID, scope: str) -> Any:
        """One of ``rows`` that may be changed with ``scope``: Unknown where it is another agency's."""
        thing = rows.filter(pk=pk).first()
        if thing is None:
            raise Unknown
        self.viewer.must(scope, thing.agency_id)
        return thing

    def guess_failed(self) -> None:
        """A link that opened nothing counts as a guess. Raises TooOften."""
        count(self.request.META, "token_guesses")
