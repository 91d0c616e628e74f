"""What every page of a place shows: the ticket, how things stand, and what happens next with dates that are true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.contacts.addresses import masked
from engage.contacts.links import Purpose, mint
from engage.local_time import local_day
from events.event.models import Audience, Event, EventFormat
from events.event.standing import EventStanding, standing_of, takes_people
from events.event.when import day_in_words, moment_of
from events.rsvps.floods import was_taken_back
from events.rsvps.links import MANAGING, Reach
from events.rsvps.models import Remind, Rsvp
from events.rsvps.needs.asking import needs_of
from events.rsvps.needs.models import AccessRequest, NeedStatus
from events.rsvps.parties import can_never_be_seated
from events.rsvps.resident_record import came_back_on, written_to
from events.rsvps.standing import RsvpStanding, may_come_all_the_same, moved_since_kept
from events.rsvps.standing import standing_of as rsvp_standing_of
from events.rsvps.waitlisting import can_be_asked, hours_offered, position_of
from events.rsvps.ways_in import has_code, joining_link, joins_from
from outreach.letters.qr_codes import address_of as code_address
from outreach.reminders.reading import reminder_times
from outreach.summaries.reading import first_published
from web.events.calendar_links import calendar_links
from web.events.detail import facts_of
from web.events.finding import Another, next_with_seats
from web.events.standing_words import STANDS, Was, what_it_was
from web.events.words import days_late, instead_of, summary_due
from web.site.frames import public
from web.site.languages.names import ANOTHER, language_name

# Ways to stand in which a wish to be reminded means something.
_MAY_COME = (RsvpStanding.CONFIRMED, RsvpStanding.OFFERED, RsvpStanding.WAITLISTED)


@dataclass(frozen=True, slots=True)
class ShownRsvp:
    """position: in the queue, from 1. reminders: instants still to come. offers_reminder: whether one would be sent.
    summary_due: a day at the venue.

    summary_is_out: what was heard can be read. instead: another meeting, for one that is called off.
    """

    event_stands: EventStanding
    stands: RsvpStanding
    position: int | None
    needs: Sequence[AccessRequest]
    reminders: Sequence[dt.datetime]
    offers_reminder: bool
    summary_due: dt.date
    summary_is_out: bool
    instead: Another | None
    # By staff, with many others that came from one connection.
    taken_back: bool = False


def show_rsvp(reach: Reach, *, now: dt.datetime) -> ShownRsvp:
    """At most four queries; changes nothing."""
    rsvp, event = reach.rsvp, reach.rsvp.event
    event_stands = standing_of(event, now)
    stands = rsvp_standing_of(rsvp, came=reach.came)
    can_be_reminded = rsvp.email_contact_id is not None and stands in _MAY_COME and event_stands.is_ahead
    times = reminder_times(event, since=max(now, rsvp.confirmed_at or now)) if can_be_reminded else []
    reminded = rsvp.remind == Remind.EMAIL and stands is RsvpStanding.CONFIRMED
    due = local_day(event.timezone, event.ends_at) + dt.timedelta(days=event.agency.summary_due_days)
    off = event_stands is EventStanding.CANCELLED
    return ShownRsvp(
        event_stands,
        stands,
        position_of(rsvp),
        needs_of(rsvp),
        times if reminded else (),
        bool(times),
        due,
        event_stands.is_over and first_published(event) is not None,
        next_with_seats(event, now=now) if off else None,
        was_taken_back(rsvp),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happens next. at: for the order; done: it has happened."""

    at: dt.datetime | dt.date
    when: str
    what: str
    done: bool = False


def show(
    request: HttpRequest, template: str, reach: Reach, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return public.show(request, template, reach.rsvp.event.agency, context, nav="events", status=status)


def about(reach: Reach, token: str, *, now: dt.datetime, private: bool = False) -> dict[str, Any]:
    """A discreet meeting's title stays away from a screen that others may see. private: of the calendar's entry."""
    rsvp, event = reach.rsvp, reach.rsvp.event
    shown = show_rsvp(reach, now=now)
    came_back = came_back_on(reach, now=now)
    facts = facts_of(event, was=_before_it_moved(shown, rsvp, now))
    if event.discreet:
        facts["title"] = _("Your place")
    return facts | _how_it_stands(shown, rsvp, now) | {
        "reach": reach,
        "token": token,
        "new": False,
        "manages": reach.purpose in MANAGING,
        "rsvp": rsvp,
        "shown": shown,
        "position": shown.position,
        "offer_until": moment_of(event, rsvp.offer_expires_at),
        # To the meeting's own page, which a discreet meeting's place does not name, and which not every meeting has.
        "leads_on": not event.discreet and event.audience == Audience.PUBLIC,
        "written_to": written_to(rsvp),
        "written_to_masked": masked(written_to(rsvp)),
        # Of this place alone, whatever more the link in hand reaches: it is copied and sent about.
        "own_url": own_url(rsvp),
        "came_back_on": day_in_words(local_day(event.timezone, came_back)) if came_back else "",
        "code": spaced(rsvp.checkin_code),
        "qr": code_address(rsvp.checkin_code),
        "calendars": calendar_links(event, file=_calendar_file(rsvp), private=private),
        "needs": [_need(request) for request in shown.needs],
        "steps": _steps(rsvp, event, shown, now=now),
    }  # fmt: skip


def own_url(rsvp: Rsvp) -> str:
    return f"{settings.PUBLIC_URL}/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"


def _calendar_file(rsvp: Rsvp) -> str:
    return reverse("rsvp_calendar", args=[mint(Purpose.CALENDAR, rsvp.pk, rsvp.link_version)])


def _how_it_stands(shown: ShownRsvp, rsvp: Rsvp, now: dt.datetime) -> dict[str, Any]:
    """What every part of the page goes by. open: something can still be changed; has_code, joining: how one comes in."""
    event, stands = rsvp.event, shown.stands
    came = stands is RsvpStanding.CAME
    open_ = takes_people(event, now)
    seated = stands is RsvpStanding.CONFIRMED and open_
    instead = shown.instead
    return {
        "stands": stands.stands,
        "waits": stands is RsvpStanding.WAITLISTED,
        "offered": stands is RsvpStanding.OFFERED,
        "came": came,
        "is_on": shown.event_stands is EventStanding.LIVE,
        "over": shown.event_stands.is_over,
        "open": open_,
        "changes": open_ and stands.stands and not came,
        "has_seat": seated,
        "has_code": has_code(rsvp, came=came, now=now),
        "join_link": joining_link(rsvp, now),
        "joins": seated and event.format != EventFormat.IN_PERSON and bool(event.online_url),
        "joins_from": moment_of(event, joins_from(event)),
        "room_too_small": can_never_be_seated(event, rsvp),
        "may_come": may_come_all_the_same(rsvp) and event.format != EventFormat.ONLINE,
        "is_the_day": local_day(event.timezone, now) >= event.local_starts_at.date(),
        "held_for": _held_for(rsvp, now) if stands is RsvpStanding.WAITLISTED and open_ else "",
        "instead": instead_of(instead, now=now) if instead and not instead.event.discreet else None,
        "summary_due": summary_due(event),
        "summary_is_late": days_late(event, now),
    }


def _before_it_moved(shown: ShownRsvp, rsvp: Rsvp, now: dt.datetime) -> Was:
    was = moved_since_kept(rsvp, rsvp.event, shown.stands, now)
    return STANDS if was is None else what_it_was(rsvp.event, was, now)


def _held_for(rsvp: Rsvp, now: dt.datetime) -> str:
    """How long a place that comes free is held for whoever waits."""
    event = rsvp.event
    if not can_be_asked(rsvp):
        return _("A place that comes free is yours at once: look at this page again.")
    hours = hours_offered(event, now)
    if hours is None:
        return _("A place that comes free now is yours at once. We write to you then; this page says so too.")
    words = ngettext(
        "When one is free, we write to you and keep it for you for about %(hours)d hour. This page says so too.",
        "When one is free, we write to you and keep it for you for about %(hours)d hours. This page says so too.",
        hours,
    )
    return words % {"hours": hours}


def spaced(code: str) -> str:
    """In two halves, as people read it aloud."""
    return f"{code[:5]} {code[5:]}".strip()


def _need(request: AccessRequest) -> dict[str, Any]:
    """What was asked for, how that stands, and what staff said about it."""
    words = {
        NeedStatus.ASKED: _("You asked for it. We tell you what we could arrange."),
        NeedStatus.ARRANGING: _("We are arranging it."),
        NeedStatus.ARRANGED: _("It is arranged."),
        NeedStatus.MET: _("It was there."),
        NeedStatus.NOT_MET: _("We could not arrange it."),
    }
    named = request.language not in {"", ANOTHER}
    return {
        "what": request.get_kind_display(),
        "language": language_name(request.language) if named else "",
        "how": words[NeedStatus(request.status)],
        "outcome": request.outcome,
    }


def _steps(rsvp: Rsvp, event: Event, shown: ShownRsvp, *, now: dt.datetime) -> list[Step]:
    """Only what the software does, or what the agency's settings say."""
    if not shown.stands.stands or shown.event_stands is EventStanding.CANCELLED:
        return _the_end(rsvp, event, now)
    today, over = local_day(event.timezone, now), shown.event_stands.is_over
    saved = local_day(event.timezone, rsvp.created_at)
    steps = [Step(saved, _when(saved, today), _first(shown.stands), done=True)]
    steps += [] if over else _before(rsvp, event, shown, today)
    day = event.local_starts_at.date()
    came = shown.stands is RsvpStanding.CAME
    steps.append(Step(day, _when(day, today), _the_day(shown.stands, event, over=over), done=over or came))
    if not event.imported:
        steps.append(
            Step(
                shown.summary_due,
                _("By {day}").format(day=day_in_words(shown.summary_due)),
                _("What we heard and what we promised was due on this day. It is not there yet.")
                if shown.summary_due < today and not shown.summary_is_out
                else _("We publish what we heard and what we promised."),
                done=shown.summary_is_out,
            )
        )
    return [*steps, *_the_end(rsvp, event, now)]


def _before(rsvp: Rsvp, event: Event, shown: ShownRsvp, today: dt.date) -> list[Step]:
    steps = []
    deadline = event.access_deadline_on
    asks = shown.stands in {RsvpStanding.CONFIRMED, RsvpStanding.WAITLISTED}
    if deadline is not None and deadline >= today and asks:
        by = _("By {day}").format(day=day_in_words(deadline))
        steps.append(Step(deadline, by, _("Tell us here if you need an interpreter or something else.")))
    for moment in shown.reminders:
        day = local_day(event.timezone, moment)
        steps.append(Step(day, moment_of(event, moment), _("We remind you by email.")))
    return sorted(steps, key=lambda step: step.at)


def _first(stands: RsvpStanding) -> str:
    return _("Your place is saved.") if stands.has_seat else _("You joined the waitlist.")


def _the_day(stands: RsvpStanding, event: Event, *, over: bool) -> str:
    if stands is RsvpStanding.CAME:
        return _("The meeting. You came.")
    if over or stands is not RsvpStanding.CONFIRMED:
        return _("The meeting.")
    if event.format == EventFormat.ONLINE:
        return _("The meeting. Join by the button on this page.")
    return _("The meeting. Show or say your code at the door.")


def _the_end(rsvp: Rsvp, event: Event, now: dt.datetime) -> list[Step]:
    if rsvp.erase_after is None:
        return []
    gone = local_day(event.timezone, rsvp.erase_after)
    what = _("We delete your place.")
    if rsvp.email_contact_id:
        what = _("We delete your place and your email address.")
    return [Step(gone, _when(gone, local_day(event.timezone, now)), what)]


def _when(day: dt.date, today: dt.date) -> str:
    return _("Today") if day == today else day_in_words(day)
