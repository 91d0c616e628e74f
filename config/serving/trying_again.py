"""A request that met another change at the same rows is done again, once: whoever asked need not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from config.serving.error_answers import bad_request
from engage.database.trying_again import begin_afresh, may_be_repeated, met_another_change, something_is_kept

_READ_AHEAD: Final = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/merge-patch+json",
    "",
)


class AgainOnce:
    """The last of the middleware: it repeats the view and nothing around it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin_afresh()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """What was sent is read once, and can be read again; an upload cannot."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if request.content_type not in _READ_AHEAD or length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            something_is_kept()
            return None
        try:
            _body(request)
        except UnreadablePostError:
            return bad_request(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> Any:
        match = request.resolver_match
        if match is None or not met_another_change(error) or not may_be_repeated():
            return None
        something_is_kept()
        return match.func(request, *match.args, **match.kwargs)


def _body(request: HttpRequest) -> bytes:
    """Kept by the request from now on, for whoever reads it again."""
    return request.body
