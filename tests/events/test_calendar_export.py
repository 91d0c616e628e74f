"""Feeds and invitations, read back by a calendar library, and by the octet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from events.calendars.export import (
    agency_feed,
    agency_feed_etag,
    dialogue_feed,
    event_calendar,
    invite_calendar,
    rsvp_calendar,
)
from events.calendars.lines import calendar, line, parameter, text_line
from events.event.models import Event
from events.planning.lifecycle import cancel, end, start
from events.planning.scheduling import edit
from events.planning.venues import edit_venue
from events.rsvps.models import Rsvp
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import a_draft, a_venue, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def read(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def now() -> dt.datetime:
    return timezone.now()


def test_the_feed_holds_every_public_event_that_was_ever_published_and_no_other() -> None:
    agency = an_agency()
    past, gone = an_event(agency, title="Past"), an_event(agency, title="Gone")
    start(past, now=now())
    end(past, now=now())
    cancel(gone, reason="Flood", actor=None, now=now())
    a_draft(agency, title="Draft")
    an_event(agency, title="Staff", audience="staff")
    an_event(agency, title="Invited", audience="invited")
    an_event(an_agency(), title="Elsewhere")
    found = {str(each["SUMMARY"]): str(each["STATUS"]) for each in read(agency_feed(agency).body)}
    assert found == {"Past": "CONFIRMED", "Gone": "CANCELLED"}


def test_an_event_that_is_made_non_public_leaves_the_feed_and_changes_its_version() -> None:
    agency = an_agency()
    event = an_event(agency)
    before = agency_feed(agency)
    edit(event, actor=None, now=now(), fields={"audience": "invited"})
    after = agency_feed(agency)
    assert (len(read(before.body)), len(read(after.body))) == (1, 0)
    assert before.etag != after.etag


def test_an_entry_says_the_same_as_the_event() -> None:
    agency = an_agency()
    venue = a_venue(
        agency,
        name="Library",
        room="Room 2",
        address="12 Main St; rear, left",
        latitude="41.9",
        longitude="-87.6",
    )
    event = an_event(
        agency, title="Café, corner; \\ talk", description="One\nTwo, three", venue=venue, languages=["en", "es"],
        starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00",
    )  # fmt: skip
    (entry,) = read(agency_feed(agency).body)
    assert str(entry["SUMMARY"]) == "Café, corner; \\ talk"
    assert str(entry["DESCRIPTION"]) == "One\nTwo, three"
    assert str(entry["LOCATION"]) == "Library, Room 2, 12 Main St; rear, left"
    assert str(entry["UID"]) == event.uid
    assert entry["SEQUENCE"] == event.sequence
    assert str(entry["URL"]).endswith(f"/events/{event.pk}")
    assert entry["DTSTART"].dt.astimezone(dt.UTC) == event.starts_at
    assert entry["DTEND"].dt.astimezone(dt.UTC) == event.ends_at
    assert entry["DTSTART"].params["TZID"] == "America/Chicago"
    assert entry["LAST-MODIFIED"].dt == event.feed_changed_at.replace(microsecond=0)


def test_the_frame_of_a_feed_is_as_the_rfc_asks() -> None:
    agency = an_agency(name="Harbor Falls — Police, North; " + "é" * 60)
    an_event(agency, title="ü" * 200, description="x" * 3000)
    an_event(agency, timezone="Africa/Casablanca")
    text = agency_feed(agency).body
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for each in lines:
        each.decode()  # no character is cut in two
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert text.rindex(b"END:VTIMEZONE") < text.index(b"BEGIN:VEVENT")
    assert text.count(b"BEGIN:VTIMEZONE") == 2


@pytest.mark.parametrize("fold", [0, 1])
def test_an_event_in_either_of_two_equal_hours_is_written_in_utc(fold: int) -> None:
    """Half of the programs read a local time there as the first, half as the second."""
    agency = an_agency()
    an_event(agency, starts_at="2027-11-07T01:30:00", ends_at="2027-11-07T03:00:00", fold=fold)
    (entry,) = read(agency_feed(agency).body)
    assert b"DTSTART:20271107T0%d3000Z" % (6 + fold) in agency_feed(agency).body
    assert entry["DTSTART"].dt == dt.datetime(2027, 11, 7, 6 + fold, 30, tzinfo=dt.UTC)
    # What comes once stays on the clock.
    assert b"DTEND;TZID=America/Chicago:20271107T030000" in agency_feed(agency).body


def test_the_version_changes_with_every_change_and_only_then() -> None:
    agency = an_agency()
    event = an_event(agency, venue=a_venue(agency))
    seen = [agency_feed_etag(agency)]
    # An RSVP is no change of the calendar.
    Event.objects.filter(pk=event.pk).update(seats_taken=3)
    assert agency_feed_etag(agency) == seen[0]
    for act in (
        lambda: edit(event, actor=None, now=now(), fields={"title": "New"}),
        lambda: edit_venue(event.venue, actor=None, now=now(), fields={"address": "14 Main St"}),
        lambda: an_event(agency),
        lambda: cancel(event, reason="Flood", actor=None, now=now()),
    ):
        act()
        seen.append(agency_feed_etag(agency))
    assert len(set(seen)) == len(seen)


def test_a_feed_costs_the_same_few_queries_however_long_it_is() -> None:
    agency = an_agency()
    for _ in range(3):
        an_event(agency)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        agency_feed(agency)
    assert len(asked) == 3


def test_a_dialogues_feed_holds_its_events_only() -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency)
    event = an_event(agency, dialogue=dialogue)
    an_event(agency)
    assert [str(each["UID"]) for each in read(dialogue_feed(dialogue).body)] == [event.uid]


def test_a_new_address_of_the_rsvp_reaches_calendars_as_a_move() -> None:
    agency = an_agency()
    event = an_event(agency, venue=a_venue(agency))
    edit_venue(event.venue, actor=None, now=now(), fields={"address": "14 Main St"})
    (entry,) = read(agency_feed(agency).body)
    assert str(entry["LOCATION"]) == "Library, 14 Main St"
    assert entry["SEQUENCE"] == event.sequence + 1


def test_an_invitation_asks_for_no_reply_and_counts_up_with_the_contact() -> None:
    event = an_event(title="Town hall")
    data = invite_calendar(event, method="REQUEST", attendee_address="ana@example.com", bumps=2)
    (entry,) = read(data)
    assert b"\r\nMETHOD:REQUEST\r\n" in data
    assert entry["SEQUENCE"] == event.sequence + 2
    assert str(entry["ATTENDEE"]) == "mailto:ana@example.com"
    assert entry["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(entry["ORGANIZER"]).startswith("mailto:")
    assert entry["ORGANIZER"].params["CN"] == event.agency.name
    gone = invite_calendar(event, method="CANCEL", attendee_address="ana@example.com", bumps=3)
    assert b"\r\nMETHOD:CANCEL\r\n" in gone
    assert str(read(gone)[0]["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_discreet_event_says_where_and_when_in_a_mailbox_and_nothing_else(language: str) -> None:
    agency = an_agency(name="Harbor Falls Police")
    event = an_event(
        agency,
        title="Survivors speak",
        description="Domestic violence",
        kind="listening_session",
        venue=a_venue(agency),
    )
    rsvp = Rsvp.objects.create(
        agency=agency,
        event=event,
        status="confirmed",
        confirmed_at=now(),
        checkin_code="A" * 10,
        language=language,
    )
    for data in (
        invite_calendar(event, method="REQUEST", attendee_address="ana@example.com", language=language),
        event_calendar(event),
        rsvp_calendar(rsvp),
    ):
        (entry,) = read(data)
        assert not {"DESCRIPTION", "CATEGORIES", "URL"} & set(entry)
        for word in (b"Survivors", b"violence", b"Police", b"listening"):
            assert word not in data.replace(b"\r\n ", b"")
        assert str(entry["LOCATION"]) == "Library, 12 Main St"
    # The public feed keeps the true title: whoever reads it reads everybody's.
    assert str(read(agency_feed(agency).body)[0]["SUMMARY"]) == "Survivors speak"


def test_the_calendar_of_a_cancelled_rsvp_cancels_the_entry() -> None:
    event = an_event()
    rsvp = Rsvp.objects.create(
        agency=event.agency, event=event, status="cancelled", cancelled_at=now(), checkin_code="A" * 10
    )
    (entry,) = read(rsvp_calendar(rsvp))
    assert str(entry["STATUS"]) == "CANCELLED"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("status", "says", "begins"),
    [
        ("confirmed", "CONFIRMED", ""),
        ("offered", "TENTATIVE", ""),
        ("waitlisted", "TENTATIVE", {"en": "Waitlist: ", "es": "Lista de espera: "}),
    ],
)
def test_who_has_no_seat_yet_has_a_tentative_entry(
    status: str, says: str, begins: Any, language: str
) -> None:
    event = an_event(title="Budget")
    rsvp = Rsvp(agency=event.agency, event=event, status=status, language=language)
    (entry,) = read(rsvp_calendar(rsvp))
    prefix = begins[language] if begins else ""
    assert (str(entry["STATUS"]), str(entry["SUMMARY"])) == (says, f"{prefix}Budget")
    invited = invite_calendar(
        event, method="REQUEST", attendee_address="ana@example.com", language=language,
        holds_an_rsvp=status == "confirmed",
    )  # fmt: skip
    assert str(read(invited)[0]["STATUS"]) == says
    event.status, event.cancelled_reason = "cancelled", "Storm."
    assert str(read(rsvp_calendar(rsvp))[0]["STATUS"]) == "CANCELLED"


@given(st.text(max_size=400))
def test_no_text_can_end_its_line_or_lose_a_character(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    written = text_line("SUMMARY", value) or "SUMMARY:\r\n"
    assert all(len(each.encode()) <= 75 for each in written.split("\r\n"))
    assert written.replace("\r\n ", "").count("\r\n") == 1
    lines = icalendar.parser.Contentlines.from_ical(written)
    assert len([each for each in lines if each]) == 1
    if value.isprintable() and value:
        body = calendar("BEGIN:VEVENT\r\nUID:1\r\n", written, "END:VEVENT\r\n")
        assert str(read(body)[0]["SUMMARY"]) == value


@given(st.text(max_size=60))
def test_no_name_can_leave_its_quotes(name: str) -> None:
    written = line(
        f"ORGANIZER;CN={parameter(name.encode('utf-8', 'replace').decode())}", "mailto:a@b.example"
    )
    unfolded = written.replace("\r\n ", "")
    assert unfolded.count('"') == 2
    assert unfolded.count("\r\n") == 1
    assert "\n" not in unfolded[:-2]
