"""Meetings from a file: seen first, then taken over, and nothing half-way."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engage.agencies.models import Agency
from events.event.models import Event
from events.imports.importing import UPLOAD_BYTES, UPLOAD_EVENTS
from outreach.ledger.models import Delivery
from tests.makers.agencies import an_agency
from tests.makers.pages import html_of
from tests.web.staff_clients import errors_of, staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HEAD = "id,title,start,end,location\n"
TABLE = HEAD + "1,Harbor council,2027-03-02T18:00,2027-03-02T19:30,Library\n2,,2027-03-03T18:00,,\n"
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//EN\r
BEGIN:VEVENT\r
UID:one@example.org\r
DTSTART:20270312T180000Z\r
DTEND:20270312T190000Z\r
SUMMARY:Coffee <script>\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def liaison(agency: Agency) -> Client:
    return staff(agency)


def at(agency: Agency) -> str:
    return f"/desk/{agency.slug}/import/"


def foreseen(client: Client, agency: Agency, text: str | bytes, name: str = "meetings.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post(at(agency), {"file": SimpleUploadedFile(name, data)})


def taken(client: Client, agency: Agency, seen: Any) -> Any:
    sent = {"carried": seen.context["carried"], "file_name": seen.context["file_name"]}
    return client.post(at(agency), sent)


def test_first_it_is_shown_then_taken_over_and_a_second_time_changes_nothing(
    agency: Agency, liaison: Client
) -> None:
    seen = foreseen(liaison, agency, TABLE)
    said = html_of(seen)
    assert "Take over 1 meeting<" in said
    assert "The row has no title." in said
    assert not Event.objects.exists()
    done = taken(liaison, agency, seen)
    assert "What happened" in html_of(done)
    assert Event.objects.get().title == "Harbor council"
    assert not Delivery.objects.exists()
    again = foreseen(liaison, agency, TABLE)
    assert "There is nothing new in this file." in html_of(again)
    moved = foreseen(liaison, agency, TABLE.replace("18:00,2027-03-02T19:30", "17:00,2027-03-02T18:30"))
    assert [number for _words, number in moved.context["counts"]] == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.ics", CALENDAR), ("a.json", '[{"title": "Coffee <script>", "start": "2027-03-02T18:00"}]')],
)
def test_calendars_and_lists_are_read_too_and_what_they_say_is_escaped(
    agency: Agency, liaison: Client, name: str, text: str
) -> None:
    seen = foreseen(liaison, agency, text, name)
    assert "Coffee &lt;script&gt;" in html_of(seen)
    assert taken(liaison, agency, seen)["Location"] == f"/desk/{agency.slug}/"
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ""), ("a.csv", "nothing,here\n1,2\n"), ("a.pdf", TABLE), ("a.ics", "no calendar"), ("a.json", "{nope"),
        ("a.csv", HEAD + "1,x,2027-03-02T18:00,,\n" * (UPLOAD_EVENTS + 1)), ("a.csv", HEAD + "x" * UPLOAD_BYTES),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(
    agency: Agency, liaison: Client, name: str, text: str
) -> None:
    answer = foreseen(liaison, agency, text, name)
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"file"}
    assert "<title>Error: " in html_of(answer)
    assert not Event.objects.exists()


def test_no_file_is_said_and_what_was_tampered_with_takes_nothing_over(
    agency: Agency, liaison: Client
) -> None:
    assert set(errors_of(liaison.post(at(agency), {}))) == {"file"}
    for carried in ("", "not base64!", "QUJD"):
        answer = liaison.post(at(agency), {"carried": carried, "file_name": "a.csv"})
        assert answer.status_code == 400
        assert set(errors_of(answer)) == {"file"}
    assert not Event.objects.exists()


def test_a_thousand_events_go_through_at_once(agency: Agency, liaison: Client) -> None:
    rows = "".join(
        f"{number},Meeting {number},2027-03-02T18:00,,Library\n" for number in range(UPLOAD_EVENTS)
    )
    assert taken(liaison, agency, foreseen(liaison, agency, HEAD + rows)).status_code == 302
    assert Event.objects.count() == UPLOAD_EVENTS


def test_only_who_plans_events_of_this_agency(agency: Agency) -> None:
    for kind in ("leader", "panelist", "admin"):
        assert staff(agency, kind).get(at(agency)).status_code == 403
    assert staff(None).get(at(agency)).status_code == 404
    assert foreseen(staff(None), agency, TABLE).status_code == 404
