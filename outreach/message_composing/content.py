"""What a letter says, as parts: the HTML and the text of every message are made from the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

# A block's kind names its part in templates/outreach/letter.{html,txt}.
_PARAGRAPH: Final = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a letter. ``kind`` decides which of the others are used."""

    kind: str
    text: str = ""
    label: str = ""
    url: str = ""
    rows: Sequence[tuple[str, Sequence[str]]] = ()
    items: Sequence[Any] = ()


@dataclass(slots=True)
class Content:
    """One message before it is rendered, in one language.

    sender: the name shown as who writes. stop: the token of a one-click link. calendar: method and bytes.
    """

    subject: str
    heading: str
    preheader: str = ""
    blocks: list[Block] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    sender: str = ""
    sender_line: str = ""
    not_me_url: str = ""
    stop: str = ""
    stop_url: str = ""
    calendar: tuple[str, bytes] | None = None
    codes: list[str] = field(default_factory=list)

    def add(self, *blocks: Block) -> Content:
        self.blocks += blocks
        return self


def paragraph(text: str) -> Block:
    return Block(_PARAGRAPH, text=text)


def title(text: str) -> Block:
    return Block("title", text=text)


def facts(rows: Sequence[tuple[str, Sequence[str]]]) -> Block:
    """Label and lines; a row without lines is left out."""
    return Block("facts", rows=[(label, lines) for label, lines in rows if any(lines)])


def button(label: str, url: str) -> Block:
    """The one thing to do: a form behind a link, never an act of its own."""
    return Block("button", label=label, url=url)


def link(label: str, url: str) -> Block:
    return Block("link", label=label, url=url)


def ticket(code: str, note: str) -> Block:
    """A check-in code, also as a picture. The code opens nothing."""
    return Block("ticket", text=f"{code[:5]} {code[5:]}", label=note, url=f"cid:{code}")


def counted(items: Sequence[tuple[int, str]]) -> Block:
    """How often, and what."""
    return Block("counted", items=items)


def numbered(items: Sequence[tuple[str, str]]) -> Block:
    """What, and a line about it."""
    return Block("numbered", items=items)


def quote(text: str) -> Block:
    return Block("quote", text=text)
