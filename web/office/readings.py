"""Who of the staff read names and addresses: for whoever answers for it, without a word about the residents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from engage.database.ids import id_in
from engage.people.models import Person
from engage.readings.granting import requests_of
from engage.readings.models import ContactRead
from engage.readings.recording import purpose_in_words
from events.event.models import Event
from web.site.frames.staff import Desk, desk_page, show
from web.site.languages.dates import moment_in_words

PAGE: Final = 50
SUMMED_UP: Final = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ReaderSum:
    """What one person has read lately. readings: looks; shown: places in them."""

    reader: Person
    readings: int
    shown: int


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """One page, the newest first. next: the id to go on from, None at the end."""

    readings: list[ContactRead]
    next: UUID | None


def readings_of(agency: Agency) -> QuerySet[ContactRead]:
    """All of them, without whose: no place and no contact is in what is shown of them."""
    return ContactRead.objects.filter(agency=agency).select_related("reader").defer("contact_ids", "rsvp_id")


def page_of_readings(agency: Agency, *, before: UUID | None = None) -> ReadingPage:
    """One query. UUIDv7 are in order of time."""
    found = readings_of(agency)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return ReadingPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def readers_lately(agency: Agency, *, now: dt.datetime) -> list[ReaderSum]:
    """Of the last thirty days, who has read most first. Two queries."""
    lately = ContactRead.objects.filter(agency=agency, at__gt=now - SUMMED_UP).order_by()
    sums = lately.values("reader").annotate(readings=Count("pk"), places=Sum("shown"))
    people = Person.objects.in_bulk([row["reader"] for row in sums])
    found = [ReaderSum(people[row["reader"]], row["readings"], row["places"]) for row in sums]
    return sorted(found, key=lambda one: (-one.shown, str(one.reader)))


@desk_page("admin")
def readings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By reader of the last thirty days, then each: who, of which event, how many, what for, when. Paged."""
    before = request.GET.get("before", "")
    page = page_of_readings(desk.agency, before=id_in(before) if before else None)
    titles = dict(
        Event.objects.filter(agency=desk.agency, pk__in={one.event_id for one in page.readings}).values_list(
            "pk", "title"
        )
    )
    waiting = [one for one in requests_of(desk.agency, now=desk.now) if one.granted_at is None]
    context = {
        "sums": readers_lately(desk.agency, now=desk.now),
        "rows": [_row(desk, one, titles) for one in page.readings],
        "next": page.next,
        "waiting": len(waiting),
    }
    return show(request, "office/readings.html", desk, context, nav="office")


def _row(desk: Desk, one: ContactRead, titles: dict[UUID, str]) -> dict[str, Any]:
    return {
        "reading": one,
        "event": titles.get(one.event_id, "") if one.event_id else "",
        "what": _kinds()[one.what],
        "purpose": purpose_in_words(one.purpose),
        "when": moment_in_words(one.at, desk.agency.timezone),
    }


def _kinds() -> dict[str, str]:
    return {
        ContactRead.What.REVEAL.value: _("One name and address"),
        ContactRead.What.LIST.value: _("A page of the list, with names"),
        ContactRead.What.DOOR.value: _("The list at the door"),
        ContactRead.What.NEED.value: _("The words beside a need"),
        ContactRead.What.FLOOD.value: _("That many places came from one connection"),
        ContactRead.What.UNDONE.value: _("Many places of one connection, cancelled"),
    }
