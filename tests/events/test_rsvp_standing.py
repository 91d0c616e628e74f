"""However a party's RSVP came to be as it is: the database, its filters and the row at hand say that it stands the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.standing import (
    RsvpStanding,
    as_column,
    has_come,
    has_lapsed_once,
    is_screen_only,
    may_come_all_the_same,
    standing_of,
    standings,
    with_arrivals,
)
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

STATUSES = ("confirmed", "waitlisted", "offered", "cancelled")
ARRIVALS = (None, "standing", "undone")


def stored(event: Any, rows: list[tuple[str, str | None]]) -> None:
    now = timezone.now()
    for number, (status, arrival) in enumerate(rows):
        rsvp = Rsvp.objects.create(
            agency=event.agency, event=event, status=status, checkin_code=f"C{number}",
            queue_number=number + 1 if status == "waitlisted" else None,
            confirmed_at=now if status == "confirmed" else None,
            offer_expires_at=now if status == "offered" else None,
        )  # fmt: skip
        if arrival:
            CheckIn.objects.create(
                agency=event.agency, event=event, rsvp=rsvp, way="code", client_id=f"c{number}", at=now,
                undone_at=now if arrival == "undone" else None,
            )  # fmt: skip


@pytest.mark.django_db(databases=["default", "owner"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(ARRIVALS)), min_size=1, max_size=12)
)
def test_the_database_the_filters_and_the_row_at_hand_agree(rows: list[tuple[str, str | None]]) -> None:
    with transaction.atomic():
        event = an_event()
        stored(event, rows)
        kept = list(with_arrivals(Rsvp.objects.filter(event=event)))
        at_hand = {one.pk: standing_of(one, came=one.came) for one in kept}  # type: ignore[attr-defined]
        assert at_hand == {one.pk: standing_of(one, came=has_come(one)) for one in kept}
        column = Rsvp.objects.annotate(stands=as_column()).values_list("pk", "stands")
        assert dict(column) == {pk: each.value for pk, each in at_hand.items()}
        found = [
            (pk, each)
            for each, rule in standings().items()
            for pk in Rsvp.objects.filter(rule).values_list("pk", flat=True)
        ]
        assert sorted(found) == sorted(at_hand.items())
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_marks_stand_beside_it() -> None:
    event = an_event(capacity=4)
    told, alone = an_rsvp(event, email="maya@mail.example"), an_rsvp(event)
    assert [is_screen_only(one) for one in (told, alone)] == [False, True]
    told.status, told.offers_lapsed = "waitlisted", 1
    assert has_lapsed_once(told)
    assert may_come_all_the_same(told)
    told.event.agency.waitlist_may_come = False
    assert not may_come_all_the_same(told)
    assert may_come_all_the_same(alone)
    told.status = "offered"
    assert not has_lapsed_once(told)


def test_who_was_let_in_came_however_the_rsvp_stood_and_what_was_given_back_is_given_back() -> None:
    for status, stands in zip(STATUSES, ("came", "came", "came", "cancelled"), strict=True):
        assert standing_of(Rsvp(status=status), came=True) is RsvpStanding(stands)
