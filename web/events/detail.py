"""One public meeting: when, where, what for, what people asked, and a form that saves a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from engage.agencies.languages import Worded
from engage.local_time import local_day
from engage.refusals import Unknown
from events.event.directions import directions_to
from events.event.models import Event, EventFormat
from events.event.short_addresses import short_address
from events.event.standing import is_off
from events.event.when import day_in_words, days_of, doors_of, hours_of, moment_of, start_of, when_of
from events.planning.models import AgendaItem
from events.rsvps.needs.models import NeedKind
from events.rsvps.parties import room_of
from events.rsvps.rules import link_for_everybody
from outreach.reminders.reading import reminder_times
from web.commitments.words import standing_of
from web.events.calendar_links import calendar_links, wants_private
from web.events.cards import card_of
from web.events.in_the_hall import hall_of
from web.events.last_time import in_words
from web.events.reading import ShownEvent, show_event
from web.events.rsvp_form import SaveRsvp
from web.events.standing_words import (
    STANDS,
    Was,
    bar_of,
    before_it_moved,
    held_for,
    held_in_words,
    may_still_walk_in,
    seat_line,
    welcomes,
)
from web.events.structured_data import json_ld
from web.events.words import (
    agenda_of,
    days_late,
    description_of,
    getting_there,
    instead_of,
    offered,
    outside_name_of,
    run_by,
    summary_due,
)
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page, show
from web.site.languages.addresses import address_of
from web.site.languages.names import named
from web.site.pictures import shown_outside

# Of a description, what may stand before when and where.
_LONGEST_LEDE: Final = 280
_LINES_OF_A_LEDE: Final = 4


@public_page
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """404 for drafts and for what is not for everyone."""
    now = timezone.now()
    try:
        shown = show_event(event_id, now=now)
    except Unknown:
        raise Http404 from None
    form = SaveRsvp(shown.event) if shown.taking and shown.taking.saves else None
    context = about(shown, form, now=now) | {"hall": hall_of(request, shown.event, now=now)}
    if wants_private(request):
        file = reverse("invite", args=[event_id])
        context["calendars"] = calendar_links(shown.event, file=file, private=True)
    return show(request, "events/detail.html", shown.event.agency, context, nav="events")


def about(shown: ShownEvent, form: SaveRsvp | None, *, now: dt.datetime) -> dict[str, Any]:
    """Everything that the page says, with an empty form or with one to be mended."""
    event = shown.event
    short = short_address(event) or f"{settings.PUBLIC_URL}{address_of('event', event_id=event.pk)}"
    return (
        facts_of(event, was=before_it_moved(event, now))
        | {
            "shown": shown,
            "agenda": _points(event, shown.agenda, now),
            "last_time": in_words(event, shown.last_time, now=now),
            "form": form,
            # A page that a browser may keep holds no key of ours.
            "key": "",
            "again": False,
            "reminds": form is not None and bool(reminder_times(event, since=now)),
            "standing": shown.standing.value,
            "taking": shown.taking.value if shown.taking else "",
            "queues": shown.taking is not None and shown.taking.queues,
            "is_over": shown.standing.is_over,
            "held": held_in_words(event),
            "why_full": room_of(event).why_none(),
            "held_for": held_for(event, now),
            "seat_line": seat_line(event, shown.taking),
            "may_walk_in": may_still_walk_in(event),
            "welcomes": welcomes(event, shown.taking),
            "bar": bar_of(event, now=now),
            "opens": moment_of(event, event.rsvp_opens_at),
            "pledges": shown.pledges,
            "instead": instead_of(shown.instead, now=now) if shown.instead else None,
            "summary_due": summary_due(event),
            "summary_is_late": days_late(event, now),
            "structured": _structured(event, now),
            "sticky_when": start_of(event, now=now),
            "short_address": short,
            "calendars": calendar_links(event, file=reverse("invite", args=[event.pk])),
            "typed": short.split("://", 1)[1],
        }
        | shown_outside(card_of(event, now), "event_picture", event_id=event.pk)
    )


def _points(event: Event, items: Sequence[AgendaItem], now: dt.datetime) -> list[dict[str, Any]]:
    """One that reports on a promise says which, and how it stands; a draft is for staff alone."""
    today = local_day(event.agency.timezone, now)
    return [
        {
            "title": point.title,
            "minutes": point.minutes,
            "number": item.commitment.number if item.commitment else None,
            "standing": standing_of(item.commitment, today)
            if item.commitment and not item.commitment.draft
            else None,
        }
        for point, item in zip(agenda_of(event, items), items, strict=True)
    ]


def facts_of(event: Event, *, was: Was = STANDS) -> dict[str, Any]:
    """What every page about a meeting says of it. was: what this reader was told before it moved."""
    deadline = event.access_deadline_on
    description = description_of(event)
    lede, more = _in_two(event, description)
    return {
        "event": event,
        "title": title_of(event),
        "outside": outside_name_of(event),
        "lede": Worded(lede, description.language),
        "more_told": Worded(more, description.language),
        "day": days_of(event),
        "hours": hours_of(event),
        "when": when_of(event),
        "was": was,
        "is_off": is_off(event),
        "doors": doors_of(event),
        "way": directions_to(event),
        "languages": named(event.languages),
        "offered": offered(event),
        "has_interpreter": NeedKind.INTERPRETER in event.access_offered,
        "deadline": day_in_words(deadline) if deadline else "",
        "deadline_is_over": deadline is not None and deadline < local_day(event.timezone, timezone.now()),
        "is_online": event.format == EventFormat.ONLINE,
        "joins_online": event.format != EventFormat.IN_PERSON,
        "join_link": link_for_everybody(event),
        "run_by": run_by(event),
        "getting_there": getting_there(event),
    }


def _in_two(event: Event, description: str) -> tuple[str, str]:
    """What it is about in a few lines, before the facts, and all else, which stands behind them."""
    told = description.replace("\r\n", "\n").strip()
    lede, _blank, more = told.partition("\n\n")
    if lede.strip() == title_of(event):
        # Many imported notices say their title twice.
        return "", more
    if len(lede) > _LONGEST_LEDE or lede.count("\n") >= _LINES_OF_A_LEDE:
        return "", told
    return lede, more


def _structured(event: Event, now: dt.datetime) -> str:
    """For search engines, which keep what they read: nothing of a discreet meeting."""
    if event.discreet:
        return ""
    return json_ld(
        event,
        now=now,
        title=title_of(event),
        description=description_of(event),
        address=address_of("event", event_id=event.pk),
    )
