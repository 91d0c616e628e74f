"""Devices on which somebody has signed in before: a signed cookie, so that strangers' wrong tries never shut them out.

The mark opens nothing. It gives its holder tries of their own (engage.secret_tries), and is void as soon as everything
of that person's ends. A shared computer knows several people.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from engage.models import Person

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
