"""The first page of a deployment, for residents: find your town, what comes next anywhere here, and which promises are late.

Nothing of a discreet meeting: this page is sent on, and found by whoever looks for the town.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from engage.agencies.models import Agency, Community
from engage.commitments.models import Commitment
from engage.commitments.standing import late_at
from engage.local_time import local_day
from events.event.models import Event
from events.event.permissions import public_events
from web.commitments.rows import title_of
from web.commitments.words import standing_of
from web.events.finding import next_anywhere
from web.events.words import Row, row_of
from web.site.drawings import Marked
from web.site.frames.public import public_page
from web.site.languages.addresses import address_of, same_page

EVENTS_SHOWN: Final = 5
LATE_SHOWN: Final = 3
_LONGEST_WORDS: Final = 100
# Whoever types more than this many words is not naming a town.
_MOST_WORDS: Final = 6
_MOST_NEIGHBORHOODS: Final = 12


@dataclass(frozen=True, slots=True)
class Town:
    """One agency, with the neighborhoods of it that were asked for, and how many of its promises are late."""

    agency: Agency
    neighborhoods: list[Community]
    late: int


@dataclass(frozen=True, slots=True)
class Late:
    """One promise that is late, as everyone is told."""

    agency: Agency
    number: int
    title: str
    standing: Marked


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """GET ``q``. One agency: its own page. None: how to begin. No more queries with more agencies."""
    agencies = list(Agency.objects.order_by("name"))
    if len(agencies) == 1:
        return HttpResponseRedirect(address_of("agency_home", slug=agencies[0].slug))
    now, words = timezone.now(), _words(request)
    neighborhoods = _neighborhoods(words) if words else {}
    found = _found(agencies, words) if words else agencies
    shown = [agency.pk for agency in found]
    late = _late_counts(shown, now) if shown else {}
    context = {
        "words": " ".join(words),
        "towns": [Town(each, neighborhoods.get(each.pk, []), late.get(each.pk, 0)) for each in found],
        "any": bool(agencies),
        "rows": _next(shown, now) if shown else [],
        "late": _late(shown, now) if late else [],
        "tongues": same_page(request),
        "security_contact": settings.SECURITY_CONTACT,
    }
    return render(request, "home/front_page.html", context)


def _words(request: HttpRequest) -> list[str]:
    typed = request.GET.get("q", "").replace("\0", "")[:_LONGEST_WORDS]
    return typed.replace(",", " ").split()[:_MOST_WORDS]


def _found(agencies: Iterable[Agency], words: Iterable[str]) -> list[Agency]:
    """Those of which every word says something: name, state, address with its ZIP, a neighborhood, a place of meetings. One query."""
    neighborhoods = Community.objects.filter(agency=OuterRef("pk"), kind=Community.Kind.NEIGHBORHOOD)
    events = public_events().filter(agency=OuterRef("pk"), discreet=False)
    named = Q()
    for word in words:
        named &= (
            Q(name__icontains=word)
            | Q(region__icontains=word)
            | Q(contact_address__icontains=word)
            | Exists(neighborhoods.filter(name__icontains=word))
            | Exists(events.filter(Q(venue__address__icontains=word) | Q(venue__name__icontains=word)))
        )
    kept = set(Agency.objects.filter(named).values_list("pk", flat=True))
    return [agency for agency in agencies if agency.pk in kept]


def _neighborhoods(words: Iterable[str]) -> Mapping[UUID, list[Community]]:
    """By agency: those that one of the words names. One query."""
    named = Q()
    for word in words:
        named |= Q(name__icontains=word)
    found = Community.objects.filter(named, kind=Community.Kind.NEIGHBORHOOD).order_by("name", "pk")
    by_agency: dict[UUID, list[Community]] = {}
    for each in found[:_MOST_NEIGHBORHOODS]:
        by_agency.setdefault(each.agency_id, []).append(each)
    return by_agency


def _next(agencies: Collection[UUID], now: dt.datetime) -> list[Row]:
    events = next_anywhere(agencies, now=now, most=EVENTS_SHOWN)
    return [replace(row_of(event, now=now), whose=event.agency.name) for event in events]


def _late_counts(agencies: Collection[UUID], now: dt.datetime) -> Mapping[UUID, int]:
    """Each agency by its own day. One query."""
    late = Commitment.objects.filter(late_at(now), draft=False, agency__in=agencies).order_by()
    return dict(late.values_list("agency").annotate(Count("pk")))


def _late(agencies: Collection[UUID], now: dt.datetime) -> list[Late]:
    """The longest overdue first. One query."""
    discreet = Event.objects.filter(discreet=True)
    rows = (
        Commitment.objects.filter(late_at(now), draft=False, agency__in=agencies)
        .exclude(event__in=discreet)
        .exclude(theme__event__in=discreet)
        .exclude(dialogue__in=discreet.exclude(dialogue=None).values("dialogue"))
        .select_related("agency")
        .order_by("due_on", "pk")
    )
    return [
        Late(
            each.agency,
            each.number or 0,
            title_of(each),
            standing_of(each, local_day(each.agency.timezone, now)),
        )
        for each in rows[:LATE_SHOWN]
    ]
