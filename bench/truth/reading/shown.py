"""What a page shows: its text without its marks, and what stands in it for machines."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from bench.truth.reading.words import one_line

_UNSEEN = re.compile(r"<(script|style|head|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def main_of(page: str) -> str:
    """The HTML of the page's own part, without frame and navigation."""
    found = _MAIN.search(page)
    return found[0] if found else page


def text_of(markup: str) -> str:
    return one_line(html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", markup))))


def part(markup: str, element: str, marked: str) -> str:
    """The inside of the first element whose opening tag holds ``marked``; elements of its kind within it are closed first."""
    begins = re.search(rf"<{element}\b[^>]*{marked}[^>]*>", markup)
    if begins is None:
        return ""
    depth, at = 1, begins.end()
    for tag in re.finditer(rf"<(/?){element}\b[^>]*>", markup[at:]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return markup[at : at + tag.start()]
    return markup[at:]


def parts(markup: str, element: str, marked: str) -> list[str]:
    """The insides of all such elements, one after the other."""
    found = []
    while begins := re.search(rf"<{element}\b[^>]*{marked}[^>]*>", markup):
        inside = part(markup[begins.start() :], element, marked)
        found.append(inside)
        markup = markup[begins.end() + len(inside) :]
    return found


def structured(page: str) -> Any:
    """The JSON-LD of the page; None where there is none."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None
