"""Meetings that somebody who leaves has planned, and that are not reported on yet: on whose board they stand from now on."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import ngettext

from engage.activity.recording import record_all
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.roles.answering import names
from engage.roles.handing_over import Kind
from events.event.models import Event, EventStatus
from events.rsvps.needs.reading import may_arrange

_STILL_WORK: Final = (EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.LIVE, EventStatus.ENDED)


def _theirs(agency: Agency, person: Person) -> QuerySet[Event]:
    return Event.objects.filter(names(person.pk, "created_by"), agency=agency, status__in=_STILL_WORK)


def _said(number: int) -> str:
    words = ngettext("%(number)d meeting that they planned", "%(number)d meetings that they planned", number)
    return words % {"number": number}


def _give(agency: Agency, person: Person, to: Person, actor: Person | None, now: dt.datetime) -> int:
    """Three statements. Who planned it first stands on the record."""
    held = list(
        _theirs(agency, person)
        .select_for_update(no_key=True, of=("self",))
        .only("pk", "agency_id")
        .order_by("pk")
    )
    Event.objects.filter(pk__in=[one.pk for one in held]).update(created_by=to)
    record_all("event.handed_over", held, actor=actor, data={"to": str(to.pk)}, at=now)
    return len(held)


OF_EVENTS: Final = Kind(
    code="events",
    pointer="events.Event created_by",
    theirs=_theirs,
    said=_said,
    may_take=may_arrange,
    give=_give,
)
