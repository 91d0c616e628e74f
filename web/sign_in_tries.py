"""Tries of a secret on the pages: who tries, from where, and the page for who tried too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.models import Person
from engage.rate_counting import client_network
from engage.secret_tries import Caller, Secret, TriedTooOften, Try, account_of, take
from web import error_pages
from web.counting import TooManyTries, address_of, count
from web.known_devices import device_of

_LONG: Final = 120  # seconds; from here on minutes are said as well


def take_a_try(request: HttpRequest, secret: Secret, person: Person | None, address: str = "") -> Try:
    """A try of ``person``'s secret, or of nobody's at ``address``. Raises ImmediateHttpResponse: 429, the true wait."""
    caller = Caller(client_network(address_of(request)), device_of(request, person))
    try:
        return take(secret, account=account_of(person, address), caller=caller)
    except TriedTooOften as refused:
        raise ImmediateHttpResponse(too_often(request, refused.seconds)) from None


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the true wait; and the ways in that are open meanwhile."""
    answer = error_pages.page(
        request, error_pages.HTTPStatus.TOO_MANY_REQUESTS, next_step=wait_in_words(seconds)
    )
    answer["Retry-After"] = str(seconds)
    return answer


def wait_in_words(seconds: int) -> str:
    wait = ngettext("Wait %(n)d second, then try again.", "Wait %(n)d seconds, then try again.", seconds)
    if seconds > _LONG:
        wait = _("Wait %(minutes)d minutes (%(n)d seconds), then try again.")
    ways = _(
        "Until then you can sign in with a passkey, or on a device where you have signed in before. "
        "Or choose a new password: we mail you a link."
    )
    return wait % {"n": seconds, "minutes": -(-seconds // 60)} + " " + ways


def behind_a_reset_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """allauth's page behind a mailed link: one that opens nothing counts as a guess of this network's."""

    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if (getattr(answer, "context_data", None) or {}).get("token_fail"):
            try:
                count(request, "token_guesses")
            except TooManyTries as tries:
                return tries.page(request)
        return answer

    return counted
