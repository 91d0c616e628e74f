"""Every refusal as a problem document (RFC 9457): one code at the top, and a pointer to each field in trouble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from django.apps import apps
from django.core import exceptions as django_errors
from django.db import DataError, IntegrityError, models
from django.db.models.deletion import ProtectedError, RestrictedError
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from engage.database.faults import fault_of, sqlstate_of
from engage.database.trying_again import may_be_repeated, met_another_change
from engage.refusal_statuses import status_of
from engage.refusals import RuleViolation, constraint_of

CONTENT_TYPE = "application/problem+json"
# not_null_violation: no client can leave out what the code forgot to write.
_NOT_NULL = "23502"

# Refusals whose HTTP status says more than their kind does.
_STATUS_OF_CODE = {
    "stale": HTTPStatus.PRECONDITION_FAILED,
    "idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
}
# Checks that speak of the state and not of a value: 409. What any other check refuses is a value that does not fit: 400.
_CHECKS_OF_STATE = frozenset({"event_full", "not_approved"})


def problem(
    status: int, code: str, detail: Any = "", errors: list[dict[str, str]] | None = None, **more: Any
) -> Response:
    """One problem document. more: further members, e.g. the number of seats taken."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": str(detail) or HTTPStatus(status).description,
        "code": code,
        "errors": errors or [],
    } | {name: value for name, value in more.items() if value is not None}
    return Response(
        document, status=int(status), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"}
    )


def answer_for(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the error through to the 500 page: it is ours."""
    if isinstance(error, RuleViolation):
        return problem_of(error)
    if isinstance(error, drf.APIException):
        return _by_framework(error)
    if met_another_change(error) and may_be_repeated():
        # To whoever does it once more (config.serving.trying_again).
        return None
    if fault := fault_of(error):
        answer = problem(503, fault.code, fault.sentence)
        answer["Retry-After"] = str(fault.come_back_in)
        return answer
    if isinstance(error, IntegrityError | DataError):
        return _by_database(error)
    return _by_django(error)


def problem_of(error: RuleViolation) -> Response:
    status = _STATUS_OF_CODE.get(error.code, status_of(error))
    errors = [_entry(pointer(part.field), part.code, part.detail) for part in error.errors]
    return problem(status, error.code, error.detail, errors, **error.extra)


def _by_framework(error: drf.APIException) -> Response:
    if isinstance(error, drf.ValidationError):
        sentence = _("Some of what you sent does not fit. Each field below says why.")
        return problem(400, "invalid", sentence, list(_flat(error.detail, "")))
    detail: Any = error.detail
    answer = problem(error.status_code, getattr(detail, "code", error.default_code), detail)
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        answer["WWW-Authenticate"] = 'Bearer realm="engage"'
    return answer


def _by_database(error: IntegrityError | DataError) -> Response | None:
    """A constraint said no. Only its code leaves: the complaint itself holds the row. None: the fault is ours."""
    if sqlstate_of(error) == _NOT_NULL:
        return None
    if isinstance(error, ProtectedError | RestrictedError):
        return problem(409, "in_use", _("Something else still refers to this."))
    if isinstance(error, DataError):
        return problem(400, "invalid", _("A value does not fit where it belongs."))
    code, is_check = constraint_codes().get(constraint_of(error), ("conflict", False))
    status = 400 if is_check and code not in _CHECKS_OF_STATE else 409
    return problem(status, code, _("That does not go together with what is already there."))


def _by_django(error: Exception) -> Response | None:
    if isinstance(error, django_errors.ValidationError):
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        entries = [_entry(pointer(name), "invalid", text) for name, texts in found.items() for text in texts]
        return problem(400, "invalid", "", entries)
    if isinstance(error, Http404 | django_errors.ObjectDoesNotExist):
        return problem(404, "not_found", _("There is nothing here."))
    if isinstance(error, django_errors.PermissionDenied):
        return problem(403, "forbidden", _("Your role does not allow this."))
    if isinstance(error, django_errors.RequestDataTooBig):
        return problem(413, "body_too_large", _("The body is larger than this address takes."))
    if isinstance(error, django_errors.BadRequest | django_errors.SuspiciousOperation | UnreadablePostError):
        return problem(400, "invalid", _("The request could not be read."))
    return None


@cache
def constraint_codes() -> dict[str, tuple[str, bool]]:
    """By the constraint's name: the code a client sees, and whether it is a check of one row's own values."""
    found: dict[str, tuple[str, bool]] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            is_check = isinstance(constraint, models.CheckConstraint)
            code = constraint.violation_error_code or ("invalid" if is_check else "taken")
            found[constraint.name] = (code, is_check)
    return found


def pointer(path: str) -> str:
    """``access_requests/0/language`` → ``/access_requests/0/language`` (RFC 6901)."""
    return "/" + path.strip("/").replace(".", "/") if path.strip("/") else ""


def _entry(where: str, code: str, detail: Any) -> dict[str, str]:
    return {"pointer": where, "code": code, "detail": str(detail)}


def _flat(detail: Any, path: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}/{step}")
    elif isinstance(detail, list | tuple):
        for number, inner in enumerate(detail):
            # A list of sentences belongs to the field; a list of objects goes on item by item.
            yield from _flat(inner, f"{path}/{number}" if isinstance(inner, Mapping | list) else path)
    elif detail:
        yield _entry(path, getattr(detail, "code", "invalid"), detail)
