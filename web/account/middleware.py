"""What holds for every request of somebody who is signed in: when their session ends, and the language of their account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from engage.people.models import Person
from web.site.frames.staff import language_of

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


class OwnLanguage:
    """After the middleware that knows who is there. Only below ``/accounts/``: a public page must not ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.path_info.startswith(
            "/accounts/"
        )
        if not signed_in or not isinstance(person := _person(request), Person):
            return self.get_response(request)
        with translation.override(language_of(person)):
            return self.get_response(request)


def _person(request: HttpRequest) -> object:
    """Out of its lazy wrapper, which would call itself a Person without being asked."""
    return request.user if request.user.is_authenticated else None
