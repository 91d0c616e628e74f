"""Importing one file of notices in one transaction: known rows change nothing, and nobody is mailed.

What somebody uploads on a page is read as from the command line, within bounds.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from itertools import batched, islice
from pathlib import Path, PurePath
from typing import Any, Final, TextIO

from django.db import transaction
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.people.models import Person
from events.imports.calendar_text import decoded
from events.imports.models import ImportedSource
from events.imports.notices import FileRefused, FileTooLarge, Notice, Refused, Report, RowOutcome
from events.imports.reading_calendars import Bounds, read_calendar
from events.imports.reading_tables import read_csv, read_json
from events.imports.storing import Storing

BATCH: Final = 200
# What a stranger's upload may cost; a file that the operator names on the command line may be larger.
UPLOAD_BYTES, UPLOAD_EVENTS, UPLOAD_SECONDS = 2_000_000, 1_000, 0.5
FILE_BYTES: Final = 64_000_000
_WEEKS_A_YEAR: Final = 365.2425 / 7
type Reader = Callable[[TextIO, Mapping[str, str]], Iterator[Notice | Refused]]
CALENDARS: Final = (".ics", ".ical", ".ifb")
TABLES: Final[Mapping[str, Reader]] = {".csv": read_csv, ".json": read_json, ".jsonl": read_json}


def import_file(
    path: Path,
    *,
    agency: Agency,
    now: dt.datetime,
    actor: Person | None = None,
    columns: Mapping[str, str] | None = None,
    shift_to_present: bool = False,
    dry_run: bool = False,
    tell: Callable[[RowOutcome], None] = lambda outcome: None,
) -> Report:
    """Notices of a CSV, JSON or iCalendar file, by its ending. tell: gets each row's outcome as it is known.

    shift_to_present: past notices also become upcoming ones, moved by whole weeks that are fixed at the file's first
    import. Raises FileRefused and its kinds; then nothing was changed.
    """
    with transaction.atomic():
        source, first_seen = _source_called(agency, path.stem[:200], now)
        weeks = None
        if shift_to_present:
            if source.shift_weeks == 0:
                source.shift_weeks = _weeks_to_present(_rows(path, agency, now, columns or {}), now)
                source.save(update_fields=["shift_weeks"])
            weeks = source.shift_weeks
        report = Report(tell)
        storing = Storing(agency, actor=actor, now=now, report=report, shift_weeks=weeks)
        for batch in batched(_rows(path, agency, now, columns or {}), BATCH):
            storing.take(batch)
        _finish(source, report, actor, now, dry_run=dry_run, first_seen=first_seen)
    return report


def import_calendar(
    agency: Agency, text: bytes, *, actor: Person | None, now: dt.datetime, dry_run: bool = False
) -> dict[str, Any]:
    """An uploaded iCalendar text: counts, and an outcome for each component (a repeating one has several).

    Bounded in size, meetings and time; a file beyond a bound, or that is no calendar, changes nothing. Raises
    NotACalendar, FileTooLarge, FileRefused (with ``line``).
    """
    if len(text) > UPLOAD_BYTES:
        raise FileTooLarge
    bounds = Bounds(events=UPLOAD_EVENTS, seconds=UPLOAD_SECONDS)
    rows = list(read_calendar(decoded(text), zone=agency.timezone, now=now, bounds=bounds))
    return _taken(agency, rows, source="calendar upload", actor=actor, now=now, dry_run=dry_run)


def import_upload(
    agency: Agency, *, name: str, data: bytes, actor: Person | None, now: dt.datetime, dry_run: bool
) -> dict[str, Any]:
    """name: the file's, whose ending says what it is. All of it in one transaction, or nothing.

    Answers as ``import_calendar`` does. Raises FileRefused and its kinds; then nothing was changed.
    """
    ending = PurePath(name).suffix.lower()
    if not data.strip():
        raise FileRefused(_("This file is empty."))
    if ending in CALENDARS:
        return import_calendar(agency, data, actor=actor, now=now, dry_run=dry_run)
    reader = _reader(ending)
    if len(data) > UPLOAD_BYTES:
        raise FileTooLarge
    text = io.StringIO(data.decode("utf-8-sig", errors="replace"), newline="")
    rows = list(islice(reader(text, {}), UPLOAD_EVENTS + 1))
    if len(rows) > UPLOAD_EVENTS:
        raise FileTooLarge
    called = PurePath(name).stem[:200] or "upload"
    return _taken(agency, rows, source=called, actor=actor, now=now, dry_run=dry_run)


def _taken(
    agency: Agency,
    rows: list[Notice | Refused],
    *,
    source: str,
    actor: Person | None,
    now: dt.datetime,
    dry_run: bool,
) -> dict[str, Any]:
    """An upload that was read whole: counts, and an outcome for each row."""
    outcomes: list[RowOutcome] = []
    report = Report(outcomes.append)
    with transaction.atomic():
        row, first_seen = _source_called(agency, source, now)
        storing = Storing(agency, actor=actor, now=now, report=report)
        for batch in batched(rows, BATCH):
            storing.take(batch)
        _finish(row, report, actor, now, dry_run=dry_run, first_seen=first_seen)
    counts = {name: report.outcomes[name] for name in ("created", "updated", "unchanged", "copy", "faulty")}
    return {"dry_run": dry_run, "counts": counts, "results": [_told(each, dry_run) for each in outcomes]}


def _told(outcome: RowOutcome, dry_run: bool) -> dict[str, Any]:
    kept = outcome.event_id is not None and not (dry_run and outcome.outcome == "created")
    return {
        "component": outcome.number,
        "outcome": outcome.outcome,
        "uid": outcome.key.removeprefix("uid:") if outcome.key.startswith("uid:") else "",
        "title": outcome.title,
        "event": str(outcome.event_id) if kept else None,
        "code": outcome.code,
        "notes": outcome.sentences,
    }


def _rows(
    path: Path, agency: Agency, now: dt.datetime, columns: Mapping[str, str]
) -> Iterator[Notice | Refused]:
    ending = path.suffix.lower()
    if ending in CALENDARS:
        if path.stat().st_size > FILE_BYTES:
            raise FileTooLarge
        yield from read_calendar(decoded(path.read_bytes()), zone=agency.timezone, now=now, bounds=Bounds())
        return
    reader = _reader(ending)
    with path.open("rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as file:
        yield from reader(file, columns)


def _reader(ending: str) -> Reader:
    if ending not in TABLES:
        raise FileRefused(_("The file's name ends in .csv, .json or .ics."))
    return TABLES[ending]


def _weeks_to_present(rows: Iterator[Notice | Refused], now: dt.datetime) -> int:
    """Whole years in whole weeks, so that the season and the weekday stay, and most of the file still lies ahead."""
    days = [_day(row) for row in rows if isinstance(row, Notice)]
    if not days:
        return 0
    first, last, today = min(days), max(days), now.date()
    years = today.year - first.year
    for fewer in range(years + 1):
        weeks = round((years - fewer) * _WEEKS_A_YEAR)
        there = today - dt.timedelta(weeks=weeks)
        if first <= there and there + dt.timedelta(days=90) <= last:
            return weeks
    return max(0, -((first - today).days // 7))


def _day(row: Notice) -> dt.date:
    return row.start.date() if isinstance(row.start, dt.datetime) else row.start


def _source_called(agency: Agency, name: str, now: dt.datetime) -> tuple[ImportedSource, bool]:
    """The source of that name, locked, and whether it is new."""
    source, made = ImportedSource.objects.get_or_create(
        agency=agency, name=name, defaults={"first_imported_at": now}
    )
    # Two imports of one file stand in line, so that no row is made twice.
    return ImportedSource.objects.select_for_update(no_key=True).get(pk=source.pk), made


def _finish(
    source: ImportedSource,
    report: Report,
    actor: Person | None,
    now: dt.datetime,
    *,
    dry_run: bool,
    first_seen: bool,
) -> None:
    """Write the run down; a dry run rolls everything back. Called last in the file's transaction."""
    if report.changed:
        counts = dict(report.outcomes) | {"upcoming": report.upcoming}
        record("meetings.imported", source, actor=actor, data=counts, born_announced=True, at=now)
    if dry_run:
        transaction.set_rollback(True)
    elif first_seen and not report.changed and source.shift_weeks == 0:
        source.delete()
