"""Imports real notices beside the made-up year: every file of a folder, said in one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from engage.agencies.models import Agency
from events.imports.importing import import_file
from events.imports.notices import FileRefused, Report

_ENDINGS = {".csv", ".json", ".ics"}


def load_notices(folder: Path, *, agency: Agency, now: dt.datetime) -> Iterator[str]:
    """History as it was, and what of it falls into the next weeks once it is moved to the present.

    A file that cannot be read is named and skipped: the others are still there to be shown.
    """
    if not folder.is_dir():
        yield f"DEMO_DATA: there is no folder {folder.name}; no notices were imported."
        return
    for path in sorted(each for each in folder.iterdir() if each.suffix.lower() in _ENDINGS):
        try:
            report = import_file(path, agency=agency, now=now, shift_to_present=True)
        except FileRefused as refused:
            yield f"{path.name}: not imported. {refused.detail}"
            continue
        yield f"{path.name}: {_told(report)}"


def _told(report: Report) -> str:
    rows = ", ".join(f"{number} {name}" for name, number in sorted(report.outcomes.items()) if number)
    remarks = ", ".join(
        f"{name.replace('_', ' ')} {number}" for name, number in sorted(report.remarks.items())
    )
    upcoming = f"; {report.upcoming} also as upcoming meetings" if report.upcoming else ""
    return f"{rows or 'nothing in it'}{upcoming}" + (f" ({remarks})." if remarks else ".")
