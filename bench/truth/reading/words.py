"""Days, hours and zones as people write them, read back into numbers. English and Spanish, by rules of our own."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}
_WEEKDAYS: Final = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
}
_DAY: Final = {
    "en": re.compile(
        rf"(?:\b({'|'.join(_WEEKDAYS['en'])}), )?\b({'|'.join(_MONTHS['en'])}) (\d{{1,2}})\b(?:, (\d{{4}}))?"
    ),
    "es": re.compile(
        rf"(?:\b({'|'.join(_WEEKDAYS['es'])}), )?\b(\d{{1,2}}) de ({'|'.join(_MONTHS['es'])})(?: de (\d{{4}}))?",
        re.IGNORECASE,
    ),
}
_TIME: Final = {
    "en": re.compile(r"\b(?:(\d{1,2})(?::(\d\d))? ([ap])\.m\.|(noon|midnight)\b)", re.IGNORECASE),
    "es": re.compile(r"\b(?:(\d{1,2}):(\d\d) ([ap])\. m\.|(mediodía|medianoche)\b)", re.IGNORECASE),
}
ZONES: Final = {
    "America/Chicago": {"en": "Central Time", "es": "hora central"},
    "America/Denver": {"en": "Mountain Time", "es": "hora de la montaña"},
    "America/Phoenix": {"en": "Mountain Time", "es": "hora de la montaña"},
    "America/New_York": {"en": "Eastern Time", "es": "hora oriental"},
}
# Whose clock people think of when they read a zone's name.
KNOWN_BY: Final = {
    "Central Time": "America/Chicago", "hora central": "America/Chicago",
    "Mountain Time": "America/Denver", "hora de la montaña": "America/Denver",
    "Eastern Time": "America/New_York", "hora oriental": "America/New_York",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """As it was written: year and weekday may have been left out."""

    month: int
    day: int
    year: int | None
    weekday: int | None

    def is_(self, day: dt.date, *, today: dt.date) -> bool:
        """A day without a year is one of this year."""
        return (
            (self.month, self.day) == (day.month, day.day)
            and (self.year or today.year) == day.year
            and self.weekday in {None, day.weekday()}
        )


def one_line(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def days_in(text: str, language: str) -> list[Day]:
    found = []
    for match in _DAY[language].finditer(one_line(text)):
        weekday, *rest = match.groups()
        month, day = (rest[0], rest[1]) if language == "en" else (rest[1], rest[0])
        found.append(
            Day(
                [one.lower() for one in _MONTHS[language]].index(month.lower()) + 1,
                int(day),
                int(rest[2]) if rest[2] else None,
                [one.lower() for one in _WEEKDAYS[language]].index(weekday.lower()) if weekday else None,
            )
        )
    return found


def times_in(text: str, language: str) -> list[dt.time]:
    found = []
    for match in _TIME[language].finditer(one_line(text)):
        hour, minute, half, word = match.groups()
        if word:
            found.append(dt.time(12 if word.lower() in {"noon", "mediodía"} else 0))
        else:
            found.append(dt.time(int(hour) % 12 + (12 if half.lower() == "p" else 0), int(minute or 0)))
    return found


def zones_in(text: str, language: str) -> set[str]:
    """The names of zones that stand there."""
    line = one_line(text)
    return {names[language] for names in ZONES.values() if names[language] in line}
