"""What is answered where nothing else answered: a problem document under /api/, a page everywhere else."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.database.faults import fault_of
from web.site import errors


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.BAD_REQUEST, code="invalid")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.FORBIDDEN, code="forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.NOT_FOUND, code="not_found")


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="body_too_large")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from a page opened too long ago (CSRF_FAILURE_VIEW)."""
    return _answer(request, HTTPStatus.FORBIDDEN, code="forbidden")


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; a database that cannot just now is 503, with what is the matter and when to come again."""
    fault = fault_of(sys.exception())
    if fault is None:
        return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, code="internal_error")
    answer = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, code=fault.code, sentence=fault.sentence)
    answer["Retry-After"] = str(fault.come_back_in)
    return answer


def _answer(request: HttpRequest, status: HTTPStatus, *, code: str, sentence: Any = "") -> HttpResponse:
    if not request.path_info.startswith("/api/"):
        return errors.page(request, status, text=sentence)
    title, detail = words(status)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status.value,
        "detail": str(sentence) or detail,
        "code": code,
        "errors": [],
    }
    answer = HttpResponse(json.dumps(problem), content_type="application/problem+json", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def words(status: HTTPStatus) -> tuple[str, str]:
    """The title of a status and a sentence, in the reader's language."""
    detail = {
        HTTPStatus.BAD_REQUEST: _("The request could not be read."),
        HTTPStatus.FORBIDDEN: _("Your role does not allow this."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is more than we take at once. Send less."),
        HTTPStatus.NOT_FOUND: _("There is nothing here."),
        HTTPStatus.REQUEST_URI_TOO_LONG: _("The address is too long."),
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: _("The head of the request is too large."),
    }.get(status, _("That is our fault. Try again; if it stays, tell whoever runs this server."))
    return status.phrase, detail
