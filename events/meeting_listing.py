"""Finding a meeting: what is ahead and what is over, page by page along the index, by where, language, kind and words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from engage.models import Agency, Community
from events.access import public_events
from events.models import AccessKind, Event, EventFormat, EventStatus, RsvpMode

# A meeting that began longer ago than this is over; it bounds what is read of the past.
LONGEST_MEETING: Final = dt.timedelta(days=366)
MOST_NEIGHBORHOODS: Final = 300
_UNREAD: Final = ("vevent", "source_key", "source_digest")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty is not asked about.

    near: a community. online: with a link to join by. language: spoken there (a code), or ``sign_language``.
    """

    near: UUID | None = None
    online: bool = False
    language: str = ""
    kind: str = ""
    focus_area: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.near or self.online or self.language or self.kind or self.focus_area or self.words)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of the list ended."""

    starts_at: dt.datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Page:
    """meetings: with their place. more: where the next page begins after; None at the end."""

    meetings: list[Event]
    more: Mark | None


def ahead(
    agency: Agency, search: Search, *, now: dt.datetime, after: Mark | None = None, most: int = 20
) -> Page:
    """What is on or to come, the nearest first; those called off are shown as such. One query."""
    rows = _found(agency, search).filter(_ahead(now), starts_at__gt=now - LONGEST_MEETING)
    if after is not None:
        rows = rows.filter(Q(starts_at__gt=after.starts_at) | Q(starts_at=after.starts_at, pk__gt=after.id))
        rows = rows.filter(starts_at__gte=after.starts_at)
    return _page(agency, rows.order_by("starts_at", "pk"), most)


def over(
    agency: Agency, search: Search, *, now: dt.datetime, after: Mark | None = None, most: int = 20
) -> Page:
    """What has been, the latest first. One query."""
    rows = _found(agency, search).filter(~_ahead(now), starts_at__lte=now)
    if after is not None:
        rows = rows.filter(Q(starts_at__lt=after.starts_at) | Q(starts_at=after.starts_at, pk__lt=after.id))
        rows = rows.filter(starts_at__lte=after.starts_at)
    return _page(agency, rows.order_by("-starts_at", "-pk"), most)


def next_with_seats(event: Event, *, now: dt.datetime) -> Event | None:
    """Another meeting of the same agency that takes people, for who found this one full. One query."""
    free = Q(capacity=None) | Q(capacity__gt=F("seats_taken") + F("seats_held"), waiting=0)
    opened = Q(rsvp_mode=RsvpMode.NONE) | (
        (Q(rsvp_opens_at=None) | Q(rsvp_opens_at__lte=now))
        & (Q(rsvp_closes_at=None) | Q(rsvp_closes_at__gt=now))
        & free
    )
    rows = _found(event.agency, Search()).filter(opened, status=EventStatus.PUBLISHED, starts_at__gt=now)
    return rows.exclude(pk=event.pk).order_by("starts_at", "pk").first()


def neighborhoods(agency: Agency) -> list[Community]:
    """By name. One query."""
    kept = Community.objects.filter(agency=agency, kind=Community.Kind.NEIGHBORHOOD).order_by("name", "pk")
    return list(kept[:MOST_NEIGHBORHOODS])


def _ahead(now: dt.datetime) -> Q:
    coming = Q(status__in=[EventStatus.PUBLISHED, EventStatus.CANCELLED], ends_at__gt=now)
    return Q(status=EventStatus.LIVE) | coming


def _found(agency: Agency, search: Search) -> QuerySet[Event]:
    rows = public_events().filter(agency=agency).select_related("venue").defer(*_UNREAD)
    if search.near is not None:
        members = Event.communities.through.objects.filter(community_id=search.near)
        rows = rows.filter(pk__in=members.values("event_id"))
    if search.online:
        rows = rows.filter(format__in=[EventFormat.ONLINE, EventFormat.HYBRID])
    if search.language == AccessKind.SIGN_LANGUAGE:
        rows = rows.filter(access_offered__contains=[AccessKind.SIGN_LANGUAGE])
    elif search.language:
        rows = rows.filter(languages__contains=[search.language])
    if search.kind:
        rows = rows.filter(kind=search.kind)
    if search.focus_area:
        rows = rows.filter(focus_area=search.focus_area)
    if search.words:
        rows = rows.filter(Q(title__icontains=search.words) | Q(venue__name__icontains=search.words))
    return rows


def _page(agency: Agency, rows: QuerySet[Event], most: int) -> Page:
    found = list(rows[: most + 1])
    shown = found[:most]
    for event in shown:
        event.agency = agency
    last = shown[-1] if len(found) > most else None
    return Page(shown, Mark(last.starts_at, last.pk) if last else None)
