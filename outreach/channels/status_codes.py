"""What a mail server's enhanced status (RFC 3463) says of an address: while a letter is handed over, and when it comes back."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

# 5.1.7 and 5.1.8 speak of the sender's address, so of us.
NO_MAILBOX: Final = r"5\.1\.(?![78]\b)[0-9]{1,3}\b"
# About this letter alone: too long for that mailbox or that server, or of a form it does not take.
THIS_LETTER: Final = r"5\.(?:2\.3|3\.4|6\.[0-9]{1,3})\b"
_SHUT: Final = r"5\.2\.1\b"
_US: Final = r"[45]\.(?:1\.[78]|7\.[0-9]{1,3})\b"
_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")


class Meaning(StrEnum):
    """Of a letter that was given up."""

    GONE = "gone"  # that address takes nothing any more
    FULL_OR_AWAY = "full or away"  # it may pass: a full mailbox, a server that did not answer for days
    THIS_LETTER = "this letter"  # another one may go through
    US = "us"  # what we send is not wanted, whoever it is for


def meaning_of(status: str) -> Meaning:
    """status: like ``5.1.1``. Whatever is not known to be final may pass."""
    if re.match(_US, status):
        return Meaning.US
    if re.match(THIS_LETTER, status):
        return Meaning.THIS_LETTER
    if re.match(f"{NO_MAILBOX}|{_SHUT}", status):
        return Meaning.GONE
    return Meaning.FULL_OR_AWAY


def status_in(*texts: str) -> str:
    """The first status in these texts that says more than "some failure"; else the first of all, else ``5.0.0``."""
    found = [match[0] for text in texts for match in _STATUS.finditer(text[:2000]) if match[1] != "2"]
    telling = [status for status in found if not status.endswith(".0.0")]
    return next(iter([*telling, *found]), "5.0.0")
