"""Refuses a body that is larger than anything we take, before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.serving.error_answers import bad_request, too_large


class BodyLimit:
    """413 above ``LARGEST_BODY`` bytes. A body that came in chunks has its length by now (config.serving.front)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or len(length) > 18:
            return bad_request(request)
        if int(length) > settings.LARGEST_BODY:
            answer = too_large(request)
            # What is not read must not be taken for the next request of this connection.
            answer["Connection"] = "close"
            return answer
        return self.get_response(request)
