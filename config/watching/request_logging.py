"""One line a request: method, route name, status and a speed class. Who asked, for what path, is not written down."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.watching.log_writing import route_of
from config.watching.measuring import count_request

log = logging.getLogger("engage.requests")
# Asked every few seconds by machines.
_QUIET = frozenset({"healthz", "readyz", "metrics"})
# Exact times would tell an RSVP that carried an anonymous question from one that did not.
_SPEEDS = ((0.1, "under 0.1 s"), (0.5, "under 0.5 s"), (2.0, "under 2 s"), (10.0, "under 10 s"))


class RequestLog:
    """The outermost middleware: it sees every answer, the errors' too, and gives each a random id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.get_response(request)
        route, speed = route_of(request), speed_class(time.perf_counter() - begun)
        request_id = uuid.uuid4().hex
        answer["X-Request-Id"] = request_id
        if route in _QUIET or (route == "-" and answer.status_code < 400):
            return answer
        count_request(method=request.method or "-", route=route, status=answer.status_code, speed=speed)
        level = logging.WARNING if answer.status_code >= 500 else logging.INFO
        fields = {
            "method": request.method,
            "route": route,
            "status": answer.status_code,
            "speed": speed,
            "id": request_id,
        }
        log.log(level, "request", extra=fields)
        return answer


def speed_class(seconds: float) -> str:
    return next((name for limit, name in _SPEEDS if seconds < limit), "10 s and more")
