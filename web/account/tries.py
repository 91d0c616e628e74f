"""Tries of a secret on the pages: who tries, from which device, and the page for who tried too often.

A device on which somebody has signed in before holds a signed cookie, so that strangers' wrong tries never shut them out. The
mark opens nothing: it gives its holder tries of their own (engage.people.secret_tries), and is void as soon as everything of
that person's ends. A shared computer knows several people."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.counting.rates import TooOften, count, network_of
from engage.people.models import Person
from engage.people.secret_tries import Caller, Secret, TriedTooOften, Try, account_of, take
from web.site import errors
from web.site.counting import too_often_page

_SALT: Final = "engage.known-device"
_LASTS: Final = 180 * 24 * 3600
_MOST_PEOPLE: Final = 8
# In the order in which to look: most browsers also name those they are like.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_LONG: Final = 120  # seconds; from here on minutes are said as well


def device_of(request: HttpRequest, person: Person | None) -> str:
    """The device's own name where this person has signed in on it; else an empty text."""
    if person is None:
        return ""
    device, mark = _known(request).get(person.pk.hex, ("", ""))
    return device if mark == person.access_mark() else ""


def remember(request: HttpRequest, answer: HttpResponse, person: Person) -> None:
    """From now on ``person`` is known on this device."""
    known = {who: said for who, said in _known(request).items() if who != person.pk.hex}
    newest = dict(list(known.items())[1 - _MOST_PEOPLE :])
    newest[person.pk.hex] = (secrets.token_urlsafe(9), person.access_mark())
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(newest, salt=_SALT),
        max_age=_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def family_of(user_agent: str) -> str:
    """The browser and what it runs on in plain words, "Firefox, Windows"; an empty text where neither is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (browser, system) if word)


def _known(request: HttpRequest) -> dict[str, tuple[str, str]]:
    written = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        said = signing.loads(written, salt=_SALT, max_age=_LASTS) if written else {}
    except signing.BadSignature:
        return {}
    return {who: (device, mark) for who, (device, mark) in said.items()}


def take_a_try(request: HttpRequest, secret: Secret, person: Person | None, address: str = "") -> Try:
    """A try of ``person``'s secret, or of nobody's at ``address``. Raises ImmediateHttpResponse: 429, the true wait."""
    caller = Caller(network_of(request.META), device_of(request, person))
    try:
        return take(secret, account=account_of(person, address), caller=caller)
    except TriedTooOften as refused:
        raise ImmediateHttpResponse(too_often(request, refused.seconds)) from None


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the true wait; and the ways in that are open meanwhile."""
    answer = errors.page(request, errors.HTTPStatus.TOO_MANY_REQUESTS, next_step=wait_in_words(seconds))
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
                count(request.META, "token_guesses")
            except TooOften as often:
                return too_often_page(request, often)
        return answer

    return counted
