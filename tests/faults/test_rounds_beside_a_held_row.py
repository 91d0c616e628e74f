"""A meeting whose row somebody holds for long keeps no other meeting from what its hour brings, and the round says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from events.door.attendance import freeze_totals
from events.event.models import Event
from events.planning.following_rules import recompute_instants
from events.rsvps.waitlisting import lapse_offers, promote_where_seats_are_free
from tests.makers.events import an_event
from tests.makers.rsvps import a_full_event, as_it_is, given_back

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
HOUR = dt.timedelta(hours=1)


def _with_an_offer() -> tuple[Event, Callable[[Event], Any]]:
    event, holder, (waiting,) = a_full_event(1, capacity=1)
    given_back(holder, timezone.now())
    return event, lambda _event: as_it_is(waiting).offers_lapsed


def _with_a_free_seat() -> tuple[Event, Callable[[Event], Any]]:
    event, _holder, (waiting,) = a_full_event(1, capacity=1)
    Event.objects.filter(pk=event.pk).update(capacity=2)
    return event, lambda _event: as_it_is(waiting).status != "waitlisted"


def _that_is_over() -> tuple[Event, Callable[[Event], Any]]:
    event = an_event()
    began = timezone.now() - 48 * HOUR
    Event.objects.filter(pk=event.pk).update(
        status="ended", starts_at=began, ends_at=began + HOUR, started_at=began, ended_at=began + HOUR
    )
    return event, lambda one: one.totals_frozen_at


def _under_old_rules() -> tuple[Event, Callable[[Event], Any]]:
    event = an_event()
    Event.objects.filter(pk=event.pk).update(starts_at=F("starts_at") + HOUR, ends_at=F("ends_at") + HOUR)
    return event, lambda one: one.starts_at == event.starts_at


def _lapse(now: dt.datetime) -> int:
    starts_at = Event.objects.latest("starts_at").starts_at
    return lapse_offers(now=starts_at - 3 * HOUR)


@pytest.mark.parametrize(
    ("a_due_event", "go"),
    [
        (_with_an_offer, _lapse),
        (_with_a_free_seat, lambda now: promote_where_seats_are_free(now=now)),
        (_that_is_over, lambda now: freeze_totals(now=now)),
        (_under_old_rules, lambda now: recompute_instants(now=now)),
    ],
    ids=["lapse_offers", "promote_where_seats_are_free", "freeze_totals", "recompute_instants"],
)
def test_a_held_event_keeps_no_other_waiting(
    a_due_event: Callable[[], tuple[Event, Callable[[Event], Any]]], go: Callable[[dt.datetime], int]
) -> None:
    made = sorted([a_due_event() for _one in range(2)], key=lambda one: one[0].pk)
    (held, is_done), (free, is_done_too) = made
    # First by every order that a round goes in.
    Event.objects.filter(pk=held.pk, status="ended").update(ends_at=F("ends_at") - HOUR / 2)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        with transaction.atomic(using="owner"):
            Event.objects.using("owner").select_for_update().get(pk=held.pk)
            with pytest.raises(OperationalError):
                go(timezone.now())
            assert is_done_too(Event.objects.get(pk=free.pk))
            assert not is_done(Event.objects.get(pk=held.pk))
        assert go(timezone.now()) == 1
        assert is_done(Event.objects.get(pk=held.pk))
    finally:
        connection.close()
