"""A reader that looks for words which nobody says any more finds every page true."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from bench.truth import reading

ROOT = Path(__file__).resolve().parents[2]
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Made of numbers and of what staff or residents typed; or said in letters' and pages' frames alone.
LEFT_OUT = {"_CODE", "_MONTHS", "_WEEKDAYS"}


def _said(language: str) -> list[str]:
    """Every text of the product in that language, its numbers as 5."""
    found: list[str] = []
    for path in ROOT.glob("*/locale/es/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                texts = message.id if language == "en" else message.string
                found += [texts] if isinstance(texts, str) else list(texts)
    return [_PLACEHOLDER.sub("5", text) for text in found]


def _alternatives(pattern: str) -> Iterator[str]:
    """The top ones: what stands in brackets stays together."""
    depth, part = 0, ""
    for sign in pattern:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            yield part
            part = ""
        else:
            part += sign
    yield part


def _words() -> Iterator[tuple[str, str, str]]:
    """Name, language and pattern of each thing that the reader looks for in both languages."""
    for module in pkgutil.iter_modules(reading.__path__):
        held = vars(importlib.import_module(f"{reading.__name__}.{module.name}"))
        for name, value in held.items():
            if isinstance(value, dict) and set(value) == {"en", "es"} and name not in LEFT_OUT:
                for language, pattern in value.items():
                    yield from ((f"{module.name}.{name}", language, one) for one in _patterns(pattern))


def _patterns(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _alternatives(value)
    elif isinstance(value, dict | tuple | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _patterns(each)


@pytest.mark.parametrize("language", ["en", "es"])
def test_whatever_the_reader_looks_for_is_said_somewhere(language: str) -> None:
    texts = _said(language)
    unsaid = [
        f"{name}: {pattern}"
        for name, spoken, pattern in _words()
        if spoken == language and not any(re.search(pattern, text, re.IGNORECASE) for text in texts)
    ]
    assert unsaid == []
