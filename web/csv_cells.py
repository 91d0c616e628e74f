"""Writing a table that spreadsheets open: no cell of it is taken for a formula (OWASP ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

# What makes a spreadsheet take a text for a formula, in its ASCII and its full-width form.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """What the csv module writes to: the line is handed on, nothing is kept."""

    def write(self, text: str) -> str:
        return text


def written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table line by line (RFC 4180), with a byte-order mark, by which spreadsheets know that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(columns))
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))


def harmless(cell: Any) -> Any:
    """A text that would be a formula gets an apostrophe in front; numbers and dates stay as they are."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
