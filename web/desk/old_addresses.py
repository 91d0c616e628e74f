"""Addresses below ``/desk/`` as they once were: each leads on to today's, with the same method, body and query.

Somebody has them as a bookmark, or has a form open that was drawn before an upgrade.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import URLPattern, re_path, reverse

_AGENCY: Final = r"[-a-zA-Z0-9_]+/"
_EVENT: Final = rf"{_AGENCY}events/[0-9a-f-]{{36}}/"
# Below what, which word then, which word now.
_RENAMED: Final = (
    (_AGENCY, "places", "venues"),
    (_AGENCY, "promises", "commitments"),
    (_AGENCY, "questions", "contributions"),
    (_EVENT, "questions", "contributions"),
    (rf"{_EVENT}notes/[0-9a-f-]{{36}}/", "promise", "commitment"),
    (rf"{_AGENCY}office/", "keys", "tokens"),
    (rf"{_AGENCY}office/", "places", "rsvps"),
    (rf"{_AGENCY}office/", "promises", "commitments"),
)


def moved(request: HttpRequest, before: str, then: str, now: str) -> HttpResponse:
    """On to today's address. It asks nobody who they are, and looks for nothing: today's address does."""
    below = f"{reverse('desk')}{before}"
    rest = request.get_full_path().removeprefix(f"{below}{then}")
    return HttpResponsePermanentRedirect(f"{below}{now}{rest}", preserve_request=True)


desk: list[URLPattern] = [
    re_path(rf"^(?P<before>{below})(?P<then>{then})(?=/|$)", moved, {"now": now}, name="old_address")
    for below, then, now in _RENAMED
]
