"""The pages of an account speak the language that their owner chose, whatever the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from engage.models import Person
from web.desk_frame import language_of


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
