"""Reading notices from CSV and JSON, row by row, whatever their columns are called."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy as _

from events.imports.notices import (
    FileRefused,
    Notice,
    Refused,
    RowRefused,
    clean,
    digest_of,
    key_of_uid,
    within_years,
)

# For each field, what publishers call it; `--map start=Begins` names another.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "uid": ("uid", "id", "guid"),
    "title": ("title", "name", "summary", "event"),
    "start": ("start", "starts_at", "start_time", "start_date", "begins", "date"),
    "end": ("end", "ends_at", "end_time", "end_date"),
    "details": ("details", "description", "notes"),
    "place": ("location", "place", "venue", "address"),
    "district": ("district", "community", "neighborhood", "ward"),
    "modified": ("modified", "updated", "last_modified", "updated_at"),
}
_FORMS: Final = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S")
_CHUNK: Final = 1 << 16
_LONGEST_ROW: Final = 1 << 20


class UnknownColumns(FileRefused):
    code = "columns_missing"
    sentence = _("No column for the title or the start was found. Name them: --map title=… --map start=…")


def read_csv(file: IO[str], columns: Mapping[str, str]) -> Iterator[Notice | Refused]:
    """Rows of a CSV file with a header, numbered from 1. columns: field → its column's name, beside the usual ones."""
    reader = csv.DictReader(file)
    try:
        header = reader.fieldnames
    except csv.Error:
        raise UnknownColumns from None
    mapping = column_mapping([name for name in header or () if name], columns)
    for number in count(1):
        try:
            row: dict[Any, Any] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(number, "row_unreadable", str(error))
            continue
        if None in row:
            yield Refused(number, "row_unreadable", str(_("This row has more columns than the header.")))
            continue
        yield _notice(number, row, mapping)


def read_json(file: IO[str], columns: Mapping[str, str]) -> Iterator[Notice | Refused]:
    """Objects of a JSON list, or one object a line, numbered from 1."""
    mapping: dict[str, str] = {}
    for number, item in enumerate(_items(file), start=1):
        if not isinstance(item, dict):
            yield Refused(number, "row_unreadable", str(_("This row is not an object with named values.")))
            continue
        # Rows may lack what they have nothing to say about, so that each brings its own columns.
        if not {"title", "start"} <= mapping.keys() or item.keys() - mapping.values():
            mapping |= column_mapping([*mapping.values(), *item], columns)
        yield _notice(number, item, mapping)


def column_mapping(found: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """Field → column. Raises UnknownColumns, or FileRefused for a name that the file does not have."""
    by_name = {name.strip().lower().replace(" ", "_"): name for name in found}
    for name, column in given.items():
        if name not in NAMES or column not in found:
            raise FileRefused(
                _("There is no column “{column}” for “{name}”.").format(column=column, name=name)
            )
    usual = {
        field: by_name[next(name for name in names if name in by_name)]
        for field, names in NAMES.items()
        if any(name in by_name for name in names)
    }
    mapping = usual | dict(given)
    if not {"title", "start"} <= mapping.keys():
        raise UnknownColumns
    return mapping


def _notice(number: int, row: Mapping[str, Any], mapping: Mapping[str, str]) -> Notice | Refused:
    def value(name: str) -> str:
        return clean(row.get(mapping[name])) if name in mapping else ""

    try:
        start = _time(value("start"))
        if start is None:
            raise RowRefused("start_missing", _("The row does not say when the meeting starts."))
        if not value("title"):
            raise RowRefused("title_missing", _("The row has no title."))
        end = _time(value("end"))
    except RowRefused as refused:
        return Refused(number, refused.code, str(refused.detail))
    content = digest_of(
        *(f"{name}={clean(row[name])}" for name in sorted(row) if name != mapping.get("modified"))
    )
    district = value("district")
    return Notice(
        number=number,
        key=key_of_uid(value("uid")) if value("uid") else f"sha256:{content}",
        digest=content,
        title=value("title"),
        start=start,
        end=end,
        details=value("details"),
        where=value("place"),
        district=f"District {int(district)}" if district.isascii() and district.isdigit() else district,
    )


def _time(text: str) -> dt.datetime | dt.date | None:
    """ISO 8601 or the American forms; a bare date is a day without an hour. Raises RowRefused."""
    if not text:
        return None
    moment: dt.datetime | dt.date | None = None
    for read in (_iso_date, dt.datetime.fromisoformat, _american):
        try:
            moment = read(text)
        except ValueError:
            continue
        break
    if moment is None:
        raise RowRefused("time_unreadable", _("“{text}” is not a date and time.").format(text=text[:40]))
    within_years(moment)
    return moment.replace(microsecond=0) if isinstance(moment, dt.datetime) else moment


def _iso_date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _american(text: str) -> dt.datetime | dt.date:
    for form in _FORMS:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 - local time, its zone is the agency's
        except ValueError:
            continue
    return dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


def _items(file: IO[str]) -> Iterator[Any]:
    """The values of a JSON list or of JSON lines, reading 64 KB at a time. Raises FileRefused."""
    decoder, buffer, whole = json.JSONDecoder(), "", False
    while True:
        buffer = buffer.lstrip(" \t\r\n,[]\ufeff")
        try:
            item, stop = decoder.raw_decode(buffer)
        except (ValueError, RecursionError):
            item, stop = None, -1
        # A value that ends where the chunk ends may go on in the next: 12 of 123.
        if not whole and (stop < 0 or stop == len(buffer)):
            more = file.read(_CHUNK)
            whole = not more
            buffer += more
            if len(buffer) <= _LONGEST_ROW:
                continue
        elif not buffer:
            return
        if stop < 0:
            raise FileRefused(_("This is not valid JSON, from “{text}” on.").format(text=buffer[:40]))
        yield item
        buffer = buffer[stop:]
