"""What stands in a summary, taken apart into fields and put together again: each part with its words in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from outreach.summaries.models import SummaryVersion

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """One part of what was heard, as it was filled in. at: which field of the form; words: field → in the first language."""

    at: str
    theme: str | None
    count: int
    quotes: list[str]
    words: Words
    translated: Mapping[str, Words]
    translated_quotes: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that will not be done, with its reason."""

    at: str
    words: Words
    translated: Mapping[str, Words]


def key_of(quote: str) -> str:
    """A short name for a quote in the form: the words themselves may be long."""
    return sha256(quote.encode()).hexdigest()[:16]


def translation(version: SummaryVersion, language: str, part: str, number: int) -> dict[str, Any]:
    """The words of one part in ``language`` as they stand, where they differ from the first; empty where there are none."""
    whole = (version.translations.get(language) or {}).get(part) or []
    if not isinstance(whole, list) or number >= len(whole) or not isinstance(whole[number], dict):
        return {}
    first: Any = getattr(version, part)
    return {name: value for name, value in whole[number].items() if value != first[number].get(name)}


def text_in(version: SummaryVersion, language: str, part: str) -> str:
    return str((version.translations.get(language) or {}).get(part) or "")


def together(
    version: SummaryVersion,
    *,
    heard: Sequence[Heard],
    refused: Sequence[Refused],
    next_steps: Words,
    languages: Sequence[str],
) -> dict[str, Any]:
    """``heard``, ``will_not_do``, ``next_steps``, ``languages`` and ``translations`` as the summary keeps them.

    next_steps: language → text. A part that is not translated stands there in the first language, so that the parts of
    every language are the same, in the same order.
    """
    first, others = languages[0], languages[1:]
    translations: dict[str, dict[str, Any]] = {}
    for language in others:
        told = dict(version.translations.get(language) or {})
        told |= {
            "heard": _heard_in(language, heard),
            "will_not_do": _refused_in(language, refused),
            "next_steps": next_steps.get(language, ""),
        }
        translations[language] = {name: value for name, value in told.items() if value}
    return {
        "heard": [_part(one) for one in heard],
        "will_not_do": [dict(one.words) for one in refused],
        "next_steps": next_steps.get(first, ""),
        "languages": list(languages),
        "translations": {language: told for language, told in translations.items() if told},
    }


def _part(one: Heard) -> dict[str, Any]:
    return {"theme": one.theme, "count": one.count, "quotes": list(one.quotes), **one.words}


def _heard_in(language: str, heard: Sequence[Heard]) -> list[dict[str, Any]]:
    if not any(one.translated.get(language) or one.translated_quotes.get(language) for one in heard):
        return []
    told = []
    for one in heard:
        quotes = one.translated_quotes.get(language, {})
        words = {**one.words, **one.translated.get(language, {})}
        told.append(_part(one) | words | {"quotes": [quotes.get(quote) or quote for quote in one.quotes]})
    return told


def _refused_in(language: str, refused: Sequence[Refused]) -> list[dict[str, str]]:
    if not any(one.translated.get(language) for one in refused):
        return []
    return [{**one.words, **one.translated.get(language, {})} for one in refused]
