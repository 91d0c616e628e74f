"""Real worker processes, killed and starved in the middle of a batch. The full drills are in bench/."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from bench import flush_drill, sigkill_drill
from bench.worker_group import a_worker_group, wait_until
from events.rsvps.models import Rsvp
from outreach.reminders.setting import add_rule
from tests.makers.events import an_event
from tests.makers.mail_server import a_mail_server
from tests.makers.rsvps import an_rsvp

pytestmark = [pytest.mark.django_db(databases=["default", "owner"], transaction=True), pytest.mark.slow]


def test_a_killed_worker_loses_no_message_and_doubles_only_what_was_in_flight() -> None:
    came = sigkill_drill.drill(reminders=40, kills=3)
    assert came.holds(), came


def test_a_broker_that_forgets_everything_loses_no_message_and_doubles_none() -> None:
    came = flush_drill.drill(reminders=40, flushes=3)
    assert came.holds(), came


def test_a_reminder_arrives_within_thirty_seconds_of_its_instant_with_every_hint_lost() -> None:
    begins = timezone.now() + dt.timedelta(minutes=5, seconds=12)
    event = an_event(starts_at=begins.isoformat(), ends_at=(begins + dt.timedelta(hours=1)).isoformat())
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=5, now=timezone.now())
    an_rsvp(event, email="ana@mail.example")
    Rsvp.objects.update(confirmed_at=timezone.now() - dt.timedelta(days=1))
    # Another prefix than this process': what it rings never reaches that worker.
    with a_mail_server() as post, a_worker_group(post.port, concurrency=1):
        wait_until(lambda: len(post.letters) >= 2, seconds=60, what="the reminder")
        arrived = timezone.now()
    assert [letter["Subject"].partition(" ")[0] for letter in post.letters][1] in {"Today", "Tomorrow"}
    due = event.starts_at - dt.timedelta(minutes=5)
    assert dt.timedelta() <= arrived - due < dt.timedelta(seconds=30)
