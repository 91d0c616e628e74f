"""The link of an online meeting is for staff and for whoever holds a place; how full a discreet one is, for staff."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from events.calendars.export import render_vevent
from events.event.models import Event
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import an_event, begins_at
from tests.makers.rsvps import an_rsvp, given_back

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LINK = "https://meet.example/secret-room"


def online(**more: Any) -> Event:
    return an_event(**{"format": "online", "online_url": LINK} | more)


def read_by_everybody(event: Event) -> dict[str, str]:
    """Each public answer in which the meeting stands."""
    slug = event.agency.slug
    paths = [
        f"/api/v1/events/{event.pk}/", f"/api/v1/events/?agency={slug}", f"/events/{event.pk}", f"/es/events/{event.pk}",
        f"/events/{event.pk}/invite.ics", f"/calendars/{slug}.ics", f"/agencies/{slug}/", f"/agencies/{slug}/meetings/",
        f"/events/{event.pk}/poster", f"/events/{event.pk}/my-link", f"/events/{event.pk}/ask",
    ]  # fmt: skip
    answers = {path: Client().get(path) for path in paths}
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    # iCalendar folds its lines.
    return {
        path: (b"".join(answer.streaming_content) if answer.streaming else answer.content)
        .decode()
        .replace("\r\n ", "")
        for path, answer in answers.items()
    }


def read_by_link(rsvp: Rsvp) -> list[str]:
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    calendar = mint(Purpose.CALENDAR, rsvp.pk, rsvp.link_version)
    paths = [f"/api/v1/rsvps/{token}/", f"/r/{token}", f"/calendars/rsvp/{calendar}.ics"]
    return [Client().get(path).content.decode().replace("\r\n ", "") for path in paths]


@pytest.mark.parametrize("kind", ["online", "hybrid"])
def test_nobody_without_an_rsvp_reads_the_link_anywhere(kind: str) -> None:
    event = online(format=kind)
    assert {path for path, said in read_by_everybody(event).items() if "secret-room" in said} == set()
    stranger = api_of(an_agency()).get(f"/events/{event.pk}/").json()
    assert stranger["online_url"] is None


def test_whoever_holds_an_rsvp_reads_it_and_staff() -> None:
    event = online()
    rsvp = an_rsvp(event, email="ana@mail.example")
    # The page opens the door a quarter of an hour before.
    begins_at(event, timezone.now() + dt.timedelta(minutes=10))
    assert all(LINK in said for said in read_by_link(rsvp))
    for kind in ("liaison", "leader", "admin"):
        assert api_of(event.agency, kind).get(f"/events/{event.pk}/").json()["online_url"] == LINK
    assert (
        api_of(event.agency, "leader", scopes=["insights:read"])
        .get(f"/events/{event.pk}/")
        .json()["online_url"]
        is None
    )


def test_whoever_waits_or_has_given_the_rsvp_back_reads_it_no_more() -> None:
    event = online(capacity=1)
    rsvp, waiting = an_rsvp(event, email="ana@mail.example"), an_rsvp(event, email="bo@mail.example")
    assert waiting.status == "waitlisted"
    assert not any("secret-room" in said for said in read_by_link(waiting))
    given_back(rsvp, timezone.now())
    assert not any("secret-room" in said for said in read_by_link(rsvp))


def test_an_event_that_takes_no_rsvps_has_its_link_for_everybody() -> None:
    event = online(rsvp_mode="none")
    assert Client().get(f"/api/v1/events/{event.pk}/").json()["online_url"] == LINK
    assert LINK in Client().get(f"/events/{event.pk}").content.decode()


def test_the_kept_lines_of_the_feeds_lose_links_of_before() -> None:
    event = online(
        format="hybrid", description="Come; and, listen.\nAll welcome.", getting_there="Bus 4." * 20
    )
    clean = render_vevent(event)
    told = "Come\\; and\\, listen.\\nAll welcome.\\n\\n" + "Bus 4." * 20
    kept = clean.replace("\r\n ", "").replace(told, f"{told}\\n\\n{LINK}")
    assert LINK in kept
    Event.objects.filter(pk=event.pk).update(vevent=kept)
    migration = importlib.import_module("events.migrations.0010_feeds_without_links")
    with connection.schema_editor() as editor:
        migration.without_links(apps, editor)
    event.refresh_from_db()
    assert event.vevent == clean


def test_how_full_a_discreet_event_is_concerns_its_staff_alone() -> None:
    event = an_event(discreet=True, capacity=9)
    before = the_public().get(f"/events/{event.pk}/")
    an_rsvp(event, 2, email="ana@mail.example")
    after = the_public().get(f"/events/{event.pk}/")
    for name in ("seats_taken", "seats_left", "waitlist_count", "waitlist_too_large"):
        assert after.json()[name] is None
    assert after["ETag"] == before["ETag"]
    assert after.content == before.content
    seen = api_of(event.agency, "leader").get(f"/events/{event.pk}/").json()
    assert (seen["seats_taken"], seen["seats_left"], seen["waitlist_count"]) == (2, 7, 0)
    assert the_public().get(f"/events/{an_event(capacity=9).pk}/").json()["seats_left"] == 9
