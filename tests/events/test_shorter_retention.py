"""Fewer days of keeping: told with numbers, begun in the second night, taken back until then; and no promise is ever lengthened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.agencies.models import Agency
from engage.agencies.onboarding import change_settings
from engage.agencies.shorter_retention import let_shorter_times_begin, second_night
from engage.confirming import ConfirmRequired
from engage.contacts.models import Contact
from events.event.models import Event
from events.planning.scheduling import edit
from events.rsvps.models import Rsvp
from events.rsvps.responding import respond
from outreach.worker import rounds
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of
from tests.makers.events import an_event, begins_at
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


def days_kept(event: Event) -> set[int]:
    event.refresh_from_db()
    rows: list[Any] = [*Rsvp.objects.filter(event=event), *Contact.objects.filter(scope_id=event.pk)]
    return {round((row.erase_after - event.ends_at) / dt.timedelta(days=1)) for row in rows}


def keep(agency: Agency, days: int, *, confirm: str | None = None, now: dt.datetime | None = None) -> Agency:
    agency.refresh_from_db()
    return change_settings(agency, actor=None, fields={"retention_days": days}, confirm=confirm, now=now)


def an_event_held(agency: Agency, days_ago: int, *emails: str) -> Event:
    event = an_event(agency, capacity=None)
    for email in emails:
        an_rsvp(event, email=email)
    begins_at(event, timezone.now() - dt.timedelta(days=days_ago))
    event.refresh_from_db()
    until = event.ends_at + dt.timedelta(days=agency.retention_days)
    Rsvp.objects.filter(event=event).update(erase_after=until)
    Contact.objects.filter(scope_id=event.pk).update(erase_after=until)
    return event


def test_it_says_how_many_addresses_of_how_many_events_are_erased_and_what_goes_sooner() -> None:
    agency = an_agency(retention_days=30)
    an_event_held(agency, 20, "ana@example.org", "bo@example.org")
    an_event_held(agency, 10, "cy@example.org")
    an_event_held(an_agency(), 20, "ana@example.org")
    respond(an_event(agency).pk, email="di@example.org", now=timezone.now())
    with pytest.raises(ConfirmRequired) as asked:
        keep(agency, 2, confirm="")
    told = {one.code: (one.number, one.sentence) for one in asked.value.question.consequences}
    assert told["addresses_erased"] == (3, "It erases 3 addresses of 2 meetings.")
    assert told["rsvps_erased"][0] == 3
    assert told["erased_sooner"][0] == 1
    assert "you can take it back" in told["when_retention_shortens"][1]
    agency.refresh_from_db()
    assert (agency.retention_days, agency.retention_days_next) == (30, None)


def test_a_yes_to_other_numbers_is_asked_again() -> None:
    agency = an_agency(retention_days=30)
    an_event_held(agency, 20, "ana@example.org")
    with pytest.raises(ConfirmRequired) as asked:
        keep(agency, 2, confirm="")
    an_event_held(agency, 20, "bo@example.org")
    with pytest.raises(ConfirmRequired) as again:
        keep(agency, 2, confirm=asked.value.question.digest)
    assert again.value.is_new
    keep(agency, 2, confirm=again.value.question.digest)
    assert agency.retention_days_next == 2


def test_until_the_second_night_everything_is_as_before_and_then_it_goes() -> None:
    agency = an_agency(retention_days=30)
    event = an_event_held(agency, 20, "ana@example.org")
    keep(agency, 2)
    respond(an_event(agency).pk, email="bo@example.org", now=timezone.now())
    at = agency.retention_next_at
    assert at is not None
    for night in (at - dt.timedelta(days=1), at - dt.timedelta(seconds=1)):
        rounds._erase(night)
        assert days_kept(event) == {30}
    rounds._erase(at)
    assert not Contact.objects.filter(scope_id=event.pk).exists()
    agency.refresh_from_db()
    assert (agency.retention_days, agency.retention_days_next, agency.retention_next_at) == (2, None, None)


def test_the_second_night_is_a_whole_day_away_at_least() -> None:
    for hour in range(24):
        now = NOON.replace(hour=hour)
        assert dt.timedelta(days=1) <= second_night(now) - now <= dt.timedelta(days=2)


def test_taken_back_before_it_begins_nothing_was_ever_changed() -> None:
    agency = an_agency(retention_days=30)
    event = an_event_held(agency, 20, "ana@example.org")
    keep(agency, 2)
    at = agency.retention_next_at
    keep(agency, 30)
    assert at is not None
    assert let_shorter_times_begin(now=at) == 0
    assert days_kept(event) == {30}
    assert event.people_kept_days is None


def test_raised_later_it_never_lengthens_what_was_promised_meanwhile_not_even_when_the_event_moves() -> None:
    agency = an_agency(retention_days=30)
    respond(an_event(agency).pk, email="ana@example.org", now=timezone.now())
    keep(agency, 2)
    assert agency.retention_next_at is not None
    let_shorter_times_begin(now=agency.retention_next_at)
    agency.refresh_from_db()
    meanwhile = an_event(agency)
    respond(meanwhile.pk, email="bo@example.org", now=timezone.now())
    assert days_kept(meanwhile) == {2}
    keep(agency, 60)
    assert days_kept(meanwhile) == {2}
    day = meanwhile.local_starts_at + dt.timedelta(days=3)
    edit(meanwhile.pk, actor=None, now=timezone.now(),
         fields={"starts_at": f"{day:%Y-%m-%dT%H:%M:%S}", "ends_at": f"{day + dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"})  # fmt: skip
    respond(meanwhile.pk, email="cy@example.org", now=timezone.now())
    assert days_kept(meanwhile) == {2}
    later = an_event(agency)
    respond(later.pk, email="di@example.org", now=timezone.now())
    assert days_kept(later) == {60}


def test_shortened_once_more_it_reaches_what_was_promised_for_longer_before() -> None:
    agency = an_agency(retention_days=10)
    event = an_event(agency)
    keep(agency, 60)
    respond(event.pk, email="ana@example.org", now=timezone.now())
    assert days_kept(event) == {10}
    keep(agency, 5)
    assert agency.retention_next_at is not None
    let_shorter_times_begin(now=agency.retention_next_at)
    assert days_kept(event) == {5}


def test_where_nothing_is_kept_yet_it_holds_at_once() -> None:
    assert keep(an_agency(retention_days=30), 2).retention_days == 2


def test_a_program_is_asked_with_the_same_numbers_and_sees_when_it_begins() -> None:
    agency = an_agency(retention_days=30)
    an_event_held(agency, 20, "ana@example.org")
    api, at = api_of(agency, "admin"), f"/agencies/{agency.slug}/"
    asked = api.patch(at, {"settings": {"retention_days": 2}})
    assert (asked.status_code, asked.json()["code"]) == (409, "confirm_required")
    assert asked.json()["consequences"][0]["number"] == 1
    done = api.patch(at, {"settings": {"retention_days": 2}, "confirm": asked.json()["confirm"]})
    settings = done.json()["settings"]
    assert (settings["retention_days"], settings["retention_days_next"]) == (30, 2)
    assert settings["retention_next_at"]
    back = api.patch(at, {"settings": {"retention_days": 30}}).json()["settings"]
    assert (back["retention_days_next"], back["retention_next_at"]) == (None, None)
