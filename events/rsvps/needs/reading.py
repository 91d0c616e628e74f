"""What people need at an event, as the staff work on it: by kind with its state, and each request with its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, QuerySet, When

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.readings.models import ContactRead, ReadPurpose
from engage.readings.recording import SecondPersonNeeded, record_read, rsvps_read
from engage.refusals import Unknown
from engage.roles.answering import with_owner
from engage.roles.models import Role
from events.event.models import Event
from events.rsvps.needs.asking import detail_of
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus

PAGE: Final = 100


@dataclass(slots=True)
class KindOfNeed:
    """All requests of one kind, and of one language where it is an interpreter. by_status: how many in each state."""

    kind: str
    language: str
    number: int = 0
    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(NeedKind(self.kind).label)

    @property
    def settled(self) -> int:
        return self.by_status.get(NeedStatus.ARRANGED, 0) + self.by_status.get(NeedStatus.MET, 0)

    @property
    def refused(self) -> int:
        return self.by_status.get(NeedStatus.NOT_MET, 0)

    @property
    def in_hand(self) -> int:
        return self.by_status.get(NeedStatus.ARRANGING, 0)


@dataclass(frozen=True, slots=True)
class NeedPage:
    """Requests, what is still to do first. next: how many to skip for the rest, None at the end."""

    requests: list[AccessRequest]
    next: int | None


def kinds_of_need(event: Event) -> list[KindOfNeed]:
    """The most asked for first. One query."""
    rows = AccessRequest.objects.filter(event=event).values("kind", "language", "status").order_by()
    kinds: dict[tuple[str, str], KindOfNeed] = {}
    for row in rows.annotate(number=Count("pk")):
        key = row["kind"], row["language"]
        kind = kinds.setdefault(key, KindOfNeed(*key))
        kind.number += row["number"]
        kind.by_status[row["status"]] = row["number"]
    return sorted(kinds.values(), key=lambda kind: (-kind.number, kind.kind, kind.language))


def list_needs(event: Event, *, kind: str = "", skip: int = 0) -> NeedPage:
    """Asked, being arranged, then what is settled; within each the first due first. One query."""
    found = with_owner(AccessRequest.objects.filter(event=event))
    if kind in NeedKind.values:
        found = found.filter(kind=kind)
    states = [When(status=status, then=number) for number, status in enumerate(NeedStatus.values)]
    order = (Case(*states, output_field=IntegerField()), F("needed_by").asc(nulls_last=True), "pk")
    rows = list(found.order_by(*order)[skip : skip + PAGE + 1])
    return NeedPage(rows[:PAGE], skip + PAGE if len(rows) > PAGE else None)


def need_of(event: Event, request_id: UUID) -> AccessRequest:
    """Raises Unknown."""
    found = with_owner(
        AccessRequest.objects.filter(event=event, pk=request_id).select_related("rsvp")
    ).first()
    if found is None:
        raise Unknown
    return found


def detail_for(request: AccessRequest, reader: Person, *, now: dt.datetime) -> str | None:
    """The resident's own words, for whoever arranges it; None for anybody else. As ``details_for``."""
    return details_for([request], reader, now=now).get(request.pk)


def details_for(requests: Iterable[AccessRequest], reader: Person, *, now: dt.datetime) -> dict[UUID, str]:
    """The words beside those of these needs that the reader arranges. The only way for staff to read any.

    The first look at an RSVP's is on the record, and the resident's page names the reader from then on. Left out, too, is
    what would be more than one person may read in an hour. One query, however many there are, and one more for each new look.
    """
    mine = [one for one in requests if one.owner_now_id == reader.pk]
    sealed = {one.rsvp_id for one in mine if one.sealed_detail is not None}
    what = ContactRead.What.NEED
    known = rsvps_read(reader, what=what, rsvp_ids=sealed) if sealed else set()
    found: dict[UUID, str] = {}
    for one in mine:
        if one.rsvp_id in sealed - known:
            try:
                record_read(
                    reader,
                    agency=one.agency,
                    what=what,
                    purpose=ReadPurpose.ARRANGE_NEED,
                    event_id=one.event_id,
                    rsvp_id=one.rsvp_id,
                    now=now,
                )
            except SecondPersonNeeded:
                continue
            known.add(one.rsvp_id)
        found[one.pk] = detail_of(one)
    return found


def may_arrange(agency: Agency) -> QuerySet[Person]:
    """Who of the staff can be named to arrange something."""
    people = Person.objects.filter(
        pk__in=Role.objects.standing().filter(agency=agency, kind=Role.Kind.LIAISON).values("person_id")
    )
    return people.order_by("name", "email")
