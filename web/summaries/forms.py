"""The wording of a summary as one form: what was heard by theme, what is promised, what is not and why, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.commitments.models import Commitment
from engage.database.bounds import longest_of
from engage.listening.models import Theme
from engage.refusals import FieldError, RuleViolation, StaleEdit
from outreach.summaries.models import SummaryVersion
from outreach.summaries.parts import LONGEST, MOST_PARTS, MOST_QUOTES
from web.site.forms.fields import offer
from web.site.forms.refusals import TakesRefusals
from web.site.languages.names import language_choices, language_name
from web.summaries.parts import Heard, Refused, key_of, text_in, together, translation

_BLANK_REFUSALS: Final = 2


def _text(label: Any, rows: int, most: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.Textarea({"rows": rows})
    )


def part_fields() -> dict[str, forms.CharField]:
    """Of one thing that was heard, in one language."""
    title = forms.CharField(label=_("Heading"), max_length=LONGEST["title"], required=False)
    return {"title": title, "text": _text(_("What people said"), 3, LONGEST["text"])}


def refusal_fields() -> dict[str, forms.CharField]:
    """Of one thing that will not be done."""
    return {
        "text": _text(_("What people asked for"), 2, LONGEST["text"]),
        "reason": _text(_("Why you will not do it"), 2, LONGEST["reason"]),
    }


def what_it_corrects() -> forms.CharField:
    """Asked when a correction is begun, and there to be changed."""
    return forms.CharField(
        label=_("What this version corrects, as everybody will read it"),
        max_length=longest_of(SummaryVersion, "correction_note"),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say what this version corrects.")},
    )


def as_it_is_read(version: SummaryVersion) -> str:
    """Which words stand on a page. A draft that was thrown away and one begun after it may have the same number."""
    return f"{version.pk}.{version.edit_version}"


class AsItWasRead(TakesRefusals):
    """edit_version: of the words that stood on the page, as ``as_it_is_read`` writes it."""

    edit_version = forms.CharField(widget=forms.HiddenInput)

    def version_read(self, version: SummaryVersion) -> int:
        """Raises StaleEdit where the page showed other words than ``version`` has."""
        if self.cleaned_data["edit_version"] != as_it_is_read(version):
            raise StaleEdit
        return version.edit_version


class BeginCorrection(TakesRefusals):
    correction_note = what_it_corrects()


class SummaryFields(AsItWasRead):
    """What a liaison may write in one version.

    counts: by theme, as the record stands now; quotes: by theme, those that may be printed; themes: that may be added.
    """

    parts = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_PARTS)
    refusals = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_PARTS)
    will_do = forms.MultipleChoiceField(
        label=_("Promises to name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    written_in = forms.ChoiceField(label=_("Written in"))
    also_in = forms.MultipleChoiceField(
        label=_("Also in"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Save once, and there is room for each language below every text."),
    )  # fmt: skip
    next_steps = _text(_("What happens next"), 4, longest_of(SummaryVersion, "next_steps"))
    correction_note = what_it_corrects()

    def __init__(
        self,
        version: SummaryVersion,
        data: Any = None,
        *,
        commitments: Sequence[Commitment],
        counts: Mapping[UUID, int],
        quotes: Mapping[UUID | None, list[str]],
        themes: Sequence[Theme],
    ) -> None:
        self.version, self.counts, self.quotes = version, counts, quotes
        self.themes = {str(theme.pk): theme for theme in themes}
        self.commitments = {str(one.pk): one for one in commitments}
        first, *self.others = version.languages or ["en"]
        super().__init__(data, initial=self._as_it_stands(first), auto_id="summary_%s")
        self._choices()
        if version.number == 1:
            del self.fields["correction_note"]
        self.heard_keys = [str(number) for number in range(self._many("parts", len(version.heard)))]
        self.refused_keys = [str(number) for number in range(self._many("refusals", self._refusals()))]
        for key in self.heard_keys:
            self._heard_fields(key)
        self._new_part()
        for key in self.refused_keys:
            self._refused_fields(key)
        for language in self.others:
            self._in(
                language,
                "next_steps",
                _text(_("What happens next"), 4, longest_of(SummaryVersion, "next_steps")),
            )

    def _as_it_stands(self, first: str) -> dict[str, Any]:
        version = self.version
        return {
            "edit_version": as_it_is_read(version),
            "parts": len(version.heard),
            "refusals": self._refusals(),
            "will_do": [str(one) for one in version.will_do],
            "written_in": first,
            "also_in": self.others,
            "next_steps": version.next_steps,
            "correction_note": version.correction_note,
        }

    def _refusals(self) -> int:
        """Those that stand, and room for more."""
        return min(len(self.version.will_not_do) + _BLANK_REFUSALS, MOST_PARTS)

    def _choices(self) -> None:
        agency = self.version.summary.event.agency
        spoken = language_choices([*(self.version.languages or []), *agency.languages])
        offer(self, "written_in", spoken)
        first = (self.version.languages or ["en"])[0]
        offer(self, "also_in", [one for one in spoken if one[0] != first])
        named = [(key, one.title) for key, one in self.commitments.items()]
        offer(self, "will_do", named)

    def _many(self, name: str, standing: int) -> int:
        """How many parts the form that was sent had: another writer may have changed their number since."""
        if not self.is_bound:
            return standing
        sent = str(self.data.get(name, ""))
        return min(int(sent), MOST_PARTS) if sent.isdecimal() and len(sent) < 4 else 0

    def _heard_fields(self, key: str) -> None:
        number, at = int(key), f"heard-{key}"
        part = self.version.heard[number] if number < len(self.version.heard) else {}
        self.fields[f"{at}-theme"] = forms.CharField(
            required=False, max_length=36, widget=forms.HiddenInput, initial=part.get("theme") or ""
        )
        for name, field in part_fields().items():
            field.initial = part.get(name, "")
            self.fields[f"{at}-{name}"] = field
            for language in self.others:
                told = translation(self.version, language, "heard", number).get(name, "")
                self._in(language, f"{at}-{name}", part_fields()[name], told)
        self._quote_fields(key, number, part.get("quotes") or [])
        self.fields[f"{at}-out"] = forms.BooleanField(label=_("Leave this part out"), required=False)

    def _quote_fields(self, key: str, number: int, standing: list[str]) -> None:
        at, quotes = f"heard-{key}", self._quotes(key)
        self.fields[f"{at}-quotes"] = forms.MultipleChoiceField(
            label=_("Quotes to print"), required=False, choices=list(quotes.items()),
            widget=forms.CheckboxSelectMultiple, initial=[one for one, quote in quotes.items() if quote in standing],
        )  # fmt: skip
        for one in [one for one, quote in quotes.items() if quote in standing]:
            position = standing.index(quotes[one])
            for language in self.others:
                told = translation(self.version, language, "heard", number).get("quotes") or []
                words = told[position] if position < len(told) and told[position] != quotes[one] else ""
                label = _("The quote “{quote}”").format(quote=quotes[one][:60])
                self._in(language, f"{at}-quote-{one}", _text(label, 2, LONGEST["quote"]), words)

    def _new_part(self) -> None:
        there = {str(part.get("theme")) for part in self.version.heard}
        free = [(key, theme.title) for key, theme in self.themes.items() if key not in there]
        self.fields["heard-new-theme"] = forms.ChoiceField(
            label=_("A theme that is not in it yet"), required=False, choices=[("", _("None of them")), *free]
        )
        for name, field in part_fields().items():
            self.fields[f"heard-new-{name}"] = field

    def _refused_fields(self, key: str) -> None:
        number = int(key)
        part = self.version.will_not_do[number] if number < len(self.version.will_not_do) else {}
        for name in ("text", "reason"):
            field = refusal_fields()[name]
            field.initial = part.get(name, "")
            self.fields[f"no-{key}-{name}"] = field
            for language in self.others:
                told = translation(self.version, language, "will_not_do", number).get(name, "")
                self._in(language, f"no-{key}-{name}", refusal_fields()[name], told)

    def _in(self, language: str, name: str, field: forms.CharField, told: str | None = None) -> None:
        field.label = _("{label}, in {language}").format(label=field.label, language=language_name(language))
        field.initial = text_in(self.version, language, name) if told is None else told
        field.widget.attrs["lang"] = language
        self.fields[f"{name}_{language}"] = field

    def _others(self, *names: str) -> list[Any]:
        return [self[f"{name}_{language}"] for language in self.others for name in names]

    def _theme_of(self, key: str) -> str:
        chosen = str(self[f"heard-{key}-theme"].value() or "")
        return chosen if chosen in self.themes else ""

    def _count(self, key: str) -> int:
        """As the record stands now; a part without a theme keeps the number it has."""
        if theme := self._theme_of(key):
            return self.counts.get(UUID(theme), 0)
        number = int(key) if key.isdecimal() else len(self.version.heard)
        return int(self.version.heard[number].get("count", 0)) if number < len(self.version.heard) else 0

    def _quotes(self, key: str) -> dict[str, str]:
        theme = self._theme_of(key)
        allowed = self.quotes.get(UUID(theme) if theme else None, [])
        return {key_of(quote): quote for quote in allowed[:MOST_QUOTES]}


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

    def commitment_choices(self) -> list[tuple[Any, Commitment]]:
        """Each box with its promise."""
        return [(box, self.commitments[str(box.data["value"])]) for box in self["will_do"].subwidgets]

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
