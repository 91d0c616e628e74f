"""What a message that came back says: which letters it may be about, and whether one of them was given up, and why.

Read with the standard library's parser, whose answers are all this trusts. Anybody can send anything here: what is no
delivery report (RFC 3464) says nothing, whatever its words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from typing import Any, Final

from outreach.bounces.return_addresses import LENGTH
from outreach.channels.status_codes import status_in

# Reports carry their verdict in their first kilobytes; what follows is the letter that came back.
MOST_READ: Final = 262_144  # bytes
_MOST_PARTS: Final = 20
_MOST_RECIPIENTS: Final = 20
_MOST_TOKENS: Final = 5
_VERDICTS: Final = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True, slots=True)
class Report:
    """tokens: what may be return addresses of ours, the envelope's first. status: why it was given up; "" where none was."""

    tokens: tuple[str, ...]
    status: str = ""


def report_in(content: bytes, *, bounce_address: str, sent_to: Iterable[str] = ()) -> Report:
    """content: a whole message, of which no more than MOST_READ bytes are looked at. sent_to: the envelope's recipients."""
    content = content[:MOST_READ]
    tokens = _tokens("\n".join(sent_to).encode() + b"\n" + content, bounce_address)
    if not tokens:
        return Report(())
    try:
        return Report(tokens, _why_given_up(BytesParser(policy=policy.compat32).parsebytes(content)))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # The parser is made for mail, and this may be anything: parts within parts a thousand deep, say.
        return Report(tokens)


def _tokens(content: bytes, bounce_address: str) -> tuple[str, ...]:
    local = re.escape(bounce_address.rpartition("@")[0].encode())
    written = re.compile(rb"\b" + local + rb"\+([a-z2-7]{%d})(?![a-z2-7])" % LENGTH, re.IGNORECASE)
    found: dict[str, None] = {}
    for match in written.finditer(content):
        found[match[1].decode().lower()] = None
        if len(found) >= _MOST_TOKENS:
            break
    return tuple(found)


def _why_given_up(message: Message) -> str:
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return ""
    parts: list[Any] = list(message.get_payload())[:_MOST_PARTS]
    for part in parts:
        if part.get_content_type() in _VERDICTS:
            for recipient in _recipients(part)[:_MOST_RECIPIENTS]:
                if status := _given_up(recipient):
                    return status
    return ""


def _recipients(part: Message) -> list[Any]:
    """The blocks about each recipient, after the one about the report itself."""
    blocks: Any = part.get_payload()
    if not isinstance(blocks, list):
        return []
    if part.get_content_type() == _VERDICTS[0]:
        return blocks[1:]
    # RFC 6533: the parser takes it for a letter, whose text is then the blocks that are left.
    rest = blocks[0].get_payload() if blocks else ""
    texts = re.split(r"\r?\n\r?\n", rest) if isinstance(rest, str) else []
    return [HeaderParser().parsestr(text) for text in texts if text.strip()]


def _given_up(recipient: Any) -> str:
    action, status, said = (str(recipient.get(name, "")) for name in ("Action", "Status", "Diagnostic-Code"))
    if action.strip().lower() == "failed" or (not action and status.strip().startswith("5.")):
        return status_in(status, said)
    return ""
