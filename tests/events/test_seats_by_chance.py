"""Whatever residents, staff and the clock do in whatever order: the counters are the sums, and the queue is just."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engage.contacts.links import Purpose
from engage.refusals import RuleViolation
from events.event.models import Event
from events.planning.scheduling import edit
from events.rsvps import waitlisting
from events.rsvps.changing import cancel, change
from events.rsvps.erasing import erase
from events.rsvps.models import Rsvp
from events.rsvps.resident_record import not_me
from events.rsvps.waitlisting import accept, decline, lapse_offers, position_of, promote_where_seats_are_free
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, by_link, sums_hold

PARTY = st.integers(1, 4)
WHICH = st.integers(0, 40)


class Evening(RuleBasedStateMachine):
    """One meeting of few seats, from twenty days before until its start."""

    def __init__(self) -> None:
        super().__init__()
        self.event = an_event(capacity=5)
        self.now = self.event.starts_at - dt.timedelta(days=20)
        self.come = 0

    def some(self, which: int) -> Rsvp | None:
        rsvps = list(Rsvp.objects.filter(event=self.event).order_by("pk"))
        return rsvps[which % len(rsvps)] if rsvps else None

    def tried(self, act: Any, which: int, **more: Any) -> None:
        rsvp = self.some(which)
        if rsvp is None:
            return
        try:
            act(rsvp.pk, now=self.now, **more)
        except RuleViolation:
            return

    @rule(party=PARTY, address=st.sampled_from(["", "ana@mail.example", "bo@mail.example"]))
    def somebody_asks(self, party: int, address: str) -> None:
        row = Event.objects.get(pk=self.event.pk)
        free = None if row.capacity is None else row.capacity - row.seats_taken - row.seats_held
        fits = row.waiting == 0 and (free is None or party <= free)
        try:
            rsvp = an_rsvp(self.event, party, email=address, now=self.now)
        except RuleViolation:
            assert self.now >= row.starts_at or (row.capacity is not None and party > row.capacity)
            return
        self.come += 1
        assert rsvp.status == ("confirmed" if fits else "waitlisted")

    @rule(which=WHICH)
    def somebody_cancels(self, which: int) -> None:
        self.tried(cancel, which, by="resident")

    @rule(which=WHICH)
    def somebody_accepts(self, which: int) -> None:
        self.tried(accept, which)

    @rule(which=WHICH)
    def somebody_declines(self, which: int) -> None:
        self.tried(decline, which)

    @rule(which=WHICH, party=PARTY)
    def somebody_changes(self, which: int, party: int) -> None:
        self.tried(change, which, party_size=party)

    @rule(which=WHICH, purpose=st.sampled_from([Purpose.RSVP_SCREEN, Purpose.RSVP_MAIL]))
    def somebody_erases(self, which: int, purpose: Purpose) -> None:
        rsvp = self.some(which)
        if rsvp is not None:
            erase(by_link(rsvp, purpose, self.now), now=self.now)

    @rule(which=WHICH)
    def somebody_says_not_me(self, which: int) -> None:
        rsvp = self.some(which)
        if rsvp is not None and rsvp.email_contact_id:
            not_me(by_link(rsvp, Purpose.RSVP_MAIL, self.now), now=self.now)

    @rule(capacity=st.one_of(st.none(), st.integers(1, 9)))
    def the_room_changes(self, capacity: int | None) -> None:
        try:
            edit(self.event.pk, actor=None, now=self.now, fields={"capacity": capacity})
        except RuleViolation:
            row = Event.objects.get(pk=self.event.pk)
            assert capacity is not None
            assert capacity < row.seats_taken + row.seats_held

    @precondition(lambda self: self.now < self.event.starts_at)
    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.now = min(self.now + dt.timedelta(hours=hours), self.event.starts_at)
        lapse_offers(now=self.now)
        promote_where_seats_are_free(now=self.now)

    @invariant()
    def the_counters_are_the_sums(self) -> None:
        assert sums_hold(self.event.pk)

    @invariant()
    def nobody_waits_for_a_seat_that_is_free(self) -> None:
        row = Event.objects.get(pk=self.event.pk)
        queue = list(Rsvp.objects.filter(event=row, status="waitlisted").order_by("queue_number"))
        assert [position_of(rsvp) for rsvp in queue] == list(range(1, len(queue) + 1))
        if not queue:
            return
        assert row.capacity is not None
        able = [rsvp for rsvp in queue if rsvp.party_size <= row.capacity]
        free = row.capacity - row.seats_taken - row.seats_held
        assert not able or able[0].party_size > free

    @invariant()
    def every_state_carries_what_it_needs(self) -> None:
        for rsvp in Rsvp.objects.filter(event=self.event):
            assert (rsvp.queue_number is not None) == (rsvp.status == "waitlisted")
            assert (rsvp.offer_expires_at is not None) == (rsvp.status == "offered")
            assert rsvp.offers_lapsed <= 1


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "owner"])
def test_the_sums_hold_after_every_step_of_any_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waitlisting, "undelivered_offers", lambda _ids: set())
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Evening,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
