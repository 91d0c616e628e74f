"""Importing iCalendar: what publishers really send, and what somebody hostile might."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.refusals import Refusal, RuleViolation
from events.calendars.export import agency_feed
from events.event.models import Event
from events.imports.importing import import_calendar, import_file
from events.imports.notices import FileRefused, FileTooLarge, NotACalendar
from events.planning.lifecycle import publish
from events.planning.scheduling import edit
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.real_notices import real_notice

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def entry(*lines: str, uid: str = "1", start: str = "DTSTART:20270301T180000", title: str = "Talk") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", start, *lines, "END:VEVENT", ""])


def a_calendar(*entries: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(entries) + "END:VCALENDAR\r\n").encode()


def take(agency: Agency, *entries: str, now: dt.datetime = NOW, **more: Any) -> dict[str, Any]:
    return import_calendar(agency, a_calendar(*entries), actor=None, now=now, **more)


def codes(report: dict[str, Any]) -> list[str]:
    return [each["code"] for each in report["results"]]


def test_the_boards_evening_events_stay_on_their_evening() -> None:
    agency = an_agency(timezone="America/Detroit")
    path = real_notice("detroit-board-of-education-2019.ics")
    report = import_calendar(agency, path.read_bytes(), actor=None, now=NOW)
    assert report["counts"] | {"created": 33, "faulty": 0} == report["counts"]
    event = Event.objects.get(source_key="uid:7856")
    assert (event.local_starts_at, event.timezone) == (dt.datetime(2019, 4, 16, 17, 30), "America/Detroit")
    assert event.starts_at == dt.datetime(2019, 4, 16, 21, 30, tzinfo=dt.UTC)
    again = import_calendar(agency, path.read_bytes(), actor=None, now=NOW + dt.timedelta(days=1))
    assert again["counts"] | {"created": 0, "unchanged": 33} == again["counts"]
    # The same numbers in another agency's calendar are other meetings.
    other = import_calendar(an_agency(), path.read_bytes(), actor=None, now=NOW)
    assert other["counts"]["created"] == 33


def test_uids_with_markup_and_a_broken_time_zone_hinder_nothing() -> None:
    agency = an_agency()
    path = real_notice("chicago-housing-trust-fund-2024.ics")
    report = import_calendar(agency, path.read_bytes(), actor=None, now=NOW)
    assert report["counts"]["created"] == 30
    assert report["results"][0]["uid"].startswith('<span class="xQ8Cnt">')
    event = Event.objects.get(title="Outreach Meeting", local_starts_at="2024-05-09T08:30")
    assert (event.status, event.timezone) == ("ended", "America/Chicago")
    days = Event.objects.filter(time_to_set=True)
    assert days.count() > 0
    assert set(days.values_list("status", flat=True)) == {"draft"}
    assert import_file(path, agency=agency, now=NOW + dt.timedelta(days=1)).outcomes == {"unchanged": 30}


def test_our_own_feed_read_back_means_the_same_instants() -> None:
    ours, theirs = an_agency(), an_agency(timezone="America/New_York")
    for number, zone in enumerate(("America/Chicago", "Africa/Casablanca", "UTC", "Australia/Lord_Howe")):
        an_event(ours, title=f"In {number}", timezone=zone)
    an_event(ours, title="Twice", starts_at="2027-11-07T01:30:00", ends_at="2027-11-07T02:30:00", fold=1)
    report = import_calendar(theirs, agency_feed(ours).body, actor=None, now=NOW)
    assert report["counts"]["created"] == 5
    instants = [
        set(Event.objects.filter(agency=each).values_list("title", "starts_at", "ends_at"))
        for each in (ours, theirs)
    ]
    assert instants[0] == instants[1]


def test_the_same_uid_updates_an_event_and_tells_those_who_have_an_rsvp() -> None:
    agency = an_agency()
    take(agency, entry("DTEND:20270301T190000"))
    report = take(
        agency,
        entry("DTEND:20270301T200000", start="DTSTART:20270301T190000"),
        now=NOW + dt.timedelta(days=1),
    )
    event = Event.objects.get()
    assert report["counts"]["updated"] == 1
    assert (event.local_starts_at.hour, event.schedule_version, event.sequence) == (19, 2, 1)
    assert Activity.objects.filter(verb="event.moved", announced_at=None).count() == 1
    gone = take(
        agency, entry("STATUS:CANCELLED", start="DTSTART:20270301T190000"), now=NOW + dt.timedelta(days=2)
    )
    assert gone["counts"]["updated"] == 1
    assert Event.objects.get().status == "cancelled"


def test_a_day_that_gets_its_hour_waits_for_somebody_to_publish_it() -> None:
    agency = an_agency()
    take(agency, entry(start="DTSTART;VALUE=DATE:20270301"))
    report = take(agency, entry(), now=NOW + dt.timedelta(days=1))
    event = Event.objects.get()
    assert (event.status, event.time_to_set) == ("draft", False)
    assert report["results"][0]["notes"][-1].startswith("A time was given now")
    publish(event, actor=None, now=NOW)


def test_what_is_not_public_there_is_a_draft_for_staff_here() -> None:
    take(an_agency(), entry("CLASS:PRIVATE"))
    event = Event.objects.get()
    assert (event.status, event.audience, event.vevent) == ("draft", "staff", "")


@pytest.mark.parametrize(
    ("start", "hour", "zone"),
    [
        ("DTSTART;TZID=America/Denver:20270301T180000", 18, "America/Denver"),
        ('DTSTART;TZID="Mountain Standard Time":20270301T180000', 18, "America/Denver"),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/America/Denver:20270301T180000",
            18,
            "America/Denver",
        ),
        ("DTSTART:20270302T010000Z", 19, "America/Chicago"),
        ("DTSTART:20270301T180000", 18, "America/Chicago"),
    ],
)
def test_a_zone_is_understood_by_its_usual_names(start: str, hour: int, zone: str) -> None:
    take(an_agency(), entry(start=start))
    event = Event.objects.get()
    assert (event.local_starts_at, event.timezone) == (dt.datetime(2027, 3, 1, hour), zone)


def test_a_weekly_event_stays_at_its_hour_through_the_change_of_clocks_and_keeps_its_exceptions() -> None:
    agency = an_agency()
    weekly = entry(
        "RRULE:FREQ=WEEKLY;UNTIL=20270329T000000Z", "EXDATE:20270308T180000", "DURATION:PT90M", start="DTSTART:20270301T180000"
    )  # fmt: skip
    moved = entry("RECURRENCE-ID:20270322T180000", start="DTSTART:20270323T190000", title="Talk, moved")
    report = take(agency, weekly, moved)
    found = list(Event.objects.order_by("starts_at").values_list("local_starts_at", "title"))
    assert [(f"{start:%m-%d %H}", title) for start, title in found] == [
        ("03-01 18", "Talk"), ("03-15 18", "Talk"), ("03-23 19", "Talk, moved"),
    ]  # fmt: skip
    assert report["counts"]["created"] == 3
    offsets = {event.starts_at.hour for event in Event.objects.filter(title="Talk")}
    assert offsets == {0, 23}
    assert take(agency, weekly, moved, now=NOW + dt.timedelta(days=1))["counts"]["unchanged"] == 3


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["RRULE:FREQ=SECONDLY"], "recurs_too_often"),
        (["RRULE:FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60)))], "recurs_too_often"),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], "recurrence_unreadable"),
        (["RRULE:FREQ=NEVER"], "recurrence_unreadable"),
        (["RRULE:" + "FREQ=DAILY;" * 200], "recurrence_unreadable"),
        (["RRULE:FREQ=DAILY;UNTIL=soon"], "time_unreadable"),
        (["RRULE:FREQ=MONTHLY;BYDAY=+9MO;BYSETPOS=99999"], "recurrence_unreadable"),
        (["RDATE:nonsense"], "time_unreadable"),
    ],
)
def test_a_rule_that_no_event_keeps_is_refused_alone(lines: list[str], code: str) -> None:
    report = take(an_agency(), entry(*lines), entry(uid="2", title="Other"))
    assert report["counts"]["created"] == 1
    assert code in codes(report)


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("DTSTART;TZID=Mars/Olympus:20270301T180000", "unknown_timezone"),
        ("DTSTART:20271301T180000", "time_unreadable"),
        ("DTSTART:00010101T000000Z", "year_out_of_range"),
        ("DTSTART:99991231T235959Z", "year_out_of_range"),
        ("DTSTART:20270314T023000", "nonexistent_time"),
        ("X-NOTHING:1", "start_missing"),
    ],
)
def test_a_start_that_is_none_is_refused_alone(start: str, code: str) -> None:
    report = take(an_agency(), entry(start=start), entry(uid="2"))
    assert codes(report) == [code, ""]
    assert report["results"][0]["outcome"] == "faulty"


def test_a_uid_that_stands_twice_never_doubles() -> None:
    report = take(an_agency(), entry(), entry(), entry(title="Other"))
    assert [(each["outcome"], each["code"]) for each in report["results"]] == [
        ("created", ""), ("copy", "copy"), ("faulty", "uid_twice"),
    ]  # fmt: skip
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<html>", 1),
        (b"", None),
        (b"\xff\xfe\x00", 1),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", 1),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VCALENDAR\n", 4),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", 4),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 100_000, 9),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_line(data: bytes, line: int | None) -> None:
    with pytest.raises(FileRefused) as refused:
        import_calendar(an_agency(), data, actor=None, now=NOW)
    assert refused.value.refusal is Refusal.INVALID
    assert refused.value.extra.get("line") == line
    assert isinstance(refused.value, NotACalendar | RuleViolation)


# Each of these took a naive reader seconds to for ever.
_DAILY = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
HOSTILE = {
    "a second for ever": [entry("RRULE:FREQ=SECONDLY", start="DTSTART:19700101T000000")] * 900,
    "days that never come": [entry(_DAILY, uid=str(n), start="DTSTART:19700101T000000") for n in range(900)],
    "every day": [entry("RRULE:FREQ=DAILY", uid=str(n), start="DTSTART:19700101T000000") for n in range(900)],
    "all set positions": [
        entry(
            "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1,2,3",
            uid=str(n),
            start="DTSTART:19700101T000000",
        )
        for n in range(900)
    ],
    "a million dates": [entry("RDATE:" + ",".join(["20270301T180000"] * 100_000))],
    "many entries": [entry(uid=str(n)) for n in range(1_001)],
    "one long line": ["X-A:" + "a" * 1_900_000 + "\r\n"],
    "folded to death": ["X-A:\r\n" + " a\r\n" * 400_000],
    "nothing but parameters": [entry("DTEND" + ";X=1" * 100_000 + ":20270301T190000")],
    "nothing but quotes": [entry('DTEND;X="' + '"' * 500_000)],
    "nothing but backslashes": [entry("DESCRIPTION:" + "\\" * 1_000_000)],
    "a place of digits": [entry("LOCATION:" + "1 " * 300_000)],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_upload_costs_more_than_a_second(name: str) -> None:
    agency, data = an_agency(), a_calendar(*HOSTILE[name])
    begun = time.thread_time()
    try:
        import_calendar(agency, data, actor=None, now=NOW)
    except FileTooLarge:
        assert not Event.objects.exists()
    assert time.thread_time() - begun < 1.0


def test_a_calendar_above_the_size_is_refused_unread() -> None:
    with pytest.raises(FileTooLarge):
        import_calendar(an_agency(), a_calendar("X-A:" + "a" * 2_000_000 + "\r\n"), actor=None, now=NOW)


def test_a_dry_run_says_what_would_happen_and_leaves_no_event() -> None:
    agency = an_agency()
    report = take(agency, entry(), dry_run=True)
    assert (report["dry_run"], report["counts"]["created"], report["results"][0]["event"]) == (True, 1, None)
    assert not Event.objects.exists()


def test_an_event_that_was_edited_here_is_left_alone_while_its_source_says_the_same() -> None:
    agency = an_agency()
    take(agency, entry())
    event = edit(Event.objects.get(), actor=None, now=NOW, fields={"title": "A better title"}).event
    assert take(agency, entry(), now=NOW + dt.timedelta(days=1))["counts"]["unchanged"] == 1
    assert Event.objects.get().title == event.title
