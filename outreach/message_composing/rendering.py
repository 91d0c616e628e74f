"""The same parts as HTML and as text. Everything from outside is escaped in the one, and harmless in the other."""

from __future__ import annotations

import re
import textwrap
from typing import Final

from django.template.loader import get_template
from django.utils.translation import get_language_info

from outreach.message_composing.content import Block, Content

_WIDTH: Final = 72
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def as_html(content: Content, language: str) -> str:
    return str(get_template("outreach/letter.html").render(_context(content, language)))


def as_text(content: Content, language: str) -> str:
    """Lines of at most 72 characters; an address in the web is never broken."""
    context = _context(content, language)
    context["blocks"] = [_in_lines(block) for block in content.blocks]
    context["small"] = [_wrapped(line) for line in content.small]
    text = str(get_template("outreach/letter.txt").render(context))
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def _context(content: Content, language: str) -> dict[str, object]:
    info = get_language_info(language)
    return {
        "content": content,
        "blocks": content.blocks,
        "small": content.small,
        "language": language,
        "direction": "rtl" if info["bidi"] else "ltr",
    }


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


def _row(label: str, lines: list[str], width: int) -> list[str]:
    wrapped = [piece for line in lines for piece in _wrapped(line, width=_WIDTH - width).split("\n")]
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
