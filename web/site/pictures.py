"""Pictures with words on them: what a link shows where somebody sends it on, and a ticket that is kept in a phone's gallery.

Drawn from our own letters on plain paper; nothing that anybody uploaded is read. One is drawn at a time in each process,
and those of everybody's pages are kept: asking for one again costs no more than asking for a page.
"""

from __future__ import annotations

import hashlib
import io
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from PIL import Image, ImageDraw, ImageFont

from engage.agencies.appearance import palette
from engage.agencies.models import Agency
from web.site.languages.addresses import address_of

_FONTS: Final = Path(__file__).resolve().parents[1] / "static" / "web" / "built" / "fonts"
_PARTS: Final = ("latin", "ext")
# What no font of ours has, to see whether a letter is one of those: a place that Unicode will never fill.
_NO_LETTER: Final = "\uffff"
# Pixels. The size that the services agree on which show what is behind a link.
WIDE, HIGH = 1200, 630
_PAPER, _INK, _QUIET, _BAD = "#ffffff", "#1b1b1b", "#565c65", "#b50909"
# Of an agency without a color of its own: as the theme has it.
_DEEP, _ACCENT = "#002d3f", "#ffbe2e"
_MARGIN: Final = 72
# Of one text; what is longer would not be legible either.
_LONGEST: Final = 200
# Whatever is drawn otherwise from the same words is another picture.
_EDITION: Final = "1"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Card:
    """What is behind a link, in words. color: ``#rrggbb`` of the band. note: what must not be missed; off: that it is bad news."""

    agency: str
    title: str
    lines: tuple[str, ...] = ()
    note: str = ""
    off: bool = False
    color: str = _DEEP

    @property
    def etag(self) -> str:
        """Other words, another tag."""
        said = "\0".join(
            [_EDITION, self.agency, self.title, *self.lines, self.note, str(self.off), self.color]
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def color_of(agency: Agency) -> str:
    """Of the band: dark enough for white letters."""
    return palette(agency.primary_color)["primary-deep"] if agency.primary_color else _DEEP


def shown_outside(card: Card, page: str, **parts: Any) -> dict[str, str]:
    """For ``site/frames/_card.html``. page: the name of the picture's own.

    What the picture says newly has a new address, so that whoever shows it fetches it anew.
    """
    address = f"{settings.PUBLIC_URL}{address_of(page, **parts)}?v={card.etag[:8]}"
    return {"card_url": address, "card_words": ". ".join((card.title, *card.lines))}


def answer_with(request: HttpRequest, card: Card, *, discreet: bool = False) -> HttpResponse:
    """The picture, or 304. discreet: kept by nobody, like the page that it belongs to."""
    tag = f'"{card.etag}"'
    unchanged = None if discreet else get_conditional_response(request, etag=tag)
    answer = unchanged or HttpResponse(card_png(card), content_type="image/png")
    if not discreet:
        answer["ETag"] = tag
    return answer


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place, to be shown or said at a door. address: what the square says to a camera."""

    code: str
    address: str
    label: str
    title: str
    lines: tuple[str, ...]
    note: str


@lru_cache(maxsize=128)
def card_png(card: Card) -> bytes:
    """1200 × 630 pixels."""
    with _one_at_a_time:
        image = Image.new("RGB", (WIDE, HIGH), _PAPER)
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, WIDE, 116), fill=card.color)
        pen.rectangle((0, 116, WIDE, 124), fill=_ACCENT)
        room = WIDE - 2 * _MARGIN
        _write(pen, (_MARGIN, 34), card.agency, _fitting(card.agency, (40, 34, 28), room, 1), _PAPER, room, 1)
        at = 164
        if card.note:
            at = _write(pen, (_MARGIN, at), card.note, _bold(36), _BAD if card.off else _INK, room, 1) + 8
        below = sum(52 for _line in card.lines)
        sizes = tuple(size for size in (76, 66, 56, 48, 42))
        most = 3 if below <= 110 else 2
        at = _write(pen, (_MARGIN, at), card.title, _fitting(card.title, sizes, room, most), _INK, room, most)
        at = max(at + 24, HIGH - 48 - below)
        for number, line in enumerate(card.lines):
            font = _bold(38) if number == 0 else _plain(38)
            start = at
            at = _write(pen, (_MARGIN, at), line, font, _INK, room, 1)
            if card.off and number == 0:
                width = min(room, _length(line, font))
                pen.line((_MARGIN, start + 26, _MARGIN + width, start + 26), fill=_INK, width=4)
        return _png(image)


def ticket_png(ticket: Ticket) -> bytes:
    """As wide as a phone's screen, as high as its words need. Not kept: it opens a door."""
    with _one_at_a_time:
        wide, room = 1080, 1080 - 2 * _MARGIN
        image = Image.new("RGB", (wide, 2000), _PAPER)
        pen = ImageDraw.Draw(image)
        at = _square(pen, ticket.address, wide, 72)
        at = _centred(pen, at + 24, ticket.label, _plain(34), _QUIET, wide)
        at = _centred(pen, at + 4, ticket.code, _bold(92), _INK, wide) + 24
        pen.line((_MARGIN, at, wide - _MARGIN, at), fill="#a9aeb1", width=3)
        at += 36
        if ticket.title:
            at = (
                _write(
                    pen,
                    (_MARGIN, at),
                    ticket.title,
                    _fitting(ticket.title, (60, 52, 44), room, 3),
                    _INK,
                    room,
                    3,
                )
                + 16
            )
        for line in ticket.lines:
            at = _write(pen, (_MARGIN, at), line, _plain(42), _INK, room, 3) + 6
        at = _write(pen, (_MARGIN, at + 16), ticket.note, _plain(34), _QUIET, room, 3)
        return _png(image.crop((0, 0, wide, at + 56)))


def drawable(text: str) -> str:
    """What our letters can say of a text: without its emoji; nothing of one that is mostly in a script they do not have."""
    whole = " ".join(unicodedata.normalize("NFC", text[:_LONGEST]).split())
    kept = " ".join("".join(each for each in whole if _part_of(each)).split())
    return kept if len(kept) * 5 >= len(whole) * 4 else ""


@dataclass(frozen=True, slots=True)
class _Font:
    size: int
    weight: str

    def part(self, name: str) -> ImageFont.FreeTypeFont:
        return _loaded(f"PublicSans-{self.weight}.{name}.woff2", self.size)


def _bold(size: int) -> _Font:
    return _Font(size, "Bold")


def _plain(size: int) -> _Font:
    return _Font(size, "Regular")


@lru_cache(maxsize=64)
def _loaded(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=2048)
def _part_of(letter: str) -> str:
    """Which half of the font has it; empty where neither does."""
    if letter == " ":
        return _PARTS[0]
    for part in _PARTS:
        font = _plain(20).part(part)
        if bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER)):
            return part
    return ""


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of a text, each with the half of the font that has its letters."""
    for part, letters in groupby(text, key=_part_of):
        yield part or _PARTS[0], "".join(letters)


def _length(text: str, font: _Font) -> float:
    return sum(font.part(part).getlength(run) for part, run in _runs(text))


def _broken(text: str, font: _Font, width: float, most: int) -> list[str]:
    """In lines no wider than ``width``; the last of ``most`` ends with … where there is more."""
    lines, words = [""], text.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, font) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]}…" if number < len(words) else lines[-1]
            break
    return [_cut(line, font, width) for line in lines]


def _cut(line: str, font: _Font, width: float) -> str:
    if _length(line, font) <= width:
        return line
    # Halved until it is known how much of it fits: a name of one endless word takes no longer than others.
    fits, over = 0, len(line)
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if _length(f"{line[:middle]}…", font) <= width else (fits, middle)
    return f"{line[:fits].rstrip()}…"


def _fitting(text: str, sizes: tuple[int, ...], width: float, most: int) -> _Font:
    """The largest bold letters in which the whole text stands on so many lines."""
    for size in sizes:
        if not any(line.endswith("…") for line in _broken(drawable(text), _bold(size), width, most)):
            return _bold(size)
    return _bold(sizes[-1])


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    font: _Font,
    ink: str,
    width: float,
    most: int,
) -> int:
    """Returns where the next line may begin."""
    left, top = at
    for line in _broken(drawable(text), font, width, most):
        if line:
            _line(pen, left, top, line, font, ink)
            top += font.size * 1.18
    return round(top)


def _centred(pen: ImageDraw.ImageDraw, top: float, text: str, font: _Font, ink: str, wide: int) -> int:
    _line(pen, (wide - _length(text, font)) / 2, top, text, font, ink)
    return round(top + font.size * 1.18)


def _line(pen: ImageDraw.ImageDraw, left: float, top: float, text: str, font: _Font, ink: str) -> None:
    for part, run in _runs(text):
        letters = font.part(part)
        # Both halves are one font: they share the line that letters stand on.
        pen.text((left, top + font.size * 0.95), run, font=letters, fill=ink, anchor="ls")
        left += letters.getlength(run)


def _square(pen: ImageDraw.ImageDraw, address: str, wide: int, top: int) -> int:
    matrix = segno.make(address, micro=False, error="m", boost_error=False).matrix
    side = 640 // len(matrix)
    left = (wide - side * len(matrix)) // 2
    for row, modules in enumerate(matrix):
        for column, module in enumerate(modules):
            if module:
                x, y = left + column * side, top + row * side
                pen.rectangle((x, y, x + side - 1, y + side - 1), fill="#000000")
    return top + side * len(matrix)


def _png(image: Image.Image) -> bytes:
    drawn = io.BytesIO()
    # Few colors, and a third of the bytes.
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(drawn, format="PNG")
    return drawn.getvalue()
