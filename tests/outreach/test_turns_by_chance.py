"""Any turns and their ways back, in whatever order, with RSVPs, moves and the clock between them: the sums hold, and nobody hears
one thing twice, or is left with what is no longer so."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engage.activity.models import Activity
from engage.refusals import RuleViolation
from events.door.attendance import freeze_totals
from events.event.models import OPEN, Event
from events.planning.lifecycle import advance_by_clock, cancel, end, start
from events.planning.scheduling import edit
from events.planning.ways_back import reinstate, undo_end, undo_start
from events.rsvps import changing, waitlisting
from events.rsvps.models import Rsvp
from events.rsvps.waitlisting import accept, lapse_offers, promote_where_seats_are_free
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.letters.composing import compose
from outreach.letters.occasion import Pointless, TooLate
from outreach.letters.reading_ahead import read_ahead
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, sums_hold

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
WHICH = st.integers(0, 20)
OFF, ON = "event_cancelled", "event_reinstated"


class Turns(RuleBasedStateMachine):
    """One event of few seats, from days before it until its counts are final."""

    def __init__(self) -> None:
        super().__init__()
        self.event = an_event(capacity=4)
        self.now = self.event.starts_at - 5 * DAY
        self.heard: dict[UUID, list[str]] = defaultdict(list)
        an_rsvp(self.event, email=self.mailbox_of("cy"), now=self.now)

    def mailbox_of(self, name: str) -> str:
        """Somebody else in each history: what an unproven address gets in a day is counted over all events."""
        return name and f"{name}-{self.event.pk}@mail.example"

    @property
    def row(self) -> Event:
        return Event.objects.select_related("agency", "venue").get(pk=self.event.pk)

    def tried(self, act: Callable[..., Any], **more: Any) -> None:
        """An act raises the number by one and leaves one line on the record; a refusal leaves nothing."""
        before, lines = self.row, Activity.objects.filter(object_id=self.event.pk).count()
        try:
            act(self.event.pk, actor=None, now=self.now, **more)
        except RuleViolation:
            after, step = self.row, 0
            assert after.status == before.status
        else:
            after, step = self.row, 1
        assert after.sequence == before.sequence + step
        assert Activity.objects.filter(object_id=self.event.pk).count() == lines + step

    @rule()
    def somebody_starts_it(self) -> None:
        self.tried(start)

    @rule()
    def somebody_ends_it(self) -> None:
        self.tried(end)

    @rule()
    def somebody_cancels_it(self) -> None:
        self.tried(cancel, reason="Flood.")

    @rule()
    def the_start_is_taken_back(self) -> None:
        self.tried(undo_start)

    @rule(hours=st.sampled_from([None, 1, 5, 12, 40]))
    def the_end_is_taken_back(self, hours: int | None) -> None:
        before = self.row
        self.tried(undo_end, open_until=None if hours is None else self.now + hours * HOUR)
        after = self.row
        if before.status == "ended" and after.status == "live":
            assert self.now < after.over_at
            assert after.open_until is None or after.open_until <= max(
                before.ends_at + 12 * HOUR, (before.ended_at or before.ends_at) + 12 * HOUR
            )

    @rule()
    def it_is_called_back(self) -> None:
        version = self.row.schedule_version
        self.tried(reinstate)
        assert self.row.schedule_version == version

    @rule(turns=st.integers(2, 4))
    def somebody_cannot_decide(self, turns: int) -> None:
        """Off and on again before any letter goes."""
        for _ in range(turns):
            if self.row.status == "cancelled":
                self.it_is_called_back()
            else:
                self.somebody_cancels_it()

    @rule(days=st.sampled_from([-3, 1, 4]))
    def it_moves(self, days: int) -> None:
        row, begins = self.row, self.now + days * DAY
        held = Rsvp.objects.filter(event=row).exclude(status="cancelled").exists()
        fields = {"starts_at": begins.isoformat(), "ends_at": (begins + HOUR).isoformat()}
        try:
            edit(row.pk, actor=None, now=self.now, fields=fields)
        except RuleViolation:
            assert self.row.starts_at == row.starts_at
        else:
            assert days > 0 or not held or row.status not in OPEN

    @rule(capacity=st.integers(1, 7))
    def the_room_changes(self, capacity: int) -> None:
        try:
            edit(self.event.pk, actor=None, now=self.now, fields={"capacity": capacity})
        except RuleViolation:
            return

    @rule(party=st.integers(1, 3), name=st.sampled_from(["", "ana", "bo"]))
    def somebody_comes(self, party: int, name: str) -> None:
        try:
            an_rsvp(self.event, party, email=self.mailbox_of(name), now=self.now)
        except RuleViolation:
            assert (
                self.row.status not in OPEN
                or self.now >= self.row.starts_at
                or party > (self.row.capacity or 9)
            )

    @rule(which=WHICH, gives_back=st.booleans())
    def somebody_answers(self, which: int, gives_back: bool) -> None:
        rsvps = list(Rsvp.objects.filter(event=self.event).order_by("pk"))
        if not rsvps:
            return
        rsvp = rsvps[which % len(rsvps)]
        try:
            if gives_back:
                changing.cancel(rsvp.pk, by="resident", now=self.now)
            else:
                accept(rsvp.pk, now=self.now)
        except RuleViolation:
            return

    @rule(hours=st.sampled_from([0, 1, 3, 14, 50]))
    def the_clock_goes_round(self, hours: int) -> None:
        self.now += hours * HOUR
        advance_by_clock(now=self.now)
        lapse_offers(now=self.now)
        promote_where_seats_are_free(now=self.now)
        freeze_totals(now=self.now)
        row = self.row
        if row.status in OPEN:
            assert self.now < row.over_at
            self.nobody_waits_for_a_seat_that_is_free(row)

    @rule()
    def the_letters_go(self) -> None:
        while announce(now=self.now):
            continue
        due = Delivery.objects.filter(event=self.event, state="due").order_by("occasion", "pk")
        for pk in list(due.values_list("pk", flat=True)):
            self.one_goes(pk)
        self.everybody_heard_how_it_stands()

    def one_goes(self, pk: UUID) -> None:
        (around,) = read_ahead([pk], now=self.now).values()
        delivery = around.delivery
        try:
            compose(around, now=self.now)
        except (Pointless, TooLate) as why:
            Delivery.objects.filter(pk=pk).update(state="suppressed", reason=why.reason)
            return
        Delivery.objects.filter(pk=pk).update(state="sent")
        if delivery.contact_id is not None and delivery.kind in {OFF, ON}:
            self.heard[delivery.contact_id].append(delivery.kind)

    def everybody_heard_how_it_stands(self) -> None:
        row = self.row
        holders = Rsvp.objects.filter(event=row, email_contact__isnull=False).exclude(status="cancelled")
        for contact in set(holders.values_list("email_contact", flat=True)):
            last = self.heard[contact][-1] if self.heard[contact] else ""
            if row.status == "cancelled":
                assert last == OFF
            elif row.status in OPEN and self.now < row.over_at:
                assert last != OFF

    def nobody_waits_for_a_seat_that_is_free(self, row: Event) -> None:
        queue = Rsvp.objects.filter(event=row, status="waitlisted").order_by("queue_number")
        assert row.capacity is not None
        able = [rsvp for rsvp in queue if rsvp.party_size <= row.capacity]
        assert not able or able[0].party_size > row.capacity - row.seats_taken - row.seats_held

    @invariant()
    def nobody_hears_one_thing_twice(self) -> None:
        for kinds in self.heard.values():
            assert kinds[:1] in ([], [OFF])
            assert all(before != after for before, after in pairwise(kinds))

    @invariant()
    def the_counters_are_the_sums(self) -> None:
        assert sums_hold(self.event.pk)

    @invariant()
    def every_state_carries_what_it_needs(self) -> None:
        row = self.row
        assert (row.ended_at is None) == (row.status != "ended")
        assert (row.cancelled_at is None) == (row.status != "cancelled")
        assert (row.room_code != "") == (row.status in OPEN)
        assert row.status != "published" or row.started_at is None


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "owner"])
def test_the_sums_hold_and_nobody_hears_one_thing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waitlisting, "undelivered_offers", lambda _ids: set())
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Turns,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
