"""The made-up year keeps every rule that a real one would, is loaded once, and mails nobody."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count, F, Max, Q
from django.test import Client

from demo import made_year as made_year_room
from demo.made_year.agencies import MAIN, PEOPLE, SECOND
from demo.made_year.commitments import COMMITMENTS, MAIN_COMMITMENTS, State
from demo.made_year.loading import load
from engage.activity.models import Activity
from engage.agencies.models import Agency, Community
from engage.commitments.figures import follow_through
from engage.commitments.models import Commitment
from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.listening.models import Contribution, Theme
from engage.local_time import local_day
from engage.people.models import Person
from events.door.models import EventTotals
from events.event.models import Event
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.waitlisting import promote_where_seats_are_free
from outreach.ledger.models import Delivery
from outreach.summaries.models import OutcomeSummary, SummaryVersion
from tests.makers.rsvps import sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def now(made_year: dt.datetime) -> dt.datetime:
    return made_year


@pytest.fixture
def main(made_year: dt.datetime) -> Agency:
    return Agency.objects.get(slug=MAIN)


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


def test_the_commitments_are_41_in_every_state_and_the_drafts_count_nowhere(
    main: Agency, now: dt.datetime
) -> None:
    told = follow_through(agency=main, today=local_day(main.timezone, now), public=False)["counts"]
    states = [made.stands for made in MAIN_COMMITMENTS]
    assert told["total"] == 41
    assert Commitment.objects.filter(agency=main, draft=True).count() == 2
    assert told["kept"] == states.count(State.KEPT) + states.count(State.KEPT_LATE)
    assert told["kept_on_time"] == states.count(State.KEPT)
    assert told["at_risk"] == states.count(State.AT_RISK)
    assert told["late"] == states.count(State.LATE)
    assert told["moved"] == states.count(State.MOVED)
    assert told["kept_in_part"] == states.count(State.KEPT_IN_PART)
    assert told["on_track"] == states.count(State.ON_TRACK)
    assert told["not_kept"] == states.count(State.NOT_KEPT)
    assert told["will_not_do"] == states.count(State.STOPPED)
    assert min(states.count(state) for state in State) >= 2


def test_the_numbers_of_commitments_have_no_gaps(main: Agency) -> None:
    for agency in Agency.objects.all():
        numbers = Commitment.objects.filter(agency=agency, draft=False).values_list("number", flat=True)
        assert sorted(numbers) == list(range(1, agency.last_commitment_number + 1))


def test_every_change_of_a_commitment_is_told_and_lies_in_the_past(main: Agency, now: dt.datetime) -> None:
    counted = Commitment.objects.annotate(told=Count("updates"), last=Max("updates__number"))
    assert not counted.exclude(told=F("updates_count")).exists()
    assert not counted.filter(updates__at__gt=now).exists()
    assert not Commitment.objects.filter(status="kept", evidence=None).exists()
    assert not Commitment.objects.filter(closed_on__gt=now.date()).exists()


def test_counters_are_the_sums_of_the_rsvps_that_are_there(main: Agency) -> None:
    for event in Event.objects.filter(rsvps__isnull=False).distinct():
        assert sums_hold(event.pk), event.title
    assert Rsvp.objects.filter(status="waitlisted").exists()


def test_nobody_waits_beside_a_free_seat(main: Agency, now: dt.datetime) -> None:
    assert promote_where_seats_are_free(now=now) == 0


def test_there_are_events_behind_and_ahead_and_each_has_a_state_that_fits(
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


def sentences_of_the_commitments() -> list[str]:
    texts = [text for made in COMMITMENTS for text in (made.title, made.done_means, *made.es.values())]
    lines = [line for made in COMMITMENTS for line in made.history]
    texts += [line[name] for line in lines for name in ("note", "reason", "evidence") if name in line]
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?!]) ", text)]


def test_no_sentence_stands_twice_in_the_commitments_and_each_says_what_we_will_do() -> None:
    twice = {one: number for one, number in Counter(sentences_of_the_commitments()).items() if number > 1}
    assert twice == {}
    assert all(made.title.startswith("We will ") for made in COMMITMENTS)


def test_what_was_said_stands_once_and_in_both_languages_where_it_is_kept_in_both(main: Agency) -> None:
    said = Contribution.objects.exclude(body="").values_list("body", flat=True)
    assert [body for body, number in Counter(said).items() if number > 1] == []
    for model in (Commitment, Event):
        assert not model.objects.filter(translations={}).exists()
    assert not SummaryVersion.objects.filter(translations={}).exists()


@pytest.mark.parametrize(
    "path", sorted(Path(made_year_room.__path__[0]).glob("*.py")), ids=lambda path: path.stem
)
def test_the_year_is_played_by_acts_and_writes_no_row_itself(path: Path) -> None:
    """A loader that writes rows is a second place for every rule, and drifts from the first."""
    text = path.read_text(encoding="utf-8")
    written = re.findall(
        r"\b(?:bulk_create|bulk_update|get_or_create)\b|objects\.create\(|\.save\(|\.update\(", text
    )
    assert written == []
