"""Importing notices: every row told, nothing doubled, nobody mailed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.closures import close_on
from engage.agencies.models import Agency, Community
from events.event.models import Event, Venue
from events.imports.importing import import_file
from events.imports.models import ImportedSource
from events.imports.notices import FileRefused, RowOutcome
from events.imports.venues import read_whereabouts
from tests.makers.agencies import an_agency
from tests.makers.real_notices import real_notice

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
CHICAGO = "chicago-police-meetings-2016-2017.json"


def import_rows(
    agency: Agency, folder: Path, rows: list[Any], *, now: dt.datetime = NOW, **more: Any
) -> list[RowOutcome]:
    path = folder / "notices.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    told: list[RowOutcome] = []
    import_file(path, agency=agency, now=now, tell=told.append, **more)
    return told


def a_row(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Beat Meeting", "start": "2017-03-01T18:30:00", "end": "2017-03-01T19:30:00", "location": "Library",
        "district": 7, "details": "", "modified": "2017-01-01",
    } | fields  # fmt: skip


def test_a_past_notice_arrives_as_ended_history_that_mails_nobody(tmp_path: Path) -> None:
    agency = an_agency()
    (told,) = import_rows(agency, tmp_path, [a_row()])
    event = Event.objects.get(pk=told.event_id)
    assert (told.outcome, event.status, event.imported, event.timezone) == (
        "created",
        "ended",
        True,
        "America/Chicago",
    )
    assert event.starts_at == dt.datetime(2017, 3, 2, 0, 30, tzinfo=dt.UTC)
    assert list(event.communities.values_list("name", flat=True)) == ["District 7"]
    assert event.totals_frozen_at is not None
    assert not Activity.objects.filter(announced_at=None).exists()
    assert "STATUS:CONFIRMED" in event.vevent


def test_importing_twice_changes_nothing_whatever_the_date_of_change_says(tmp_path: Path) -> None:
    agency = an_agency()
    rows = [a_row(), a_row(title="Other", end=None, location="")]
    import_rows(agency, tmp_path, rows)
    before = list(Event.objects.order_by("pk").values()), Venue.objects.count(), Activity.objects.count()
    told = import_rows(
        agency, tmp_path, [row | {"modified": "2018-05-05"} for row in rows], now=timezone.now()
    )
    assert [each.outcome for each in told] == ["unchanged", "unchanged"]
    assert (
        list(Event.objects.order_by("pk").values()),
        Venue.objects.count(),
        Activity.objects.count(),
    ) == before


@pytest.mark.parametrize(
    ("end", "remark"),
    [
        (None, "end_missing"),
        ("", "end_missing"),
        ("2017-03-01T18:30:00", "end_before_start"),
        ("2017-03-01T10:00:00", "end_before_start"),
        ("2017-03-02T18:30:01", "end_too_late"),
        ("2017-03-02T18:30:00", None),
    ],
)
def test_a_missing_or_impossible_end_becomes_an_hour_and_is_told(
    tmp_path: Path, end: str | None, remark: str | None
) -> None:
    (told,) = import_rows(an_agency(), tmp_path, [a_row(end=end)])
    event = Event.objects.get(pk=told.event_id)
    assert told.remarks == ((remark,) if remark else ())
    assert event.ends_at - event.starts_at == dt.timedelta(hours=1 if remark else 24)


def test_a_missing_venue_is_to_be_announced_and_told(tmp_path: Path) -> None:
    (told,) = import_rows(an_agency(), tmp_path, [a_row(location=" \t\n")])
    event = Event.objects.get(pk=told.event_id)
    assert told.remarks == ("place_missing",)
    assert event.venue is not None
    assert event.venue.name == "To be announced"


def test_an_event_ahead_on_a_day_off_is_told_also_one_that_moves_there(tmp_path: Path) -> None:
    agency = an_agency()
    close_on(agency, on=dt.date(2027, 2, 10), name="Staff training", actor=None, now=NOW)
    on_it = a_row(uid="1", start="2027-02-10T18:30:00", end="2027-02-10T19:30:00")
    beside = a_row(uid="2", start="2027-02-11T18:30:00", end="2027-02-11T19:30:00")
    told = import_rows(agency, tmp_path, [on_it, beside])
    assert [row.remarks for row in told] == [("day_off",), ()]
    again = [on_it | {"title": "A new name"}, beside | {"start": on_it["start"], "end": on_it["end"]}]
    told = import_rows(agency, tmp_path, again, now=NOW + dt.timedelta(days=1))
    assert [(row.outcome, row.remarks) for row in told] == [("updated", ()), ("updated", ("day_off",))]


def test_a_day_without_an_hour_becomes_a_draft_that_waits_for_its_time(tmp_path: Path) -> None:
    (told,) = import_rows(an_agency(), tmp_path, [a_row(start="2027-03-01", end="2027-03-02")])
    event = Event.objects.get(pk=told.event_id)
    assert (event.status, event.time_to_set, told.remarks) == ("draft", True, ("time_to_set",))


def test_each_faulty_row_is_told_by_number_and_reason_and_nothing_else_is_lost(tmp_path: Path) -> None:
    rows: list[Any] = [
        a_row(), a_row(title=""), a_row(title=None), a_row(start=""), a_row(start="soon"), a_row(start="2017-02-30T10:00:00"),
        a_row(start="0001-01-01T00:00:00"), a_row(start="2017-03-12T02:30:00", end=None), a_row(end="later"), 7, None, [a_row()],
        a_row(title="Last"),
    ]  # fmt: skip
    told = import_rows(an_agency(), tmp_path, rows)
    assert [(each.number, each.code) for each in told if each.outcome == "faulty"] == [
        (2, "title_missing"), (3, "title_missing"), (4, "start_missing"), (5, "time_unreadable"), (6, "time_unreadable"),
        (7, "year_out_of_range"), (8, "nonexistent_time"), (9, "time_unreadable"), (10, "row_unreadable"), (11, "row_unreadable"),
    ]  # fmt: skip
    assert all(each.detail for each in told if each.outcome == "faulty")
    assert set(Event.objects.values_list("title", flat=True)) == {"Beat Meeting", "Last"}


def test_half_a_letter_costs_that_letter_and_no_notice(tmp_path: Path) -> None:
    told = import_rows(an_agency(), tmp_path, [a_row(title="Beat \ud83d Meeting"), a_row(title="Café 🎉")])
    assert [each.outcome for each in told] == ["created", "created"]
    assert set(Event.objects.values_list("title", flat=True)) == {"Beat ? Meeting", "Café 🎉"}


def test_an_exact_copy_is_told_and_stored_once(tmp_path: Path) -> None:
    told = import_rows(
        an_agency(), tmp_path, [a_row(), a_row(modified="2017-09-09"), a_row(details="Differs")]
    )
    assert [each.outcome for each in told] == ["created", "copy", "created"]
    assert Event.objects.count() == 2


def test_a_sources_own_uid_is_its_identity_and_a_changed_notice_updates(tmp_path: Path) -> None:
    agency = an_agency()
    ahead = {"start": "2027-03-01T18:30:00", "end": "2027-03-01T19:30:00", "uid": "77"}
    (first,) = import_rows(agency, tmp_path, [a_row(**ahead)])
    (again,) = import_rows(
        agency, tmp_path, [a_row(**ahead | {"start": "2027-03-01T18:00:00"})], now=timezone.now()
    )
    event = Event.objects.get()
    assert (again.outcome, again.event_id) == ("updated", first.event_id)
    assert (event.local_starts_at.hour, event.schedule_version) == (18, 2)
    (third,) = import_rows(
        agency, tmp_path, [a_row(**ahead | {"start": "2027-03-01T18:00:00"})], now=timezone.now()
    )
    assert third.outcome == "unchanged"


def test_the_same_venue_is_kept_once_however_it_is_written(tmp_path: Path) -> None:
    agency = an_agency()
    Venue.objects.create(agency=agency, name="St. Ferdinand's", address="3115 N. Mason")
    import_rows(
        agency, tmp_path,
        [a_row(title=str(number), location=venue) for number, venue in enumerate(
            ["St. Ferdinand's3115 N. Mason", "St. Ferdinand's\r\n3115 N. Mason", "ST FERDINAND'S at 3115 N Mason,"]
        )],
    )  # fmt: skip
    assert Venue.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("St. Ferdinand's3115 N. Mason", ("St. Ferdinand's", "3115 N. Mason")),
        ("Pulaski Park1419 W. Blackhawk", ("Pulaski Park", "1419 W. Blackhawk")),
        ("Wrightwood Library at 8530 S. Kedzie", ("Wrightwood Library", "8530 S. Kedzie")),
        ("Lincoln Memorial Church\n6454 S. Champlain", ("Lincoln Memorial Church", "6454 S. Champlain")),
        ("7158 S. Peoria, Chicago, IL 60621", ("7158 S. Peoria, Chicago, IL 60621", "")),
        ("1129 - 1147 N. Pulaski", ("1129 - 1147 N. Pulaski", "")),
        ("018th District", ("018th District", "")),
    ],
)
def test_a_building_is_told_from_its_address(text: str, venue: tuple[str, str]) -> None:
    assert read_whereabouts(text) == venue


def test_a_column_may_have_any_name_and_a_missing_one_is_said(tmp_path: Path) -> None:
    path = tmp_path / "others.csv"
    path.write_text("What,Begins,Ort\nTalk,03/01/2027 6:30 PM,Library\n", encoding="utf-8")
    agency = an_agency()
    with pytest.raises(FileRefused):
        import_file(path, agency=agency, now=NOW)
    with pytest.raises(FileRefused):
        import_file(path, agency=agency, now=NOW, columns={"title": "Nope", "start": "Begins"})
    call_command(
        "import_meetings", str(path), agency=agency.slug, map=["title=What", "start=Begins", "place=Ort"]
    )
    assert Event.objects.get().local_starts_at == dt.datetime(2027, 3, 1, 18, 30)


@pytest.mark.parametrize(
    "text",
    ["{", '[{"title": "a"', "[1" + "0" * 6000 + "]", '"' + "a" * 2_000_000, "\x00\x01", '{"a":' * 100_000],
)
def test_a_broken_file_changes_nothing_and_says_so(tmp_path: Path, text: str) -> None:
    _is_refused(tmp_path / "broken.json", text)


@pytest.mark.parametrize("text", ["", "x" * 200_000, '"' + "title,start\n" * 20_000, "\x00\x01"])
def test_a_broken_table_changes_nothing_and_says_so(tmp_path: Path, text: str) -> None:
    _is_refused(tmp_path / "broken.csv", text)


def _is_refused(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    agency = an_agency()
    with pytest.raises(FileRefused):
        import_file(path, agency=agency, now=NOW)
    assert not Event.objects.exists()
    assert not ImportedSource.objects.exists()


def test_an_error_in_the_middle_takes_back_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    rows = json.dumps([a_row(title=str(number)) for number in range(600)])
    path.write_text(rows[:-1] + ', {"title": }]', encoding="utf-8")
    with pytest.raises(FileRefused):
        import_file(path, agency=an_agency(), now=NOW)
    assert not Event.objects.exists()


def test_the_command_speaks_in_sentences_where_it_cannot_go_on(tmp_path: Path) -> None:
    agency = an_agency()
    for file, slug in (
        (tmp_path / "missing.csv", agency.slug),
        (tmp_path, agency.slug),
        (tmp_path / "a.txt", agency.slug),
    ):
        with pytest.raises(CommandError):
            call_command("import_meetings", str(file), agency=slug)
    with pytest.raises(CommandError):
        call_command("import_meetings", str(tmp_path / "x.csv"), agency="nobody")


def test_a_dry_run_tells_everything_and_leaves_nothing(tmp_path: Path) -> None:
    told = import_rows(an_agency(), tmp_path, [a_row(), a_row(title="")], dry_run=True)
    assert [each.outcome for each in told] == ["created", "faulty"]
    left = (Event, Venue, Community, ImportedSource, Activity)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0, 0]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_all_real_notices_become_history_and_the_next_ninety_days_are_filled() -> None:
    path, agency = real_notice(CHICAGO), an_agency()
    told: list[RowOutcome] = []
    report = import_file(path, agency=agency, now=NOW, shift_to_present=True, tell=told.append)
    assert len(told) == 5006
    assert report.outcomes == {"created": 5000, "copy": 6}
    assert report.remarks["end_missing"] == 755
    assert report.remarks["end_before_start"] == 63
    assert report.remarks["place_missing"] >= 61
    assert report.remarks["says_test"] == 1
    assert Event.objects.filter(status="ended", source_key__startswith="sha256:").count() == 5000
    upcoming = Event.objects.filter(status="published", source_key__startswith="shifted:")
    assert upcoming.count() == report.upcoming > 300
    assert not upcoming.exclude(starts_at__range=(NOW, NOW + dt.timedelta(days=90))).exists()
    weeks = dt.timedelta(weeks=ImportedSource.objects.get().shift_weeks)
    copy = upcoming.select_related("venue")[0]
    original = Event.objects.get(source_key=copy.source_key.removeprefix("shifted:"))
    assert copy.local_starts_at - original.local_starts_at == weeks
    assert copy.venue == original.venue
    assert Community.objects.filter(name__startswith="District ").count() == 22
    assert not Activity.objects.filter(announced_at=None).exists()
    # A week later the same file adds the week that has come near, by the same shift, and touches nothing else.
    later = import_file(
        path.with_suffix(".csv"), agency=agency, now=NOW + dt.timedelta(days=7), shift_to_present=True
    )
    assert later.outcomes == {"unchanged": 5006}
    assert 0 < later.upcoming < 100
    assert ImportedSource.objects.get().shift_weeks == weeks.days // 7
