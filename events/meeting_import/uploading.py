"""A file of notices that somebody uploads on a page: the same reading as from the command line, within bounds."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from itertools import batched, islice
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engage.models import Agency, Person
from events.meeting_import.importing import (
    BATCH,
    UPLOAD_BYTES,
    UPLOAD_MEETINGS,
    counts_and_results,
    finish,
    import_calendar,
    source_called,
)
from events.meeting_import.notices import FileRefused, FileTooLarge, Notice, Outcome, Refused, Report
from events.meeting_import.reading_tables import read_csv, read_json
from events.meeting_import.storing import Storing

CALENDARS = (".ics", ".ical", ".ifb")
TABLES = (".csv", ".json", ".jsonl")


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
    if ending not in TABLES:
        raise FileRefused(_("The file's name ends in .csv, .json or .ics."))
    if len(data) > UPLOAD_BYTES:
        raise FileTooLarge
    outcomes: list[Outcome] = []
    report = Report(outcomes.append)
    rows = _rows(ending, data)
    with transaction.atomic():
        source, first_seen = source_called(agency, PurePath(name).stem[:200] or "upload", now)
        storing = Storing(agency, actor=actor, now=now, report=report)
        for batch in batched(rows, BATCH):
            storing.take(batch)
        finish(source, report, actor, now, dry_run=dry_run, first_seen=first_seen)
    return counts_and_results(report, outcomes, dry_run=dry_run)


def _rows(ending: str, data: bytes) -> list[Notice | Refused]:
    reader = read_csv if ending == ".csv" else read_json
    text = io.StringIO(data.decode("utf-8-sig", errors="replace"), newline="")
    rows: Iterator[Notice | Refused] = reader(text, {})
    found = list(islice(rows, UPLOAD_MEETINGS + 1))
    if len(found) > UPLOAD_MEETINGS:
        raise FileTooLarge
    return found
