"""Reminders: due by the database's clock, for the start people know of, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.changing_a_place import cancel, change
from events.event_lifecycle import cancel as call_off
from events.models import Event, Rsvp
from events.scheduling import edit
from outreach.delivery_sending import send_due
from outreach.ledger_round import go_round
from outreach.models import Delivery
from outreach.one_click_unsubscribe import unsubscribe, unsubscribe_link
from outreach.reminder_planning import plan_reminders
from outreach.reminder_setting import add_rule
from tests.makers.agencies import an_agency
from tests.makers.events import a_meeting
from tests.makers.letters import html_of, links_in, method_of, text_of
from tests.makers.mail_server import Post
from tests.makers.places import a_place, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def a_meeting_in(ahead: dt.timedelta, agency: Any = None, **fields: Any) -> Event:
    begins = timezone.now() + ahead
    return a_meeting(
        agency, starts_at=begins.isoformat(), ends_at=(begins + 60 * MINUTE).isoformat(), **fields
    )


def a_rule(event: Event, minutes: int) -> None:
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=minutes, now=timezone.now())


def told_long_ago(event: Event) -> None:
    Rsvp.objects.filter(event=event, confirmed_at__isnull=False).update(
        confirmed_at=timezone.now() - 40 * DAY
    )


def reminders(post: Post) -> list[Any]:
    return [
        letter
        for letter in post.letters
        if letter["Subject"].startswith(("Today", "Tomorrow", "Your meeting"))
    ]


def move(event: Event, begins: dt.datetime) -> None:
    fields = {"starts_at": begins.isoformat(), "ends_at": (begins + 60 * MINUTE).isoformat()}
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)


def test_a_reminder_goes_once_to_each_address_whatever_it_holds(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    for _ in range(3):
        a_place(event, email="ana@mail.example")
    told_long_ago(event)
    for _ in range(3):
        go_round()
    (letter,) = reminders(post)
    assert "3 places" in text_of(letter)
    assert Delivery.objects.filter(kind="reminder").count() == 1


def test_a_reminder_can_be_stopped_with_one_click(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    a_place(event, email="ana@mail.example")
    told_long_ago(event)
    go_round()
    (letter,) = reminders(post)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (token,) = links_in(letter, "/unsubscribe")
    assert letter["List-Unsubscribe"] == f"<https://engage.example/unsubscribe/{token}>"
    assert token in html_of(letter)
    assert unsubscribe(token, now=timezone.now()).what == "reminders"
    a_rule(event, 20)
    go_round()
    assert len(reminders(post)) == 1


def test_the_click_stops_what_a_worker_has_claimed_already(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    place = a_place(event, email="ana@mail.example")
    told_long_ago(event)
    plan_reminders()
    assert Delivery.objects.filter(kind="reminder", state="due").exists()
    unsubscribe(unsubscribe_link(contact_of(place)), now=timezone.now())
    assert Delivery.objects.get(kind="reminder").reason == "unsubscribed"
    send_due()
    assert reminders(post) == []


def test_nobody_is_reminded_of_what_they_were_told_after_the_reminder_was_due(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    a_place(event, email="ana@mail.example")
    go_round()
    go_round()
    assert reminders(post) == []


def test_a_moved_meeting_reminds_again_also_when_it_moves_back(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    begins = event.starts_at
    a_rule(event, 30)
    a_place(event, email="ana@mail.example")
    told_long_ago(event)
    go_round()
    for to in (begins + MINUTE, begins):
        move(event, to)
        # As if it had been moved before the reminder was due.
        Event.objects.filter(pk=event.pk).update(rescheduled_at=timezone.now() - 2 * DAY)
        go_round()
    assert len(reminders(post)) == 3
    assert len({letter["Message-ID"] for letter in post.letters}) == len(post.letters)


def test_a_reminder_for_the_old_time_is_not_sent_after_a_move(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    a_place(event, email="ana@mail.example")
    told_long_ago(event)
    plan_reminders()
    move(event, timezone.now() + 2 * DAY)
    go_round()
    assert reminders(post) == []
    assert Delivery.objects.get(kind="reminder").reason == "event_moved"


def test_nobody_is_reminded_of_a_cancelled_meeting_or_of_a_place_given_back(post: Post) -> None:
    gone, kept = a_meeting_in(10 * MINUTE), a_meeting_in(10 * MINUTE)
    for event in (gone, kept):
        a_rule(event, 30)
        a_place(event, email="ana@mail.example")
        told_long_ago(event)
    plan_reminders()
    call_off(gone.pk, reason="Flood", actor=None, now=timezone.now())
    cancel(Rsvp.objects.get(event=kept).pk, by="resident", now=timezone.now())
    go_round()
    assert reminders(post) == []
    reasons = Delivery.objects.filter(kind="reminder").values_list("reason", flat=True)
    assert sorted(reasons) == ["event_cancelled", "place_gone"]


def test_of_several_reminders_that_fall_due_together_only_the_one_nearest_the_start_goes(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    for minutes in (1440, 120, 30):
        a_rule(event, minutes)
    a_place(event, email="ana@mail.example")
    told_long_ago(event)
    go_round()
    go_round()
    assert len(reminders(post)) == 1
    assert Delivery.objects.get(kind="reminder").occasion.endswith(f":{event.pk}:1")


def test_the_rules_of_a_meeting_replace_those_of_its_agency(post: Post) -> None:
    agency = an_agency()
    add_rule(agency=agency, actor=None, minutes_before=1440, now=timezone.now())
    own, plain = a_meeting_in(60 * MINUTE, agency), a_meeting_in(60 * MINUTE, agency)
    a_rule(own, 5)
    for event in (own, plain):
        a_place(event, email="ana@mail.example")
        told_long_ago(event)
    plan_reminders()
    assert [row.event_id for row in Delivery.objects.filter(kind="reminder")] == [plain.pk]


@pytest.mark.parametrize("change_to", ["none", "cancelled", "waitlisted", "made"])
def test_who_wants_no_reminder_or_has_no_place_gets_none(post: Post, change_to: str) -> None:
    event = a_meeting_in(10 * MINUTE, capacity=1)
    a_rule(event, 30)
    place = a_place(event, email="ana@mail.example")
    a_place(event, email="waits@mail.example")
    told_long_ago(event)
    if change_to == "none":
        change(place.pk, remind="none", now=timezone.now())
    elif change_to == "made":
        Rsvp.objects.filter(pk=place.pk).update(source="made")
    elif change_to == "cancelled":
        cancel(place.pk, by="resident", now=timezone.now())
        told_long_ago(event)
        Rsvp.objects.filter(event=event).update(remind="none")
    plan_reminders()
    wanted = {"waitlisted": 1}
    assert Delivery.objects.filter(kind="reminder").count() == wanted.get(change_to, 0)


def test_a_reminder_that_would_come_after_the_start_is_dropped(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    a_place(event, email="ana@mail.example")
    told_long_ago(event)
    plan_reminders()
    Delivery.objects.filter(kind="reminder").update(expires_at=timezone.now())
    go_round()
    assert reminders(post) == []
    row = Delivery.objects.get(kind="reminder")
    assert (row.state, row.reason) == ("expired", "too_late")


def test_quiet_hours_hold_a_reminder_back_but_no_answer(post: Post) -> None:
    now = timezone.now()
    agency = an_agency(
        timezone="UTC",
        email_quiet_from=(now - 30 * MINUTE).time(),
        email_quiet_until=(now + 30 * MINUTE).time(),
    )
    soon, later = a_meeting_in(10 * MINUTE, agency), a_meeting_in(120 * MINUTE, agency)
    for event in (soon, later):
        a_rule(event, 180)
        a_place(event, email="ana@mail.example")
        told_long_ago(event)
    go_round()
    assert reminders(post) == []
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "REQUEST"]
    dropped = Delivery.objects.get(kind="reminder", event=soon)
    waiting = Delivery.objects.get(kind="reminder", event=later)
    assert (dropped.state, dropped.reason) == ("expired", "quiet_hours")
    assert (waiting.state, waiting.reason, waiting.attempts) == ("due", "quiet_hours", 0)
    assert dt.timedelta(minutes=28) < waiting.due_at - now <= dt.timedelta(minutes=30)


def test_planning_is_one_statement_and_a_repeated_sweep_writes_nothing(post: Post) -> None:
    event = a_meeting_in(10 * MINUTE)
    a_rule(event, 30)
    for number in range(20):
        a_place(event, email=f"r{number}@mail.example")
    told_long_ago(event)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert plan_reminders() == 20
    assert len(queries) == 1
    assert plan_reminders() == 0


def test_a_sweep_with_nothing_due_asks_twice() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert send_due() == 0
    assert len(queries) == 2
