"""An English time brings a stop of its own ("6 p.m."): whoever ends a sentence with one drops the second (``one_stop``).

Every message is looked at in which a placeholder that holds a time, or a text that may end like one, is followed by a stop.
In a letter that is done once for all of its words (outreach.letters.content.with_one_stop).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.architecture.sources import ROOT

ROOMS: Final = ("engage", "events", "outreach", "web")
# What holds a time of day in some message. "day", "date" and the like end in a year, or in a name of a day.
TIMES: Final = frozenset(
    {
        "after",
        "as_of",
        "before",
        "clock",
        "closes",
        "latest",
        "moment",
        "offer_until",
        "opens",
        "seen",
        "start",
        "time",
        "until",
        "when",
    }
)
# Where it is put around a sentence by another function of the file.
ELSEWHERE: Final = {
    "engage/agencies/shorter_retention.py": "_when",
    "events/planning/foreseeing.py": "_read_at",
    "web/rsvps/held_words.py": "parts_of",
}
_ENDS: Final = re.compile(r"(?:\{(\w+)\}|%\((\w+)\)s|\{\{ (\w+) \}\})\.(?![\w.])")
_DOUBLE: Final = re.compile(r"(?<!\.)\.\.(?!\.)|[ap]\.\s?m\.\.")
_FILTERED: Final = re.compile(r"\{% filter one_stop %\}.*?\{% endfilter %\}", re.DOTALL)
_SAID: Final = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", re.DOTALL)
_GETTEXTS: Final = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "ngettext_lazy"}


def test_no_message_and_no_translation_ends_in_two_stops() -> None:
    found = [
        text
        for room in ROOMS
        for message in _messages(room)
        for text in (*_forms(message.id), *_forms(message.string))
        if _DOUBLE.search(text)
    ]
    assert found == []


def test_a_sentence_of_a_template_that_ends_in_a_time_is_filtered() -> None:
    found = []
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        outside = _FILTERED.sub("", text)
        found += [
            f"{path.relative_to(ROOT)}: {' '.join(said.split())[:90]}"
            for said in _SAID.findall(outside)
            if _ends_in_a_time(said)
        ]
    assert found == [], "Put {% filter one_stop %} around it."


def test_a_sentence_of_the_code_that_ends_in_a_time_has_one_stop() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text[:90]}"
        for path in _sources()
        for line, text in _bare(path)
        if str(path.relative_to(ROOT)) not in ELSEWHERE
    ]
    for name, function in ELSEWHERE.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "one_stop(" in text.partition(f"def {function}(")[2].partition("\ndef ")[0]
    assert found == [], "Put one_stop(…) around it."


def _ends_in_a_time(text: str) -> bool:
    return any((one[1] or one[2] or one[3]) in TIMES for one in _ENDS.finditer(text))


def _messages(room: str) -> Catalog:
    with (ROOT / room / "locale" / "es" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="es")


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _sources() -> Iterator[Path]:
    for room in (*ROOMS, "api", "config"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts and path.parts[-2] != "letters":
                yield path


def _bare(path: Path) -> Iterator[tuple[int, str]]:
    """Messages that end in a time, outside of a call of one_stop."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "one_stop":
            inside |= {id(below) for below in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _GETTEXTS and id(node) not in inside:
            texts = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            yield from ((node.lineno, text) for text in texts if _ends_in_a_time(text))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
