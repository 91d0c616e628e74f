"""The answer to HEAD has the head of the answer to GET, and nothing below it (RFC 9110 §9.3.2).

The views make the whole page; the server would drop it, with a warning for each.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class NoBodyForHead:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if request.method != "HEAD":
            return answer
        if answer.streaming:
            answer.streaming_content = []  # type: ignore[attr-defined]
        else:
            answer.headers.setdefault("Content-Length", str(len(answer.content)))  # type: ignore[attr-defined]
            answer.content = b""  # type: ignore[attr-defined]
        return answer
