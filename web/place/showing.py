"""What every page of a place shows: the ticket, how things stand, and what happens next with dates that are true."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.agency_time import local_day
from engage.resident_links import Purpose, mint
from events.joining_online import link_for_place
from events.link_reading import Access
from events.models import AccessRequest, AccessStatus, Event, EventStatus, Rsvp, RsvpStatus
from events.seats import OPEN
from outreach.message_composing.qr_codes import address_of as code_address
from outreach.place_showing import ShownPlace, show_place
from web import public_pages
from web.dates_in_words import day_in_words, moment_in_words
from web.language_names import ANOTHER, language_name
from web.meetings.event_page import facts_of


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happens next. at: for the order; done: it has happened."""

    at: dt.datetime | dt.date
    when: str
    what: str
    done: bool = False


def show(
    request: HttpRequest, template: str, access: Access, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return public_pages.show(
        request, template, access.rsvp.event.agency, context, nav="meetings", status=status
    )


def about(access: Access, token: str, *, now: dt.datetime) -> dict[str, Any]:
    """A discreet meeting's title stays away from a screen that others may see."""
    place, event = access.rsvp, access.rsvp.event
    shown = show_place(access, now=now)
    facts = facts_of(event)
    if event.discreet:
        facts["title"] = _("Your place")
    return facts | {
        "join_link": link_for_place(place),
        "access": access,
        "token": token,
        "place": place,
        "shown": shown,
        "position": shown.position,
        "offer_until": moment_in_words(place.offer_expires_at, event.timezone),
        "stands": place.status != RsvpStatus.CANCELLED,
        "waits": place.status == RsvpStatus.WAITLISTED,
        "open": event.status in OPEN and now < event.ends_at,
        "over": now >= event.ends_at or event.status in {EventStatus.ENDED, EventStatus.REPORTED},
        "code": spaced(place.checkin_code),
        "qr": code_address(place.checkin_code),
        "calendar": reverse("rsvp_calendar", args=[mint(Purpose.CALENDAR, place.pk, place.link_version)]),
        "needs": [_need(request) for request in shown.needs],
        "steps": _steps(place, event, shown, now=now),
    }


def spaced(code: str) -> str:
    """In two halves, as people read it aloud."""
    return f"{code[:5]} {code[5:]}".strip()


def _need(request: AccessRequest) -> dict[str, Any]:
    """What was asked for, how that stands, and what staff said about it."""
    words = {
        AccessStatus.ASKED: _("You asked for it. We tell you what we could arrange."),
        AccessStatus.ARRANGING: _("We are arranging it."),
        AccessStatus.ARRANGED: _("It is arranged."),
        AccessStatus.MET: _("It was there."),
        AccessStatus.NOT_MET: _("We could not arrange it."),
    }
    named = request.language not in {"", ANOTHER}
    return {
        "what": request.get_kind_display(),
        "language": language_name(request.language) if named else "",
        "how": words[AccessStatus(request.status)],
        "outcome": request.outcome,
    }


def _steps(place: Rsvp, event: Event, shown: ShownPlace, *, now: dt.datetime) -> list[Step]:
    """Only what the software does, or what the agency's settings say."""
    if place.status == RsvpStatus.CANCELLED:
        return _the_end(place, event, now)
    today = local_day(event.timezone, now)
    saved = local_day(event.timezone, place.created_at)
    steps = [Step(saved, _when(saved, today), _first(place), done=True)]
    if event.status != EventStatus.CANCELLED:
        steps += _before(place, event, shown, today) if now < event.ends_at else []
        meeting = event.local_starts_at.date()
        steps.append(Step(meeting, _when(meeting, today), _the_day(place), done=now >= event.ends_at))
        if not event.imported:
            steps.append(
                Step(
                    shown.summary_due,
                    _("By {day}").format(day=day_in_words(shown.summary_due)),
                    _("We publish what we heard and what we promised."),
                    done=shown.summary_is_out,
                )
            )
    return [*steps, *_the_end(place, event, now)]


def _before(place: Rsvp, event: Event, shown: ShownPlace, today: dt.date) -> list[Step]:
    steps = []
    deadline = event.access_deadline_on
    if deadline is not None and deadline >= today and place.status != RsvpStatus.OFFERED:
        by = _("By {day}").format(day=day_in_words(deadline))
        steps.append(Step(deadline, by, _("Tell us here if you need an interpreter or something else.")))
    for moment in shown.reminders:
        day = local_day(event.timezone, moment)
        steps.append(Step(day, _when(day, today), _("We remind you by email.")))
    return sorted(steps, key=lambda step: step.at)


def _first(place: Rsvp) -> str:
    if place.status == RsvpStatus.CONFIRMED:
        return _("Your place is saved.")
    return _("You joined the waitlist.")


def _the_day(place: Rsvp) -> str:
    if place.status == RsvpStatus.CONFIRMED:
        return _("The meeting. Show or say your code at the door.")
    return _("The meeting.")


def _the_end(place: Rsvp, event: Event, now: dt.datetime) -> list[Step]:
    if place.erase_after is None:
        return []
    gone = local_day(event.timezone, place.erase_after)
    what = _("We delete your place.")
    if place.email_contact_id:
        what = _("We delete your place and your email address.")
    return [Step(gone, _when(gone, local_day(event.timezone, now)), what)]


def _when(day: dt.date, today: dt.date) -> str:
    return _("Today") if day == today else day_in_words(day)
