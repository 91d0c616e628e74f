"""A new agency reminds people from its first event on; where nobody will be, whoever publishes and whoever saves a place can see it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.agencies.onboarding import create_agency
from events.planning.lifecycle import publish
from outreach.reminders.models import ReminderRule
from outreach.reminders.setting import add_rule
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, an_event, begins_at
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, page, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
OFFER = 'name="remind"'
DAY = dt.timedelta(days=1)


def taken_in() -> Agency:
    return create_agency(slug="new-town", name="New Town", timezone="America/Chicago", now=timezone.now())


def taken_in_by_command() -> Agency:
    call_command(
        "create_agency",
        "new-town",
        name="New Town",
        timezone="America/Chicago",
        admin_email="chief@staff.example",
    )
    return Agency.objects.get(slug="new-town")


@pytest.mark.parametrize("way", [taken_in, taken_in_by_command])
def test_a_new_agency_has_its_usual_reminders_by_every_way_it_comes(way: Any) -> None:
    rules = ReminderRule.objects.filter(agency=way(), event=None, ended_at=None)
    assert sorted(rules.values_list("minutes_before", "channel")) == [(180, "email"), (1440, "email")]


def test_an_rsvp_at_a_new_agencys_event_is_reminded(post: Post) -> None:
    event = an_event(taken_in())
    an_rsvp(event, email="ana@mail.example", now=timezone.now() - 2 * DAY)
    go_round()
    begins_at(event, timezone.now() + dt.timedelta(hours=20))
    go_round()
    _confirmation, reminder = post.letters
    assert reminder["Subject"].startswith(("Tomorrow at", "Today at"))


def test_publishing_without_a_reminder_says_so_and_with_one_does_not() -> None:
    bare = publish(a_draft(), actor=None, now=timezone.now())
    assert "no_reminder" in [each.code for each in bare.warnings]
    walk_in = publish(a_draft(rsvp_mode="none"), actor=None, now=timezone.now())
    assert "no_reminder" not in [each.code for each in walk_in.warnings]
    usual = publish(a_draft(taken_in()), actor=None, now=timezone.now())
    assert "no_reminder" not in [each.code for each in usual.warnings]
    own = a_draft()
    add_rule(agency=own.agency, event=own, actor=None, minutes_before=60, now=timezone.now())
    assert "no_reminder" not in [each.code for each in publish(own, actor=None, now=timezone.now()).warnings]


def test_the_pages_of_the_desk_say_that_nobody_is_reminded() -> None:
    draft = a_draft()
    liaison = at_the_desk(draft.agency)
    for more in ("publish", ""):
        assert "Nobody is reminded of this meeting" in text_of(liaison.get(page(draft, more))), more
    said = text_of(liaison.get(page(draft, "outreach/")))
    assert "No reminder is set." in said
    assert "Reminders go out before the event" not in said


def test_a_reminder_is_offered_only_where_one_will_be_sent() -> None:
    bare, usual = an_event(), an_event(taken_in())
    soon = an_event(usual.agency)
    begins_at(soon, timezone.now() + dt.timedelta(hours=2))
    offered = {
        event: OFFER in Client().get(f"/events/{event.pk}").content.decode() for event in (bare, usual, soon)
    }
    # All that it would be reminded by is past: two hours are left, and the last reminder goes three hours before.
    assert [offered[event] for event in (bare, usual, soon)] == [False, True, False]


def test_an_agency_that_was_here_before_is_left_as_it_is() -> None:
    an_agency()
    assert ReminderRule.objects.count() == 0
