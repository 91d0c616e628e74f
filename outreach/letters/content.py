"""What a letter says, as parts: the HTML and the text of every message are made from the same ones."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.template.defaultfilters import linebreaksbr, urlize
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from engage.contacts.telephones import calling
from engage.local_time import one_stop

# A block's kind names its part in templates/outreach/letter.{html,txt}.
_PARAGRAPH: Final = "paragraph"


@dataclass(frozen=True, slots=True)
class Linked:
    """A line that leads somewhere: in HTML its words are the link, in text the address stands below them."""

    label: str
    url: str


type Line = str | Linked


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a letter. ``kind`` decides which of the others are used."""

    kind: str
    text: str = ""
    label: str = ""
    url: str = ""
    rows: Sequence[tuple[str, Sequence[Line]]] = ()
    items: Sequence[Any] = ()


@dataclass(slots=True)
class Content:
    """One message before it is rendered, in one language.

    sender: the name shown as who writes. reply_to: the address of theirs where an answer is read. stop: the token of a one-click link. calendar: method and bytes.
    calls: the telephone numbers in its small print, as they are written there. tongues: what to read it in else: the
    name of each language in itself, its code, and the address.
    """

    subject: str
    heading: str
    preheader: str = ""
    blocks: list[Block] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    sender: str = ""
    reply_to: str = ""
    is_discreet: bool = False
    sender_line: str = ""
    not_me_url: str = ""
    stop: str = ""
    stop_url: str = ""
    calendar: tuple[str, bytes] | None = None
    codes: list[str] = field(default_factory=list)
    calls: tuple[str, ...] = ()
    tongues: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, *blocks: Block) -> Content:
        self.blocks += blocks
        return self


def paragraph(text: str) -> Block:
    return Block(_PARAGRAPH, text=text)


def title(text: str) -> Block:
    return Block("title", text=text)


def facts(rows: Sequence[tuple[str, Sequence[Line]]]) -> Block:
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


_WIDTH: Final = 72
_BETWEEN_LINES: Final = re.compile(r"\s*\n\s*")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def as_html(content: Content, language: str) -> str:
    """Without the template's indentation, which nobody sees and each letter would carry: it more than doubled them."""
    context = _context(content, language)
    context["small"] = [_with_calls(line, content.calls) for line in content.small]
    # There a number of three digits may be a house's: of these lines only the agency's own calls.
    context["blocks"] = [_in_html(block, content.calls[:1]) for block in content.blocks]
    written = str(get_template("outreach/letter.html").render(context))
    return _BETWEEN_LINES.sub("\n", written).strip() + "\n"


def as_text(content: Content, language: str) -> str:
    """Lines of at most 72 characters; an address in the web is never broken."""
    context = _context(content, language)
    context["blocks"] = [_in_lines(block) for block in content.blocks]
    context["small"] = [_wrapped(line) for line in content.small]
    text = str(get_template("outreach/letter.txt").render(context))
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def with_one_stop(content: Content) -> Content:
    """What stands at the end of a sentence may end with a stop of its own ("6 p.m."), a title or a reason too.

    Done here, where all of a letter comes by, so that no sentence's writer has to think of it. Quotations stay as they are.
    """
    content.subject, content.heading = one_stop(content.subject), one_stop(content.heading)
    content.preheader, content.small = one_stop(content.preheader), [one_stop(line) for line in content.small]
    content.blocks = [block if block.kind == "quote" else _with_one_stop(block) for block in content.blocks]
    return content


def _with_one_stop(block: Block) -> Block:
    rows = [
        (label, [one_stop(line) if isinstance(line, str) else line for line in lines])
        for label, lines in block.rows
    ]
    return replace(block, text=one_stop(block.text), label=one_stop(block.label), rows=rows)


def _context(content: Content, language: str) -> dict[str, object]:
    info = get_language_info(language)
    return {
        "content": content,
        "blocks": content.blocks,
        "small": content.small,
        "language": language,
        "direction": "rtl" if info["bidi"] else "ltr",
    }


def _with_calls(line: str, numbers: Iterable[str]) -> SafeString:
    """The line, safe as HTML, in which a touch calls each of these numbers."""
    links = {str(escape(number)): str(conditional_escape(calling(number))) for number in numbers if number}
    # A number alone, and not the end or the middle of a longer one.
    found = rf"(?<!\w)(?:{'|'.join(map(re.escape, links))})(?!\w)"
    linked = re.sub(found, lambda number: links[number[0]], str(escape(line))) if links else escape(line)
    return mark_safe(linked)  # noqa: S308 - escaped above, part by part


def _in_html(block: Block, numbers: Sequence[str]) -> Block:
    """numbers: those that a touch calls."""
    if block.kind not in {_PARAGRAPH, "facts"}:
        return block
    rows = [(label, [_line_in_html(line, numbers) for line in lines if line]) for label, lines in block.rows]
    return replace(block, text=_with_calls(block.text, numbers), rows=rows)


def _line_in_html(line: Line, numbers: Sequence[str]) -> SafeString:
    if isinstance(line, Linked):
        return format_html('<a href="{}">{}</a>', line.url, line.label)
    return mark_safe(linebreaksbr(urlize(_with_calls(line, numbers))))  # noqa: S308 - escaped by the first of these


def _in_lines(block: Block) -> dict[str, object]:
    width = max((len(label) for label, _lines in block.rows), default=0) + 2
    return {
        "kind": block.kind,
        "text": _wrapped(block.text),
        "label": _wrapped(block.label),
        "url": block.url,
        "rows": ["\n".join(_row(label, [*lines], width)) for label, lines in block.rows],
        "items": [
            (first, _wrapped(str(second), indent="   ") if isinstance(first, str) else second)
            for first, second in block.items
        ],
    }


def _row(label: str, lines: list[Line], width: int) -> list[str]:
    said = (line if isinstance(line, str) else f"{line.label}\n{line.url}" for line in lines if line)
    wrapped = [piece for line in said for piece in _wrapped(line, width=_WIDTH - width).split("\n")]
    first, *more = wrapped or [""]
    return [f"{label}:".ljust(width) + first, *(" " * width + line for line in more)]


def _wrapped(text: str, *, width: int = _WIDTH, indent: str = "") -> str:
    paragraphs = [
        textwrap.fill(
            line,
            width=max(width, 20),
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    ]
    return "\n".join(paragraphs)
