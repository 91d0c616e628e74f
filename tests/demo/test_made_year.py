"""The made-up year keeps every rule that a real one would, is loaded once, and mails nobody."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Max, Q
from django.test import Client
from django.utils import timezone

from config.made_year.agencies import MAIN, PEOPLE, SECOND
from config.made_year.loading import load
from config.made_year.promises import MAIN_PROMISES, State
from engage.agency_time import local_day
from engage.contact_keeping import address_of
from engage.follow_through import follow_through
from engage.models import Activity, Agency, Commitment, Community, Contact, Contribution, Person, Theme
from events.models import CheckIn, Event, EventTotals, Rsvp
from events.waitlisting import promote_where_seats_are_free
from outreach.models import Delivery, OutcomeSummary, SummaryVersion
from tests.makers.places import sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def main(now: dt.datetime) -> Agency:
    assert load(now=now)
    return Agency.objects.get(slug=MAIN)


def test_it_is_there_in_seconds(now: dt.datetime) -> None:
    began = time.process_time()
    load(now=now)
    assert time.process_time() - began < 6


def test_a_second_load_changes_nothing(main: Agency, now: dt.datetime) -> None:
    def rows() -> dict[str, list[Any]]:
        return {
            model._meta.label: list(model._default_manager.order_by("pk").values_list())
            for model in apps.get_models()
            if model._meta.app_label in {"engage", "events", "outreach"}
        }

    before = rows()
    assert not load(now=now + dt.timedelta(days=3))
    assert rows() == before


def test_the_promises_are_41_in_every_state_and_the_drafts_count_nowhere(
    main: Agency, now: dt.datetime
) -> None:
    told = follow_through(agency=main, today=local_day(main.timezone, now), public=False)["counts"]
    states = [made.state for made in MAIN_PROMISES]
    assert told["total"] == 41
    assert Commitment.objects.filter(agency=main, draft=True).count() == 2
    assert told["kept"] == states.count(State.KEPT) + states.count(State.KEPT_LATE)
    assert told["kept_on_time"] == states.count(State.KEPT)
    assert told["at_risk"] == states.count(State.AT_RISK)
    assert told["late"] == states.count(State.LATE)
    assert told["not_kept"] == states.count(State.NOT_KEPT)
    assert told["will_not_do"] == states.count(State.STOPPED)
    assert min(states.count(state) for state in State) >= 2


def test_the_numbers_of_promises_have_no_gaps(main: Agency) -> None:
    for agency in Agency.objects.all():
        numbers = Commitment.objects.filter(agency=agency, draft=False).values_list("number", flat=True)
        assert sorted(numbers) == list(range(1, agency.last_commitment_number + 1))


def test_every_change_of_a_promise_is_told_and_lies_in_the_past(main: Agency, now: dt.datetime) -> None:
    counted = Commitment.objects.annotate(told=Count("updates"), last=Max("updates__number"))
    assert not counted.exclude(told=F("updates_count")).exists()
    assert not counted.filter(updates__at__gt=now).exists()
    assert not Commitment.objects.filter(status="kept", evidence=None).exists()
    assert not Commitment.objects.filter(closed_on__gt=now.date()).exists()


def test_counters_are_the_sums_of_the_places_that_are_there(main: Agency) -> None:
    for event in Event.objects.filter(rsvps__isnull=False).distinct():
        assert sums_hold(event.pk), event.title
    assert Rsvp.objects.filter(status="waitlisted").exists()


def test_nobody_waits_beside_a_free_seat(main: Agency, now: dt.datetime) -> None:
    assert promote_where_seats_are_free(now=now) == 0


def test_there_are_meetings_behind_and_ahead_and_each_has_a_state_that_fits(
    main: Agency, now: dt.datetime
) -> None:
    mine = Event.objects.filter(agency=main)
    assert mine.filter(ends_at__lte=now).count() == 40
    assert mine.filter(starts_at__gt=now).count() == 12
    assert not mine.filter(ends_at__lte=now, status__in=["published", "live", "draft"]).exists()
    assert not mine.filter(starts_at__gt=now, status__in=["ended", "reported", "live"]).exists()
    assert mine.filter(starts_at__lte=now, ends_at__gt=now).get().status == "live"
    assert set(mine.values_list("status", flat=True)) == {
        "published",
        "live",
        "ended",
        "reported",
        "cancelled",
        "draft",
    }
    assert Event.objects.filter(agency__slug=SECOND).count() == 13


def test_no_row_of_a_person_outlives_its_day(main: Agency, now: dt.datetime) -> None:
    for model in (Contact, Rsvp, CheckIn):
        assert model.objects.exists()
        assert not model.objects.filter(Q(erase_after=None) | Q(erase_after__lte=now)).exists()
    old = Event.objects.filter(agency=main, ends_at__lt=now - dt.timedelta(days=31)).exclude(status="draft")
    assert not old.filter(rsvps__isnull=False).exists()
    assert EventTotals.objects.filter(event__in=old).count() == old.count()


def test_addresses_reach_nobody_and_lie_sealed(main: Agency) -> None:
    contacts = list(Contact.objects.all())
    assert len(contacts) > 100
    assert all(address_of(contact).endswith(".example") for contact in contacts)
    assert all(b"example" not in bytes(contact.sealed_address) for contact in contacts)
    assert all(person.email.endswith(".example") for person in Person.objects.all())


def test_everything_is_born_announced_and_nothing_is_to_be_sent(main: Agency) -> None:
    assert Activity.objects.exists()
    assert not Activity.objects.filter(announced_at=None).exists()
    assert not Delivery.objects.exists()
    assert not Rsvp.objects.exclude(remind="none").exists()


def test_themes_count_what_is_shown(main: Agency) -> None:
    for theme in Theme.objects.all():
        assert (
            theme.contributions_count == Contribution.objects.filter(theme=theme, moderation="shown").count()
        )
    assert Theme.objects.filter(contributions_count__gte=5).exists()
    states = set(Contribution.objects.values_list("moderation", flat=True))
    assert states == {"shown", "waiting", "hidden"}


def test_summaries_are_published_for_the_past_and_their_events_reported(main: Agency) -> None:
    published = SummaryVersion.objects.filter(status="published")
    assert published.count() >= 20
    assert set(published.values_list("summary__event__status", flat=True)) == {"reported"}
    assert {"draft", "approved"} <= set(SummaryVersion.objects.values_list("status", flat=True))
    reported = Event.objects.filter(status="reported").count()
    assert reported == OutcomeSummary.objects.exclude(first_published_at=None).count()


def test_shares_of_one_kind_of_community_are_at_most_everybody(main: Agency) -> None:
    for agency in Agency.objects.all():
        for kind in Community.Kind.values:
            shares = Community.objects.filter(agency=agency, kind=kind).values_list(
                "population_share", flat=True
            )
            assert sum(share or 0 for share in shares) <= 100


def test_the_feed_and_the_first_page_show_it(main: Agency, client: Client) -> None:
    feed = client.get(f"/calendars/{MAIN}.ics").content
    assert feed.count(b"BEGIN:VEVENT") >= 40
    assert b"STATUS:CANCELLED" in feed
    assert b"Harbor Falls Police Department" in client.get("/").content


def test_nobody_can_sign_in_before_the_credentials_are_made(main: Agency) -> None:
    assert not any(person.has_usable_password() for person in Person.objects.all())
    assert Person.objects.count() == len(PEOPLE)


def test_made_up_people_have_no_business_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    for command in ("load_demo", "demo_credentials"):
        with pytest.raises(CommandError):
            call_command(command, stdout=io.StringIO())
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    "day",
    [
        dt.datetime(2027, 3, 14, 12, tzinfo=dt.UTC),
        dt.datetime(2027, 11, 7, 5, 30, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 29, 3, tzinfo=dt.UTC),
        dt.datetime(2029, 1, 1, 0, 0, 1, tzinfo=dt.UTC),
    ],
)
def test_it_holds_on_any_day_of_the_year(day: dt.datetime) -> None:
    assert load(now=day)
    assert not Event.objects.filter(ends_at__lte=day, status="published").exists()
    agency = Agency.objects.get(slug=MAIN)
    told = follow_through(agency=agency, today=local_day(agency.timezone, day), public=False)["counts"]
    assert (told["total"], told["late"], told["at_risk"]) == (41, 5, 4)
