"""Finding a meeting: what is ahead and what is over, page by page along the index, by where, language, kind and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from engage.agencies.models import Agency, Community
from engage.paging import Slice, slice_of
from events.event.models import Event, EventFormat, EventKind
from events.event.permissions import public_events
from events.event.standing import EventStanding, people_may_come, shown_as_ahead, standings
from events.rsvps.needs.models import NeedKind

# A meeting that began longer ago than this is over; it bounds what is read of the past.
LONGEST_EVENT: Final = dt.timedelta(days=366)
MOST_NEIGHBORHOODS: Final = 300
MOST_COMMUNITIES: Final = 500
_DAY: Final = dt.timedelta(days=1)
_UNREAD: Final = ("vevent", "source_key", "source_digest")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty is not asked about.

    near: a community. online: with a link to join by. language: spoken there (a code), or ``sign_language``.
    since, until: days on the meeting's own calendar, both included; of one that lasts several days any will do.
    """

    near: UUID | None = None
    online: bool = False
    language: str = ""
    kind: str = ""
    focus_area: str = ""
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def __bool__(self) -> bool:
        return self != _ANYTHING


_ANYTHING: Final = Search()


class Near(IntEnum):
    """How another meeting is near to one, the nearest first."""

    DIALOGUE = 0
    KIND = 1
    COMMUNITY = 2
    ANY = 3


@dataclass(frozen=True, slots=True)
class Another:
    """A meeting to go to instead, and what it has to do with the one that somebody wanted."""

    event: Event
    near: Near


def how_many(agency: Agency, search: Search, *, past: bool, now: dt.datetime) -> int:
    """As many as all pages of ``ahead``, or of ``over``, show together. One query."""
    rows = _found(agency, search)
    return (_over(rows, now) if past else _ahead(rows, now)).count()


# An ``after`` that nobody gave out is the beginning: an old link still shows the meetings.
def ahead(
    agency: Agency, search: Search, *, now: dt.datetime, after: str = "", most: int = 20
) -> Slice[Event]:
    """What is on or to come, the nearest first; those called off are shown as such. One query."""
    rows = _ahead(_found(agency, search), now)
    return _of(agency, slice_of(rows, ("starts_at", "pk"), size=most, after=after, refused=None))


def over(
    agency: Agency, search: Search, *, now: dt.datetime, after: str = "", most: int = 20
) -> Slice[Event]:
    """What has been, the latest first. One query."""
    rows = _over(_found(agency, search), now)
    return _of(agency, slice_of(rows, ("-starts_at", "-pk"), size=most, after=after, refused=None))


def next_with_seats(event: Event, *, now: dt.datetime) -> Another | None:
    """For who found this one full or called off: the meeting of its agency that takes people and is nearest to it. One query.

    The page of a discreet meeting alone, which is kept by nothing, leads to one that is discreet.
    """
    stands = standings(now)
    takes = stands[EventStanding.OPEN] | stands[EventStanding.WALK_IN]
    rows: QuerySet[Any] = _found(event.agency, Search()).filter(takes).exclude(pk=event.pk)
    if not event.discreet:
        rows = rows.filter(discreet=False)
    found = rows.annotate(near=_nearness(event)).order_by("near", "starts_at", "pk").first()
    if found is None:
        return None
    found.agency = event.agency
    return Another(found, Near(found.near))


def _nearness(event: Event) -> Case:
    """Whoever wanted to come to this one wants the next of its conversation, or of its kind, or for where they live."""
    members = Event.communities.through.objects
    same_people = members.filter(
        event=OuterRef("pk"), community__in=members.filter(event=event).values("community")
    )
    nearer = [When(Exists(same_people), then=Value(Near.COMMUNITY))]
    if event.kind != EventKind.OTHER:
        nearer.insert(0, When(kind=event.kind, then=Value(Near.KIND)))
    if event.dialogue_id is not None:
        nearer.insert(0, When(dialogue=event.dialogue_id, then=Value(Near.DIALOGUE)))
    return Case(*nearer, default=Value(Near.ANY), output_field=IntegerField())


def communities(agency: Agency) -> list[Community]:
    """Of every kind, by kind and name. One query."""
    return list(Community.objects.filter(agency=agency).order_by("kind", "name", "pk")[:MOST_COMMUNITIES])


def next_anywhere(agencies: Collection[UUID], *, now: dt.datetime, most: int) -> list[Event]:
    """What people may come to at any of these agencies, the nearest first, each with its agency; nothing discreet. One query."""
    rows = public_events().filter(people_may_come(now), starts_at__gt=now - LONGEST_EVENT)
    rows = rows.filter(agency__in=agencies, discreet=False).select_related("agency", "venue")
    return list(rows.defer(*_UNREAD).order_by("starts_at", "pk")[:most])


def neighborhoods(agency: Agency) -> list[Community]:
    """By name. One query."""
    kept = Community.objects.filter(agency=agency, kind=Community.Kind.NEIGHBORHOOD).order_by("name", "pk")
    return list(kept[:MOST_NEIGHBORHOODS])


def _found(agency: Agency, search: Search) -> QuerySet[Event]:
    rows = public_events().filter(agency=agency).select_related("venue").defer(*_UNREAD)
    if search.near is not None:
        members = Event.communities.through.objects.filter(community_id=search.near)
        rows = rows.filter(pk__in=members.values("event_id"))
    if search.online:
        rows = rows.filter(format__in=[EventFormat.ONLINE, EventFormat.HYBRID])
    if search.language == NeedKind.SIGN_LANGUAGE:
        rows = rows.filter(access_offered__contains=[NeedKind.SIGN_LANGUAGE])
    elif search.language:
        rows = rows.filter(languages__contains=[search.language])
    if search.kind:
        rows = rows.filter(kind=search.kind)
    if search.focus_area:
        rows = rows.filter(focus_area=search.focus_area)
    if search.words:
        rows = rows.filter(Q(title__icontains=search.words) | Q(venue__name__icontains=search.words))
    return rows.filter(_on_days(search))


def _on_days(search: Search) -> Q:
    """Beside each bound on the wall's clock a wide one on the instant, which the index of the list can use."""
    rows = Q()
    if search.since is not None:
        morning = dt.datetime.combine(search.since, dt.time())
        rows &= Q(local_ends_at__gt=morning, starts_at__gt=morning.replace(tzinfo=dt.UTC) - LONGEST_EVENT)
    if search.until is not None:
        night = dt.datetime.combine(search.until, dt.time()) + _DAY
        rows &= Q(local_starts_at__lt=night, starts_at__lt=night.replace(tzinfo=dt.UTC) + _DAY)
    return rows


def _ahead(rows: QuerySet[Event], now: dt.datetime) -> QuerySet[Event]:
    return rows.filter(shown_as_ahead(now), starts_at__gt=now - LONGEST_EVENT)


def _over(rows: QuerySet[Event], now: dt.datetime) -> QuerySet[Event]:
    return rows.filter(~shown_as_ahead(now), starts_at__lte=now)


def _of(agency: Agency, found: Slice[Event]) -> Slice[Event]:
    for event in [*found.rows, found.first_after]:
        if event is not None:
            event.agency = agency
    return found
