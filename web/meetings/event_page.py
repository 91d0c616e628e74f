"""One public meeting: when, where, what for, what people asked, and a form that saves a place."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agency_time import local_day
from engage.rule_violation import Unknown
from events.joining_online import link_for_everybody
from events.models import Event, EventFormat
from events.taking_places import Taking, seats_left
from outreach.meeting_showing import ShownMeeting, show_meeting
from web.dates_in_words import day_in_words, moment_in_words, when_in_words
from web.forms.save_place import SavePlace
from web.language_names import named
from web.languages import address_of
from web.meetings.in_the_hall import hall_of
from web.meetings.meeting_words import (
    clock,
    day_without_year,
    description_of,
    doors_of,
    hours_of,
    map_of,
    offered,
    outside_name_of,
    row_of,
    title_of,
    zone_of,
)
from web.meetings.structured_data import json_ld
from web.public_pages import public_page, show

_TAKES = frozenset({Taking.OPEN, Taking.FULL})


@public_page
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """404 for drafts and for what is not for everyone."""
    now = timezone.now()
    try:
        shown = show_meeting(event_id, now=now)
    except Unknown:
        raise Http404 from None
    form = SavePlace(shown.event.agency) if shown.taking in _TAKES else None
    context = about(shown, form, now=now) | {"hall": hall_of(request, shown.event, now=now)}
    return show(request, "events/detail.html", shown.event.agency, context, nav="meetings")


def about(shown: ShownMeeting, form: SavePlace | None, *, now: dt.datetime) -> dict[str, Any]:
    """Everything that the page says, with an empty form or with one to be mended."""
    meeting = shown.event
    return facts_of(meeting) | {
        "shown": shown,
        "form": form,
        "state": shown.taking.value,
        "seat_line": _seat_line(meeting, shown.taking),
        "opens": moment_in_words(meeting.rsvp_opens_at, meeting.timezone),
        "pledges": shown.pledges,
        "instead": row_of(shown.instead, now=now) if shown.instead else None,
        "summary_due": _summary_due(meeting),
        "summary_is_late": _days_late(meeting, now),
        "structured": _structured(meeting),
        "sticky_when": _("{day}, {time}").format(
            day=day_without_year(meeting.local_starts_at, now), time=clock(meeting.local_starts_at)
        ),
    }


def facts_of(meeting: Event) -> dict[str, Any]:
    """What every page about a meeting says of it."""
    deadline = meeting.access_deadline_on
    lede, _blank, more = description_of(meeting).replace("\r\n", "\n").partition("\n\n")
    if lede.strip() == title_of(meeting):
        # Many imported notices say their title twice.
        lede = ""
    return {
        "event": meeting,
        "title": title_of(meeting),
        "outside": outside_name_of(meeting),
        "lede": lede,
        "more_told": more,
        "day": day_in_words(meeting.local_starts_at),
        "hours": hours_of(meeting),
        "when": when_in_words(meeting),
        "doors": doors_of(meeting),
        "zone": zone_of(meeting),
        "map": map_of(meeting),
        "languages": named(meeting.languages),
        "offered": offered(meeting),
        "deadline": day_in_words(deadline) if deadline else "",
        "is_online": meeting.format == EventFormat.ONLINE,
        "joins_online": meeting.format != EventFormat.IN_PERSON,
        "join_link": link_for_everybody(meeting),
        "getting_there": meeting.getting_there or (meeting.venue.getting_there if meeting.venue else ""),
    }


def _structured(meeting: Event) -> str:
    """For search engines, which keep what they read: nothing of a discreet meeting."""
    if meeting.discreet:
        return ""
    return json_ld(
        meeting,
        title=title_of(meeting),
        description=description_of(meeting),
        address=address_of("event", event_id=meeting.pk),
    )


def _seat_line(meeting: Event, state: Taking) -> str:
    if state is Taking.FULL:
        if not meeting.waiting:
            return _("Nobody waits yet.")
        ahead = ngettext(
            "%(many)d party waits before you.", "%(many)d parties wait before you.", meeting.waiting
        )
        return ahead % {"many": meeting.waiting}
    left = seats_left(meeting)
    if left is None:
        return _("There is room for everyone.")
    words = ngettext("%(left)d of %(all)d places left.", "%(left)d of %(all)d places left.", left)
    return words % {"left": left, "all": meeting.capacity}


def _summary_due(meeting: Event) -> str:
    return day_in_words(_due(meeting))


def _days_late(meeting: Event, now: dt.datetime) -> int:
    """Days since the summary was due. History that was imported promised none."""
    if meeting.imported:
        return 0
    return max(0, (local_day(meeting.timezone, now) - _due(meeting)).days)


def _due(meeting: Event) -> dt.date:
    return meeting.local_ends_at.date() + dt.timedelta(days=meeting.agency.summary_due_days)
