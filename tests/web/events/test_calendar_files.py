"""Calendars as programs fetch them."""

from __future__ import annotations

from typing import Any

import icalendar
import pytest
from django.test import Client

from engage.contacts.links import Purpose, mint
from engage.listening.models import Dialogue
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def titles(body: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(body).walk("VEVENT")]


def test_an_agencys_feed_has_its_public_events_and_nobody_elses(client: Client) -> None:
    agency = an_agency()
    an_event(agency, title="Open to all")
    an_event(agency, title="Staff only", audience="staff")
    a_draft(agency, title="Not yet")
    an_event(title="Another town's")
    answer = client.get(f"/calendars/{agency.slug}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert titles(answer.content) == ["Open to all"]


def test_a_reader_who_has_it_already_gets_304_and_after_a_change_the_new_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agency = an_agency()
    an_event(agency)
    first = client.get(f"/calendars/{agency.slug}.ics")
    tag = first["ETag"]
    # The agency, the feed's version, and whether it names a discreet meeting.
    with django_assert_max_num_queries(3):
        again = client.get(f"/calendars/{agency.slug}.ics", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    an_event(agency, title="A second one")
    changed = client.get(f"/calendars/{agency.slug}.ics", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_a_dialogues_feed_and_no_feed_of_one_still_planned(client: Client) -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency, stage=Dialogue.Stage.OPEN)
    planned = a_dialogue(agency)
    an_event(agency, dialogue=dialogue.pk, title="Part of it")
    an_event(agency, title="Not part of it")
    found = client.get(f"/calendars/{agency.slug}/dialogues/{dialogue.pk}.ics")
    assert titles(found.content) == ["Part of it"]
    for path in (f"{agency.slug}/dialogues/{planned.pk}", f"{an_agency().slug}/dialogues/{dialogue.pk}"):
        assert client.get(f"/calendars/{path}.ics").status_code == 404


def test_one_public_event_can_be_saved_and_no_other(client: Client) -> None:
    event, draft = an_event(title="Town hall"), a_draft()
    staff = an_event(audience="staff")
    answer = client.get(f"/events/{event.pk}/invite.ics")
    assert titles(answer.content) == ["Town hall"]
    assert client.get(f"/events/{draft.pk}/invite.ics").status_code == 404
    assert client.get(f"/events/{staff.pk}/invite.ics").status_code == 404


def test_a_discreet_event_is_saved_under_a_neutral_name(client: Client) -> None:
    event = an_event(title="Survivors of violence", kind="listening_session")
    assert b"Survivors" not in client.get(f"/events/{event.pk}/invite.ics").content


def test_an_rsvps_own_calendar_opens_by_its_link_and_by_no_other(client: Client) -> None:
    rsvp = an_rsvp(an_event(title="Town hall"), email="a@home.example")
    answer = client.get(f"/calendars/rsvp/{mint(Purpose.CALENDAR, rsvp.pk)}.ics")
    assert titles(answer.content) == ["Town hall"]
    assert "no-store" in answer["Cache-Control"]
    assert b"a@home.example" not in answer.content
    assert client.get(f"/calendars/rsvp/{mint(Purpose.RSVP_MAIL, rsvp.pk)}.ics").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/calendars/nobody.ics", "/calendars/%00.ics", "/calendars/../x.ics", "/calendars/rsvp/x.ics",
     "/events/not-an-id/invite.ics"],
)  # fmt: skip
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_feeds_are_read_only(client: Client) -> None:
    assert client.post(f"/calendars/{an_agency().slug}.ics").status_code == 405
