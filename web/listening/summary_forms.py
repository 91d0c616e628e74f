"""The wording of a summary as one form: what was heard by theme, what is promised, what is not and why, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from engage.models import Commitment
from engage.rule_violation import FieldError, RuleViolation
from web.listening.summary_fields import SummaryFields
from web.listening.summary_parts import Heard, Refused, together


class SummaryForm(SummaryFields):
    """Everything of one version: shown part by part, and given back as the summary keeps it."""

    _heard: Sequence[Heard] = ()
    _refused: Sequence[Refused] = ()

    def heard_parts(self) -> Iterator[dict[str, Any]]:
        """For the template: each part with its fields, and the same in every other language."""
        for key in self.heard_keys:
            yield {
                "number": int(key) + 1,
                "theme": self[f"heard-{key}-theme"],
                "name": self[f"heard-{key}-title"].value(),
                "count": self._count(key),
                "fields": [self[f"heard-{key}-title"], self[f"heard-{key}-text"]],
                "quotes": self[f"heard-{key}-quotes"],
                "others": self._others(f"heard-{key}-title", f"heard-{key}-text")
                + [self[name] for name in self.fields if name.startswith(f"heard-{key}-quote-")],
                "leave_out": self[f"heard-{key}-out"],
            }

    def refused_parts(self) -> list[dict[str, Any]]:
        return [
            {
                "number": int(key) + 1,
                "fields": [self[f"no-{key}-text"], self[f"no-{key}-reason"]],
                "others": self._others(f"no-{key}-text", f"no-{key}-reason"),
            }
            for key in self.refused_keys
        ]

    def new_part(self) -> list[Any]:
        return [self[f"heard-new-{name}"] for name in ("theme", "title", "text")]

    def new_is_open(self) -> bool:
        return any(field.value() for field in self.new_part())

    def next_in_others(self) -> list[Any]:
        return self._others("next_steps")

    def promise_choices(self) -> list[tuple[Any, Commitment]]:
        """Each box with its promise."""
        return [(box, self.promises[str(box.data["value"])]) for box in self["will_do"].subwidgets]

    def changes(self) -> dict[str, Any]:
        """What ``outcome_summarising.edit`` takes as ``fields``."""
        given = self.cleaned_data
        first = given["written_in"]
        languages = [first, *(one for one in given["also_in"] if one != first)]
        next_steps = {first: given["next_steps"]} | {
            one: given.get(f"next_steps_{one}", "").strip() for one in self.others if one in languages
        }
        self._heard, self._refused = list(self._heard_given()), list(self._refused_given())
        changes = together(
            self.version, heard=self._heard, refused=self._refused, next_steps=next_steps, languages=languages
        )
        changes["will_do"] = [UUID(one) for one in given["will_do"]]
        if "correction_note" in self.fields:
            changes["correction_note"] = given["correction_note"]
        return changes

    def take(self, refusal: RuleViolation) -> None:
        """As everywhere; and what is wrong with a part stands at its own field."""
        refusal.errors = [
            FieldError(self._field_of(one.field), one.code, one.detail) for one in refusal.errors
        ]
        super().take(refusal)

    def _field_of(self, path: str) -> str:
        room, _slash, rest = path.partition("/")
        number, _slash, name = rest.partition("/")
        given: Sequence[Any] = {"heard": self._heard, "will_not_do": self._refused}.get(room, ())
        if not number.isdecimal() or int(number) >= len(given):
            return path
        return f"{given[int(number)].at}-{name}"

    def _heard_given(self) -> Iterator[Heard]:
        given = self.cleaned_data
        for key in [*self.heard_keys, "new"]:
            at = f"heard-{key}"
            theme = self._theme_of(key)
            words = {name: given[f"{at}-{name}"].strip() for name in ("title", "text")}
            if key == "new" and theme:
                words["title"] = words["title"] or self.themes[theme].title
                words["text"] = words["text"] or self.themes[theme].text
            if given.get(f"{at}-out") or not any(words.values()):
                continue
            quotes = self._quotes(key)
            chosen = [quotes[one] for one in given.get(f"{at}-quotes", []) if one in quotes]
            yield Heard(
                at, theme or None, self._count(key), chosen, words, self._told(at, ("title", "text")),
                {one: self._told_quotes(key, one) for one in self.others},
            )  # fmt: skip

    def _refused_given(self) -> Iterator[Refused]:
        for key in self.refused_keys:
            at = f"no-{key}"
            words = {name: self.cleaned_data[f"{at}-{name}"].strip() for name in ("text", "reason")}
            if any(words.values()):
                yield Refused(at, words, self._told(at, ("text", "reason")))

    def _told(self, at: str, names: Sequence[str]) -> dict[str, dict[str, str]]:
        told = {}
        for language in self.others:
            words = {name: self.cleaned_data.get(f"{at}-{name}_{language}", "").strip() for name in names}
            told[language] = {name: word for name, word in words.items() if word}
        return told

    def _told_quotes(self, key: str, language: str) -> dict[str, str]:
        quotes = self._quotes(key)
        told = {
            quotes[one]: self.cleaned_data.get(f"heard-{key}-quote-{one}_{language}", "").strip()
            for one in quotes
        }
        return {quote: words for quote, words in told.items() if words}
