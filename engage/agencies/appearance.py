"""How an agency's pages look: one colour of its own, checked so that everybody can read on it, and links of its own."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from engage.agencies.models import Agency, AgencyMark
from engage.refusals import FieldError

LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3, for text of any size
MOST_LINKS: Final = 8
# Of a link's words, and of its address.
LONGEST_TITLE: Final = 80
LONGEST_URL: Final = 500
_COLOR: Final = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE | re.ASCII)
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
# The grounds of the dark pages (web/theme/_schemes.scss), and what the design system's own blue has on the lighter of them.
DARK_GROUND: Final = "#1c1d1f"
LIGHTER_DARK_GROUND: Final = "#2d2e2f"
_CONTRAST_ON_DARK: Final = 6.0

type _Rgb = tuple[int, int, int]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ``#rrggbb``, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def palette(primary: str) -> dict[str, str]:
    """The primary family of the pages, worked out from one colour: names of the theme's properties → ``#rrggbb``."""
    color = _rgb(primary)
    deep = next(
        (
            shade
            for part in range(30, 100, 5)
            if contrast(shade := _hex(_mix(color, _BLACK, part)), "#ffffff") >= 11
        ),
        "#000000",
    )
    return {
        "primary": primary.lower(),
        "primary-dark": _hex(_mix(color, _BLACK, 22)),
        "primary-deep": deep,
        "primary-soft": _hex(_mix(color, _WHITE, 91)),
        "primary-rule": _hex(_mix(color, _WHITE, 62)),
        "on-deep": _hex(_mix(color, _WHITE, 78)),
    }


def palette_on_dark(primary: str) -> dict[str, str]:
    """What of that family is another on a dark ground: as little lighter as can be read there."""
    color, ground = _rgb(primary), _rgb(DARK_GROUND)
    light = next(
        shade
        for part in range(0, 101, 5)
        if contrast(_hex(shade := _mix(color, _WHITE, part)), LIGHTER_DARK_GROUND) >= _CONTRAST_ON_DARK
    )
    return {
        "primary": _hex(light),
        "primary-dark": _hex(_mix(light, _WHITE, 45)),
        "primary-soft": _hex(_mix(ground, color, 25)),
        "primary-rule": _hex(_mix(ground, light, 45)),
        "on-primary": DARK_GROUND,
        "deep-line": _hex(light),
    }


def errors_in(agency: Agency) -> list[FieldError]:
    """What of an agency's appearance does not fit."""
    errors = []
    if agency.primary_color and not _COLOR.fullmatch(agency.primary_color):
        errors.append(FieldError("primary_color", "invalid", _("Write the color as #07648d.")))
    elif agency.primary_color and contrast(agency.primary_color, "#ffffff") < LEAST_CONTRAST:
        sentence = _("White words cannot be read on this color. Choose a darker one.")
        errors.append(FieldError("primary_color", "low_contrast", sentence))
    if agency.mark == AgencyMark.LETTERS and not agency.mark_letters.strip():
        errors.append(
            FieldError("mark_letters", "required", _("Give one to three letters, or choose a drawing."))
        )
    if not _are_links(agency.other_links):
        sentence = _("Give up to 8 links, each with a title and an address that begins with https://.")
        errors.append(FieldError("other_links", "invalid", sentence))
    return errors


def _are_links(links: Any) -> bool:
    return isinstance(links, list) and len(links) <= MOST_LINKS and all(map(_is_link, links))


def _is_link(link: Any) -> bool:
    if not isinstance(link, dict) or link.keys() != {"title", "url"}:
        return False
    title, url = link["title"], link["url"]
    if (
        not isinstance(title, str)
        or not isinstance(url, str)
        or not 0 < len(title.strip()) <= LONGEST_TITLE
        or len(url) > LONGEST_URL
    ):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "\0" not in title + url


def _rgb(color: str) -> _Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(color: _Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _mix(color: _Rgb, other: _Rgb, percent: int) -> _Rgb:
    red, green, blue = (round(a + (b - a) * percent / 100) for a, b in zip(color, other, strict=True))
    return red, green, blue


def _luminance(color: _Rgb) -> float:
    parts = (value / 255 for value in color)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
