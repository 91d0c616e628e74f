"""Reading what arrived, as a mail program does."""

from __future__ import annotations

import re
from email.message import EmailMessage

from icalendar import Calendar


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar_of(letter: EmailMessage) -> Calendar | None:
    """The calendar part, read by a library that is not ours; None where there is none."""
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_content()
            read = Calendar.from_ical(content)
            assert read["METHOD"] == part.get_param("method")
            return read
    return None


def method_of(letter: EmailMessage) -> str:
    """REQUEST, CANCEL, or an empty text where there is no calendar part."""
    read = calendar_of(letter)
    return str(read["METHOD"]) if read else ""


def sequence_of(letter: EmailMessage) -> int:
    read = calendar_of(letter)
    assert read is not None
    return int(read.events[0]["SEQUENCE"])


def links_in(letter: EmailMessage, path: str) -> list[str]:
    """The tokens behind links of that path, from the text, each once."""
    return list(dict.fromkeys(re.findall(rf"{path}/([a-z2-7]{{53}})", text_of(letter))))
