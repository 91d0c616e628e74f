"""What a file says about one meeting, before it becomes one; and what is told about each row."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from engage.refusals import Refusal, RuleViolation
from events.planning.time_reading import EARLIEST, LATEST

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

# What is told about a row that was taken with a repair.
REMARKS: Final[dict[str, Any]] = {
    "end_missing": _("No end was given; 60 minutes are assumed."),
    "end_before_start": _("The end is not after the start; 60 minutes are assumed."),
    "end_too_late": _("The end is more than 24 hours after the start; 60 minutes are assumed."),
    "place_missing": _("No place was given; it says “To be announced”."),
    "time_to_set": _("The notice has a day but no hour: it is a draft until somebody sets the time."),
    "text_cut": _("A text was longer than fits and was cut."),
    "says_test": _("The notice says that it is a test."),
    "not_public": _("The notice is not public: it is a draft for staff."),
    "time_came_twice": _("The clocks show this time twice that night; the first is assumed."),
    "recurrence_cut": _("It repeats for longer; meetings within 400 days of today were taken."),
    "moves_into_the_past": _("Its time has passed now: the meeting begins and ends by itself at once."),
    "day_off": _("On one of its days the agency is closed, or there is a public holiday."),
    "set_time_and_publish": _("A time was given now: publish it when it is ready."),
}


class FileRefused(RuleViolation):
    """The whole file cannot be read; nothing was changed. ``line`` in ``extra`` says where, if it is known."""

    code = "file_unreadable"
    refusal = Refusal.INVALID
    sentence = _("This file cannot be read.")


class NotACalendar(FileRefused):
    code = "not_a_calendar"
    sentence = _("This is not an iCalendar file.")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    sentence = _("This file holds more than one import takes. Split it.")


class RowRefused(Exception):
    """One row cannot become a meeting; the others are taken."""

    def __init__(self, code: str, detail: Any) -> None:
        self.code, self.detail = code, detail
        super().__init__(code)


@dataclass(slots=True)
class Notice:
    """One row. ``start``/``end``: local (naive) or an instant (aware); a bare date where no hour was given.

    key: who it is, the source's UID or a hash of all columns but the date of change. digest: what it says.
    """

    number: int
    key: str
    digest: str
    title: str
    start: dt.datetime | dt.date
    end: dt.datetime | dt.date | None = None
    zone: str = ""
    details: str = ""
    where: str = ""
    district: str = ""
    cancelled: bool = False
    hidden: bool = False
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read, in its place among the notices."""

    number: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row. outcome: created, updated, unchanged, copy or faulty; number: from 1, as in the file."""

    number: int
    outcome: str
    title: str = ""
    key: str = ""
    code: str = ""
    detail: str = ""
    event_id: UUID | None = None
    remarks: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        return [self.detail] * bool(self.detail) + [str(REMARKS[code]) for code in self.remarks]


@dataclass(slots=True)
class Report:
    """Counts by outcome and by remark; ``tell`` gets every row's outcome as it is known, so that none is kept."""

    tell: Callable[[RowOutcome], None]
    outcomes: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    # Copies moved into the present: how many became upcoming meetings in this run.
    upcoming: int = 0

    def add(self, outcome: RowOutcome) -> None:
        self.outcomes[outcome.outcome] += 1
        self.remarks.update(outcome.remarks)
        self.tell(outcome)

    @property
    def changed(self) -> int:
        return self.outcomes["created"] + self.outcomes["updated"] + self.upcoming


def clean(text: object) -> str:
    """Text as it may be kept: no control characters but line ends and tabs, none of the outer space, no half letters."""
    written = "" if text is None else str(text)
    if not written.isascii():
        # JSON can write half of a pair of surrogates, which no other text can hold.
        written = written.encode("utf-8", "replace").decode()
    return _CONTROL.sub(" ", written.replace("\r\n", "\n").replace("\r", "\n")).strip()


def digest_of(*parts: object) -> str:
    """SHA-256 over the parts in order, told apart from each other."""
    whole = sha256()
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        whole.update(f"{len(data)}:".encode() + data)
    return whole.hexdigest()


def key_of_uid(uid: str) -> str:
    """The source's own identity, whatever it holds; hashed where it is longer than the column."""
    return f"uid:{uid}" if len(uid) <= 240 else f"uid-sha256:{digest_of(uid)}"


def within_years(moment: dt.date) -> None:
    """Raises RowRefused for a year in which no meeting is held."""
    if not max(EARLIEST, 1970) <= moment.year < LATEST:
        raise RowRefused("year_out_of_range", _("The year lies outside 1970–2198."))
