"""What one screen at the door shows: the whole page, or the parts of it that a tap has changed."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.door.arrivals import Shown
from events.door.counts import DoorCounts, door_counts, needs_at_the_door
from events.door.guests import Found, Guest
from events.event.models import RsvpMode
from events.event.when import clock
from events.rsvps.models import RsvpStatus
from web.door.doorway import Doorway
from web.door.forms import Correction, WalkIn
from web.door.need_words import NeedLine, line_for_the_door, line_for_them


@dataclass(frozen=True, slots=True)
class Screen:
    """What the last tap came to. elsewhere: the code is of another meeting. again: they were here before.
    heads: what there is to say of a tap that counted nobody.
    """

    typed: str = ""
    found: Found | None = None
    elsewhere: bool = False
    shown: Shown | None = None
    again: bool = False
    walk_in: WalkIn | None = None
    correction: Correction | None = None
    heads: str = ""

    @property
    def wrong(self) -> WalkIn | Correction | None:
        """The form that was refused."""
        return next(
            (form for form in (self.walk_in, self.correction) if form is not None and form.errors), None
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A guest in the list. key: of the arrival that its button would make."""

    guest: Guest
    key: str
    since: str
    standing: str


@dataclass(frozen=True, slots=True)
class Panel:
    """An arrival as the door says it. tone: welcome, again or undone."""

    shown: Shown
    tone: str
    heading: str
    text: str
    needs: list[NeedLine]
    hint: str = ""


def whole_page(request: HttpRequest, door: Doorway, screen: Screen, *, status: int = 200) -> HttpResponse:
    counts = door_counts(door.event, door.device)
    context = _context(door, screen) | counted(door, counts)
    context |= {
        "needs": [line_for_the_door(need) for need in needs_at_the_door(door.event)],
        "counts": counts,
    }
    return render(request, "door/index.html", context, status=status)


def answer(request: HttpRequest, door: Doorway, screen: Screen, *, status: int = 200) -> HttpResponse:
    """The whole page; to a script, the part of it that a tap has changed."""
    if not request.headers.get("HX-Request"):
        return whole_page(request, door, screen, status=status)
    response = render(request, "door/_answer.html", _context(door, screen), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def matches(request: HttpRequest, door: Doorway, screen: Screen) -> HttpResponse:
    """The list alone, under a field in which somebody is typing."""
    if not request.headers.get("HX-Request"):
        return whole_page(request, door, screen)
    response = render(request, "door/_matches.html", _context(door, screen))
    patch_vary_headers(response, ["HX-Request"])
    return response


def counted(door: Doorway, counts: DoorCounts) -> dict[str, Any]:
    """The numbers on top of the page and in its dock."""
    return {
        "door": door,
        "counts": counts,
        "takes_rsvps": door.event.rsvp_mode == RsvpMode.OPEN or counts.expected > 0,
        "clock": _hour(door, door.now),
    }


def new_key() -> str:
    """Of one act; sent twice, it is still one."""
    return secrets.token_urlsafe(18)


def _context(door: Doorway, screen: Screen) -> dict[str, Any]:
    panel = _panel(door, screen.shown, again=screen.again) if screen.shown is not None else None
    return {
        "door": door,
        "event": door.event,
        "agency": door.agency,
        "when": door.when,
        "screen": screen,
        "key": new_key(),
        "walk_in_key": new_key(),
        "rows": [_row(door, guest) for guest in screen.found.guests] if screen.found else [],
        "panel": panel,
        "walk_in": screen.walk_in or WalkIn(),
        "correction": _correction(screen),
        "sentence": _said(screen, panel),
        "trouble": screen.heads,
    }


def _correction(screen: Screen) -> Correction | None:
    if screen.correction is not None or screen.shown is None or screen.shown.is_undone:
        return screen.correction
    return Correction(initial={"party": screen.shown.party})


def _row(door: Doorway, guest: Guest) -> Row:
    standing = "" if guest.status == RsvpStatus.CONFIRMED else _without_a_seat(door, guest)
    return Row(guest, new_key(), _hour(door, guest.since) if guest.since else "", standing)


def _without_a_seat(door: Doorway, guest: Guest) -> str:
    """How it stands, and what the agency has decided for who waits and comes."""
    words = str(RsvpStatus(guest.status).label)
    if guest.status == RsvpStatus.OFFERED:
        return words
    if door.agency.waitlist_may_come:
        return _("{standing}. They may come in if seats stay empty.").format(standing=words)
    return _("{standing}. They have no seat this time.").format(standing=words)


def _panel(door: Doorway, shown: Shown, *, again: bool) -> Panel:
    people = ngettext("%(count)d person is in.", "%(count)d people are in.", shown.party) % {
        "count": shown.party
    }
    needs = [line_for_them(need) for need in shown.needs]
    if shown.is_undone:
        text = _("This arrival is not counted any more. Nothing else was changed.")
        return Panel(shown, "undone", shown.name or _("Taken back"), text, [])
    if again:
        text = _("Checked in: {time}").format(time=_hour(door, shown.at))
        hint = _("If this is someone else of the same group, add them as a walk-in.")
        heading = _("Already here: {name}").format(name=shown.name) if shown.name else _("Already here")
        return Panel(shown, "again", heading, text, needs, hint)
    heading = _("Welcome, {name}").format(name=shown.name) if shown.name else _("Welcome")
    return Panel(shown, "welcome", heading, people, needs)


def _said(screen: Screen, panel: Panel | None) -> str:
    """What a screen reader hears without leaving the field."""
    if screen.wrong is not None:
        return ""
    if panel is not None:
        return " ".join(
            [
                f"{panel.heading}.",
                panel.text,
                panel.hint,
                *(f"{need.what}: {need.where}" for need in panel.needs),
            ]
        )
    if screen.elsewhere:
        return _("This code is for another meeting.")
    if screen.found is None or not screen.typed.strip():
        return ""
    total = screen.found.total
    return (
        ngettext("%(count)d match", "%(count)d match", total) % {"count": total}
        if total
        else _("No one matches.")
    )


def _hour(door: Doorway, moment: dt.datetime) -> str:
    return clock(moment.astimezone(ZoneInfo(door.event.timezone)).replace(tzinfo=None))
