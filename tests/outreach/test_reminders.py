"""Reminders: due by the database's clock, for the start people know of, once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.contacts.links import Purpose
from engage.contacts.models import Contact
from engage.database.bounds import bounds_of
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.scheduling import edit
from events.rsvps.changing import cancel, change
from events.rsvps.models import Rsvp
from outreach.ledger.models import Delivery
from outreach.reminders.models import ReminderRule
from outreach.reminders.planning import plan_reminders
from outreach.reminders.setting import add_rule
from outreach.sending.batch import send_due
from outreach.subscriptions.one_click_unsubscribe import unsubscribe, unsubscribe_link
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.letters import html_of, links_in, method_of, text_of
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp, by_link, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def an_event_in(ahead: dt.timedelta, agency: Any = None, **fields: Any) -> Event:
    begins = timezone.now() + ahead
    return an_event(
        agency, starts_at=begins.isoformat(), ends_at=(begins + 60 * MINUTE).isoformat(), **fields
    )


def a_rule(event: Event, minutes: int) -> None:
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=minutes, now=timezone.now())


def told_long_ago(event: Event) -> None:
    Rsvp.objects.filter(event=event, confirmed_at__isnull=False).update(
        confirmed_at=timezone.now() - 40 * DAY
    )


def reminders(post: Post) -> list[Any]:
    return [letter for letter in post.letters if letter["Subject"].startswith(("Today", "Tomorrow"))]


def move(event: Event, begins: dt.datetime) -> None:
    fields = {"starts_at": begins.isoformat(), "ends_at": (begins + 60 * MINUTE).isoformat()}
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)


def test_a_reminder_goes_once_to_each_address_whatever_it_holds(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    for _ in range(3):
        an_rsvp(event, email="ana@mail.example")
    told_long_ago(event)
    for _ in range(3):
        go_round()
    (letter,) = reminders(post)
    assert re.search(r"^Places: +3$", text_of(letter), re.MULTILINE)
    assert Delivery.objects.filter(kind="reminder").count() == 1


def test_the_furthest_rule_that_may_be_set_is_planned_as_soon_as_it_is_due() -> None:
    _least, most = bounds_of(ReminderRule._meta.get_field("minutes_before"))
    event = an_event_in((most - 1) * MINUTE)
    a_rule(event, most)
    an_rsvp(event, email="ana@mail.example")
    told_long_ago(event)
    assert plan_reminders() == 1


def test_a_reminder_can_be_stopped_with_one_click(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    an_rsvp(event, email="ana@mail.example")
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


@pytest.mark.parametrize(("by", "number"), [(Purpose.RSVP_MAIL, 1), (Purpose.RSVP_SCREEN, 0)])
def test_whoever_stopped_reminders_has_them_again_by_a_mailed_link_alone(
    post: Post, by: Purpose, number: int
) -> None:
    event = an_event_in(10 * MINUTE)
    rsvp = an_rsvp(event, email="ana@mail.example")
    unsubscribe(unsubscribe_link(contact_of(rsvp)), now=timezone.now())
    change(rsvp.pk, remind="email", reach=by_link(rsvp, by), now=timezone.now())
    told_long_ago(event)
    a_rule(event, 30)
    go_round()
    assert len(reminders(post)) == number


def test_the_click_stops_what_a_worker_has_claimed_already(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    rsvp = an_rsvp(event, email="ana@mail.example")
    told_long_ago(event)
    plan_reminders()
    assert Delivery.objects.filter(kind="reminder", state="due").exists()
    unsubscribe(unsubscribe_link(contact_of(rsvp)), now=timezone.now())
    assert Delivery.objects.get(kind="reminder").reason == "unsubscribed"
    send_due()
    assert reminders(post) == []


def test_nobody_is_reminded_of_what_they_were_told_after_the_reminder_was_due(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    an_rsvp(event, email="ana@mail.example")
    go_round()
    go_round()
    assert reminders(post) == []


def test_a_moved_event_reminds_again_also_when_it_moves_back(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    begins = event.starts_at
    a_rule(event, 30)
    an_rsvp(event, email="ana@mail.example")
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
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    an_rsvp(event, email="ana@mail.example")
    told_long_ago(event)
    plan_reminders()
    move(event, timezone.now() + 2 * DAY)
    go_round()
    assert reminders(post) == []
    assert Delivery.objects.get(kind="reminder").reason == "event_moved"


def test_nobody_is_reminded_of_a_cancelled_event_or_of_an_rsvp_given_back(post: Post) -> None:
    gone, kept = an_event_in(10 * MINUTE), an_event_in(10 * MINUTE)
    for event in (gone, kept):
        a_rule(event, 30)
        an_rsvp(event, email="ana@mail.example")
        told_long_ago(event)
    plan_reminders()
    call_off(gone.pk, reason="Flood", actor=None, now=timezone.now())
    cancel(Rsvp.objects.get(event=kept).pk, by="resident", now=timezone.now())
    go_round()
    assert reminders(post) == []
    reasons = Delivery.objects.filter(kind="reminder").values_list("reason", flat=True)
    assert sorted(reasons) == ["event_cancelled", "place_gone"]


def test_of_several_reminders_that_fall_due_together_only_the_one_nearest_the_start_goes(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    for minutes in (1440, 120, 30):
        a_rule(event, minutes)
    an_rsvp(event, email="ana@mail.example")
    told_long_ago(event)
    go_round()
    go_round()
    assert len(reminders(post)) == 1
    assert Delivery.objects.get(kind="reminder").occasion.endswith(f":{event.pk}:1")


def test_the_rules_of_an_event_replace_those_of_its_agency(post: Post) -> None:
    agency = an_agency()
    add_rule(agency=agency, actor=None, minutes_before=1440, now=timezone.now())
    own, plain = an_event_in(60 * MINUTE, agency), an_event_in(60 * MINUTE, agency)
    a_rule(own, 5)
    for event in (own, plain):
        an_rsvp(event, email="ana@mail.example")
        told_long_ago(event)
    plan_reminders()
    assert [row.event_id for row in Delivery.objects.filter(kind="reminder")] == [plain.pk]


@pytest.mark.parametrize("change_to", ["none", "cancelled", "waitlisted", "made"])
def test_who_wants_no_reminder_or_has_no_rsvp_gets_none(post: Post, change_to: str) -> None:
    event = an_event_in(10 * MINUTE, capacity=1)
    a_rule(event, 30)
    rsvp = an_rsvp(event, email="ana@mail.example")
    an_rsvp(event, email="waits@mail.example")
    told_long_ago(event)
    if change_to == "none":
        change(rsvp.pk, remind="none", now=timezone.now())
    elif change_to == "made":
        Rsvp.objects.filter(pk=rsvp.pk).update(source="made")
    elif change_to == "cancelled":
        cancel(rsvp.pk, by="resident", now=timezone.now())
        told_long_ago(event)
        Rsvp.objects.filter(event=event).update(remind="none")
    plan_reminders()
    wanted = {"waitlisted": 1}
    assert Delivery.objects.filter(kind="reminder").count() == wanted.get(change_to, 0)


def test_a_reminder_that_would_come_after_the_start_is_dropped(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    an_rsvp(event, email="ana@mail.example")
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
    soon, later = an_event_in(10 * MINUTE, agency), an_event_in(120 * MINUTE, agency)
    for event in (soon, later):
        a_rule(event, 180)
        an_rsvp(event, email="ana@mail.example")
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
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    for number in range(20):
        an_rsvp(event, email=f"r{number}@mail.example")
    told_long_ago(event)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert plan_reminders() == 20
    assert len(queries) == 1
    assert plan_reminders() == 0


def test_where_reminders_cannot_be_planned_just_now_everything_else_goes_out(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    held = contact_of(an_rsvp(event, email="ana@mail.example"))
    go_round()
    told_long_ago(event)
    a_rule(event, 30)
    an_rsvp(an_event(), email="bo@mail.example")
    with transaction.atomic(using="owner"):
        # As whoever is erasing that address holds it.
        Contact.objects.using("owner").select_for_update().get(pk=held.pk)
        go_round()
    assert len(post.to("bo@mail.example")) == 1
    assert reminders(post) == []
    go_round()
    assert len(reminders(post)) == 1


def test_a_sweep_with_nothing_due_asks_twice() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert send_due() == 0
    assert len(queries) == 2


def test_who_is_in_already_is_not_reminded_that_it_is_soon(post: Post) -> None:
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    here = an_rsvp(event, email="here@mail.example")
    an_rsvp(event, email="coming@mail.example")
    told_long_ago(event)
    check_in(event, client_id="a" * 22, rsvp_id=here.pk, now=timezone.now())
    go_round()
    assert [addressee_of(letter) for letter in reminders(post)] == ["coming@mail.example"]
