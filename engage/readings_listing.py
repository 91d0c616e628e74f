"""The readings of names and addresses for whoever answers for them: who, of which event, how many, what for, when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from engage.models import Agency, ContactRead, Person

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
