"""Two hours without an act end a session. What a page asks for by itself is no act, and neither is the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# A page that asks again by itself says so in its address: "?poll=1".
POLL: Final = "poll"
# A device that lies at a door for the evening is kept in by its door link, not by somebody's sign-in.
_NO_ACT: Final = ("/door/",)


class LastSeen:
    """After the session's own middleware. Asks nothing of who has no session: public pages stay cacheable."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        session = request.session
        if session.accessed and not is_poll(request) and SESSION_KEY in session:
            session.touch(timezone.now())  # type: ignore[attr-defined]
        return answer


def is_poll(request: HttpRequest) -> bool:
    return POLL in request.GET or request.path_info.startswith(_NO_ACT)
