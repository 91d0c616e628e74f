"""What is answered where nothing else answered: a problem document under /api/, a page everywhere else."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from web import error_pages

# How long a caller should wait for a database that restarts.
_RETRY_AFTER = 5


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.BAD_REQUEST, code="invalid")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.FORBIDDEN, code="forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, HTTPStatus.NOT_FOUND, code="not_found")


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="too_large")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from a page opened too long ago (CSRF_FAILURE_VIEW)."""
    return _answer(request, HTTPStatus.FORBIDDEN, code="forbidden")


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; a database that does not answer is 503, with a time to come again."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        answer = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, code="unavailable")
        answer["Retry-After"] = str(_RETRY_AFTER)
        return answer
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, code="internal_error")


def _answer(request: HttpRequest, status: HTTPStatus, *, code: str) -> HttpResponse:
    if not request.path_info.startswith("/api/"):
        return error_pages.page(request, status)
    title, detail = _words(status)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status.value,
        "detail": detail,
        "code": code,
        "errors": [],
    }
    answer = HttpResponse(json.dumps(problem), content_type="application/problem+json", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _words(status: HTTPStatus) -> tuple[str, str]:
    detail = {
        HTTPStatus.BAD_REQUEST: _("The request could not be read."),
        HTTPStatus.FORBIDDEN: _("Your role does not allow this."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is more than we take at once. Send less."),
        HTTPStatus.NOT_FOUND: _("There is nothing here."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("The database does not answer just now. Try again in a moment."),
    }.get(status, _("That is our fault. Try again; if it stays, tell whoever runs this server."))
    return status.phrase, detail
