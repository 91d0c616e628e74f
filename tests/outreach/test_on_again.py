"""Called off and on again: who heard the one hears the other, once each, and nobody hears of what was taken back in time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.db.models import F
from django.utils import timezone

from engage.contacts.links import Purpose
from events.event.models import Event
from events.planning.lifecycle import cancel
from events.planning.ways_back import reinstate
from events.rsvps.erasing import erase
from events.rsvps.models import Rsvp
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.reminders.setting import add_rule
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.letters import links_in, method_of, sequence_of, text_of
from tests.makers.mail_server import Post
from tests.makers.rsvps import a_full_event, an_rsvp, by_link, given_back

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def call_off(event: Event) -> None:
    cancel(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())


def call_back(event: Event, note: str = "") -> None:
    reinstate(event.pk, note=note, actor=None, now=timezone.now())


def outcomes(event: Event, kind: str) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(event=event, kind=kind).order_by("occasion")
    return list(rows.values_list("state", "reason"))


def test_the_calendar_has_it_again_with_a_higher_number_and_the_note_is_read(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    call_off(event)
    go_round()
    call_back(event, "The pumps work.")
    go_round()
    letters = post.to("ana@mail.example")
    assert [method_of(one) for one in letters] == ["REQUEST", "CANCEL", "REQUEST"]
    assert all(before < after for before, after in pairwise(map(sequence_of, letters)))
    told = text_of(letters[-1])
    assert "takes place after all" in letters[-1]["Subject"]
    for words in ("That no longer holds", "The pumps work.", "Your place is still saved."):
        assert words in told


def test_who_is_offered_a_seat_reads_until_when_and_who_waits_has_no_entry(post: Post) -> None:
    event, holder, _waiting = a_full_event(1, 1, capacity=1)
    given_back(holder, timezone.now())
    go_round()
    call_off(event)
    go_round()
    call_back(event)
    go_round()
    offered, waits = post.to("r0@mail.example")[-1], post.to("r1@mail.example")[-1]
    assert "Answer by" in text_of(offered)
    assert links_in(offered, "/accept")
    assert method_of(waits) == ""
    assert "You are on the waitlist as before." in text_of(waits)


def test_taken_back_before_anybody_heard_is_told_to_nobody(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    call_off(event)
    call_back(event)
    go_round()
    assert len(post.to("ana@mail.example")) == 1
    assert outcomes(event, "event_cancelled") == [("suppressed", "event_not_cancelled")]
    assert outcomes(event, "event_reinstated") == [("suppressed", "never_told")]


def test_off_on_and_off_again_before_anybody_heard_is_told_once(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    call_off(event)
    announce(now=timezone.now())
    call_back(event)
    announce(now=timezone.now())
    call_off(event)
    go_round()
    assert [method_of(one) for one in post.to("ana@mail.example")] == ["REQUEST", "CANCEL"]
    assert sorted(outcomes(event, "event_cancelled")) == [("sent", ""), ("suppressed", "told_already")]


def test_each_turn_that_was_heard_is_told_in_its_order(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    for turn in (call_off, call_back, call_off, call_back):
        turn(event)
        go_round()
    methods = [method_of(one) for one in post.to("ana@mail.example")]
    assert methods == ["REQUEST", "CANCEL", "REQUEST", "CANCEL", "REQUEST"]
    numbers = [sequence_of(one) for one in post.to("ana@mail.example")]
    assert numbers == sorted(set(numbers))


def test_who_was_erased_meanwhile_is_not_written_to(post: Post) -> None:
    event = an_event()
    gone = an_rsvp(event, email="ana@mail.example")
    go_round()
    call_off(event)
    go_round()
    erase(by_link(gone, Purpose.RSVP_MAIL), now=timezone.now())
    call_back(event)
    go_round()
    assert len(post.to("ana@mail.example")) == 2


def test_a_discreet_event_says_neither_its_name_nor_the_note(post: Post) -> None:
    event = an_event(title="Survivors' evening", discreet=True)
    an_rsvp(event, email="ana@mail.example")
    go_round()
    call_off(event)
    go_round()
    call_back(event, "The counsellor is well again.")
    go_round()
    letter = post.to("ana@mail.example")[-1]
    said = f"{letter['Subject']}\n{text_of(letter)}"
    assert "takes place after all" in said
    assert "Survivors" not in said
    assert "counsellor" not in said


def test_a_reminder_that_fell_due_while_it_was_off_does_not_follow_on_its_heels(post: Post) -> None:
    agency, starts = an_agency(), timezone.now() + dt.timedelta(hours=5)
    when = {"starts_at": starts.isoformat(), "ends_at": (starts + dt.timedelta(hours=1)).isoformat()}
    event = an_event(agency, **when)
    long_ago = timezone.now() - dt.timedelta(days=9)
    for minutes in (360, 240):
        add_rule(agency=agency, event=event, actor=None, minutes_before=minutes, now=long_ago)
    rsvp = an_rsvp(event, email="ana@mail.example")
    Rsvp.objects.filter(pk=rsvp.pk).update(confirmed_at=long_ago)
    call_off(event)
    go_round()
    call_back(event)
    go_round()
    assert outcomes(event, "reminder") == []
    # The one that is ahead still comes: an hour and a half later, by moving everything that much back.
    earlier = dt.timedelta(minutes=90)
    Event.objects.filter(pk=event.pk).update(
        starts_at=F("starts_at") - earlier,
        ends_at=F("ends_at") - earlier,
        reinstated_at=F("reinstated_at") - earlier,
    )
    go_round()
    assert outcomes(event, "reminder") == [("sent", "")]
