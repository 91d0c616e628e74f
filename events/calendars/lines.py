"""Content lines of iCalendar: escaped, folded and ended as RFC 5545 asks, so that no text can end its own line."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parseaddr
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings

PRODID: Final = "-//Engage//Meetings//EN"
OCTETS: Final = 75  # RFC 5545 §3.1
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")
_NOT_IN_PARAMETERS: Final = re.compile(r'[\x00-\x1f\x7f"]')


def line(name: str, value: str) -> str:
    """One folded line of a value that is already in its type's form, with its line end."""
    text = f"{name}:{value}"
    if len(text) <= OCTETS and text.isascii():
        return text + "\r\n"
    return "\r\n ".join(_pieces(text)) + "\r\n"


def text_line(name: str, value: str) -> str:
    """One folded line of free text (§3.3.11); nothing for an empty text."""
    return line(name, escaped(value)) if value else ""


def escaped(value: str) -> str:
    """TEXT (§3.3.11): backslash, comma, semicolon and line ends escaped; other control characters become spaces."""
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub(" ", value).replace("\n", "\\n")


def parameter(value: str) -> str:
    """A quoted parameter value (§3.2): quotes and controls cannot be written there and become apostrophes, spaces."""
    return '"' + _NOT_IN_PARAMETERS.sub(lambda found: "'" if found[0] == '"' else " ", value) + '"'


def mail_address(value: str) -> str:
    """A calendar user's address (§3.3.3), from a plain one or from "Name <address>", as RFC 6068 §2 writes it: what means
    something in a URI is escaped, and no line end can hide in it.
    """
    plain = _CONTROL.sub("", parseaddr(value)[1] or value).replace("\n", "")
    return "mailto:" + quote(plain, safe="@!$'*+")


def moment(value: dt.datetime) -> str:
    """An instant in UTC: 20270314T230000Z."""
    return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def time_line(name: str, local: dt.datetime, zone: str, fold: int, instant: dt.datetime) -> str:
    """Local time with its zone; in UTC where the zone is UTC, or where the local time comes twice.

    Such a time is to be read as the first (§3.3.5), but half of the programs read the second: an instant they all agree on.
    """
    if fold or zone in {"UTC", "Etc/UTC"} or _comes_twice(local, zone):
        return line(name, moment(instant))
    return line(f"{name};TZID={zone}", local.strftime("%Y%m%dT%H%M%S"))


def _comes_twice(local: dt.datetime, zone: str) -> bool:
    """Or never: what new rules skip has two readings too."""
    here = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=here, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def calendar(*parts: str, method: str = "", name: str = "", refresh: str = "") -> bytes:
    """A VCALENDAR around rendered components. refresh: a duration such as PT1H (RFC 7986 §5.7)."""
    head = [
        "BEGIN:VCALENDAR\r\n",
        line("VERSION", "2.0"),
        line("PRODID", PRODID),
        line("CALSCALE", "GREGORIAN"),
    ]
    if method:
        head.append(line("METHOD", method))
    if name:
        head += [text_line("NAME", name), text_line("X-WR-CALNAME", name)]
    if refresh:
        head += [line("REFRESH-INTERVAL;VALUE=DURATION", refresh), line("X-PUBLISHED-TTL", refresh)]
    return "".join([*head, *parts, "END:VCALENDAR\r\n"]).encode()


def page_of(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def _pieces(text: str) -> list[str]:
    """Cut at 75 octets, never inside a character; every piece after the first carries a leading space."""
    pieces, room, start, used = [], OCTETS, 0, 0
    for at, character in enumerate(text):
        octets = 1 if character < "\x80" else len(character.encode("utf-8", "replace"))
        if used + octets > room:
            pieces.append(text[start:at])
            start, used, room = at, 0, OCTETS - 1
        used += octets
    pieces.append(text[start:])
    return pieces
