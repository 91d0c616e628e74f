"""The fields of a summary's wording: as many as it has parts, each once for every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.models import Commitment, Theme
from outreach.models import SummaryVersion
from web.forms.refusals import TakesRefusals
from web.language_names import language_choices, language_name
from web.listening.summary_parts import key_of, text_in, translation

_MOST_PARTS: Final = 60
_BLANK_REFUSALS: Final = 2
_QUOTES_A_PART: Final = 30


def _text(label: Any, rows: int, most: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.Textarea({"rows": rows})
    )


class SummaryFields(TakesRefusals):
    """What a liaison may write in one version.

    counts: by theme, as the record stands now; quotes: by theme, those that may be printed; themes: that may be added.
    """

    edit_version = forms.IntegerField(widget=forms.HiddenInput)
    parts = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST_PARTS)
    refusals = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST_PARTS)
    will_do = forms.MultipleChoiceField(
        label=_("Promises to name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    written_in = forms.ChoiceField(label=_("Written in"))
    also_in = forms.MultipleChoiceField(
        label=_("Also in"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Save once, and there is room for each language below every text."),
    )  # fmt: skip
    next_steps = _text(_("What happens next"), 4, 4000)
    correction_note = _text(_("What this version corrects, as everybody will read it"), 2, 1000)

    def __init__(
        self,
        version: SummaryVersion,
        data: Any = None,
        *,
        promises: Sequence[Commitment],
        counts: Mapping[UUID, int],
        quotes: Mapping[UUID | None, list[str]],
        themes: Sequence[Theme],
    ) -> None:
        self.version, self.counts, self.quotes = version, counts, quotes
        self.themes = {str(theme.pk): theme for theme in themes}
        self.promises = {str(one.pk): one for one in promises}
        first, *self.others = version.languages or ["en"]
        super().__init__(data, initial=self._as_it_stands(first), auto_id="summary_%s")
        self._choices()
        if version.number == 1:
            del self.fields["correction_note"]
        self.heard_keys = [str(number) for number in range(self._many("parts", len(version.heard)))]
        blank = len(version.will_not_do) + _BLANK_REFUSALS
        self.refused_keys = [str(number) for number in range(self._many("refusals", blank))]
        for key in self.heard_keys:
            self._heard_fields(key)
        self._new_part()
        for key in self.refused_keys:
            self._refused_fields(key)
        for language in self.others:
            self._in(language, "next_steps", _text(_("What happens next"), 4, 4000))

    def _as_it_stands(self, first: str) -> dict[str, Any]:
        version = self.version
        return {
            "edit_version": version.edit_version,
            "parts": len(version.heard),
            "refusals": len(version.will_not_do) + _BLANK_REFUSALS,
            "will_do": [str(one) for one in version.will_do],
            "written_in": first,
            "also_in": self.others,
            "next_steps": version.next_steps,
            "correction_note": version.correction_note,
        }

    def _choices(self) -> None:
        agency = self.version.summary.event.agency
        spoken = language_choices([*(self.version.languages or []), *agency.languages])
        self.fields["written_in"].choices = spoken  # type: ignore[attr-defined]
        first = (self.version.languages or ["en"])[0]
        self.fields["also_in"].choices = [one for one in spoken if one[0] != first]  # type: ignore[attr-defined]
        named = [(key, one.title) for key, one in self.promises.items()]
        self.fields["will_do"].choices = named  # type: ignore[attr-defined]

    def _many(self, name: str, standing: int) -> int:
        """How many parts the form that was sent had: another writer may have changed their number since."""
        if not self.is_bound:
            return standing
        sent = str(self.data.get(name, ""))
        return min(int(sent), _MOST_PARTS) if sent.isdecimal() and len(sent) < 4 else 0

    def _heard_fields(self, key: str) -> None:
        number, at = int(key), f"heard-{key}"
        part = self.version.heard[number] if number < len(self.version.heard) else {}
        self.fields[f"{at}-theme"] = forms.CharField(
            required=False, max_length=36, widget=forms.HiddenInput, initial=part.get("theme") or ""
        )
        for name, field in self._part_fields().items():
            field.initial = part.get(name, "")
            self.fields[f"{at}-{name}"] = field
            for language in self.others:
                told = translation(self.version, language, "heard", number).get(name, "")
                self._in(language, f"{at}-{name}", self._part_fields()[name], told)
        self._quote_fields(key, number, part.get("quotes") or [])
        self.fields[f"{at}-out"] = forms.BooleanField(label=_("Leave this part out"), required=False)

    def _quote_fields(self, key: str, number: int, standing: list[str]) -> None:
        at, quotes = f"heard-{key}", self._quotes(key)
        self.fields[f"{at}-quotes"] = forms.MultipleChoiceField(
            label=_("Quotes to print"), required=False, choices=list(quotes.items()),
            widget=forms.CheckboxSelectMultiple, initial=[one for one, quote in quotes.items() if quote in standing],
        )  # fmt: skip
        for one in [one for one, quote in quotes.items() if quote in standing]:
            place = standing.index(quotes[one])
            for language in self.others:
                told = translation(self.version, language, "heard", number).get("quotes") or []
                words = told[place] if place < len(told) and told[place] != quotes[one] else ""
                label = _("The quote “{quote}”").format(quote=quotes[one][:60])
                self._in(language, f"{at}-quote-{one}", _text(label, 2, 4000), words)

    def _new_part(self) -> None:
        there = {str(part.get("theme")) for part in self.version.heard}
        free = [(key, theme.title) for key, theme in self.themes.items() if key not in there]
        self.fields["heard-new-theme"] = forms.ChoiceField(
            label=_("A theme that is not in it yet"), required=False, choices=[("", _("None of them")), *free]
        )
        for name, field in self._part_fields().items():
            self.fields[f"heard-new-{name}"] = field

    def _refused_fields(self, key: str) -> None:
        number = int(key)
        part = self.version.will_not_do[number] if number < len(self.version.will_not_do) else {}
        for name in ("text", "reason"):
            field = self._refusal_fields()[name]
            field.initial = part.get(name, "")
            self.fields[f"no-{key}-{name}"] = field
            for language in self.others:
                told = translation(self.version, language, "will_not_do", number).get(name, "")
                self._in(language, f"no-{key}-{name}", self._refusal_fields()[name], told)

    def _in(self, language: str, name: str, field: forms.CharField, told: str | None = None) -> None:
        field.label = _("{label}, in {language}").format(label=field.label, language=language_name(language))
        field.initial = text_in(self.version, language, name) if told is None else told
        field.widget.attrs["lang"] = language
        self.fields[f"{name}_{language}"] = field

    def _others(self, *names: str) -> list[Any]:
        return [self[f"{name}_{language}"] for language in self.others for name in names]

    def _part_fields(self) -> dict[str, forms.CharField]:
        title = forms.CharField(label=_("Heading"), max_length=200, required=False)
        return {"title": title, "text": _text(_("What people said"), 3, 4000)}

    def _refusal_fields(self) -> dict[str, forms.CharField]:
        return {
            "text": _text(_("What people asked for"), 2, 4000),
            "reason": _text(_("Why you will not do it"), 2, 2000),
        }

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
        return {key_of(quote): quote for quote in allowed[:_QUOTES_A_PART]}
