"""docs/privacy.md promises nothing that no test holds: every sentence names its tests, and every test named is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "privacy.md"
# What these say is a limit and no promise: nothing could fail. A promise among them may still name its test.
LIMITS = {"What Engage keeps about a resident, and what it cannot hide", "What remains", "Limits"}
# Sentences elsewhere that promise nothing either, by their beginning: why each is here.
NO_PROMISE = {
    "(The construction is HPKE": "how it is made",
    "Where the agency made no pair of keys": "a limit",
    "A backup keeps what is erased": "a limit",
    "Whoever shares a device can see": "a limit",
    "| an event's checklist": "nothing about residents",
    "| column | what needs it |": "a heading",
    "| what | how | until |": "a heading",
}
_MARK = re.compile(r"\[\^([\w-]+)\]")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)`: ((?:`\w+`(?:, )?)+)")


def _parts() -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Each sentence, list item and row with its section; and what each mark stands for."""
    told: list[tuple[str, str]] = []
    marks: dict[str, str] = {}
    section, paragraph = "", ""
    for line in [*PAGE.read_text(encoding="utf-8").splitlines(), ""]:
        if found := re.match(r"\[\^([\w-]+)\]: (.*)", line):
            marks[found[1]] = found[2]
            continue
        if not line or line.startswith(("#", "|", "- ")):
            told += [(section, sentence) for sentence in _sentences(paragraph)]
            paragraph = ""
        if line.startswith("#"):
            section = line.lstrip("# ")
        elif line.startswith("|"):
            told += [(section, line)] if not line.startswith("|---") else []
        else:
            paragraph += " " + line.strip()
    return told, marks


def _sentences(paragraph: str) -> list[str]:
    """Marks belong to the sentence before them."""
    ends = re.sub(r"([.!?]\)?)((?: \[\^[\w-]+\])*)(?= |$)", "\\1\\2\n", paragraph.strip())
    return [sentence.strip() for sentence in ends.splitlines() if sentence.strip()]


@cache
def _tests_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def unheld(told: list[tuple[str, str]]) -> list[str]:
    """The sentences that promise something and name no test."""
    return [
        sentence
        for section, sentence in told
        if section not in LIMITS
        and not _MARK.search(sentence)
        and not any(sentence.startswith(beginning) for beginning in NO_PROMISE)
        and not _row_of_columns(sentence)
    ]


def _row_of_columns(sentence: str) -> bool:
    # The table of columns gives reasons; the sentence above it makes the promise.
    return sentence.startswith("| `")


def test_every_sentence_that_promises_something_names_a_test() -> None:
    told, _marks = _parts()
    assert len(told) > 50
    assert unheld(told) == []


def test_every_mark_is_explained_and_every_explanation_used() -> None:
    told, marks = _parts()
    assert {mark for _section, sentence in told for mark in _MARK.findall(sentence)} == set(marks)


def test_every_test_that_is_named_is_there() -> None:
    _told, marks = _parts()
    missing = []
    for mark, text in marks.items():
        named = _NAMED.findall(text)
        rest = re.sub(r"[;\s]", "", _NAMED.sub("", text))
        if not named or rest:
            missing.append(f"{mark}: {rest or 'names no test'}")
        for path, tests in named:
            gone = set(re.findall(r"`(\w+)`", tests)) - _tests_in(path) if (ROOT / path).exists() else {path}
            missing += [f"{mark}: {one}" for one in sorted(gone)]
    assert missing == []


@pytest.mark.parametrize("sentence", ["Nobody ever sees it.", "| a thing | sealed | a day |"])
def test_a_promise_without_a_test_is_found(sentence: str) -> None:
    assert unheld([("What is kept", sentence), ("What is kept", "Held. [^x]")]) == [sentence]
    assert unheld([("Limits", sentence)]) == []
