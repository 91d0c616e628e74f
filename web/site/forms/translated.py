"""The fields in which a text of the agency's is said again in further languages, whatever it is a text of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from engage.agencies.languages import LONGEST_TRANSLATION, first_language
from engage.agencies.models import Agency
from web.site.forms.fields import a_text
from web.site.languages.names import language_name

# What fits one line, of all that is translated.
_ONE_LINE = frozenset({"title", "room", "run_by"})


def other_languages(agency: Agency) -> list[tuple[str, str]]:
    """The languages of our pages besides the one in which the agency writes."""
    return [(code, name) for code, name in settings.LANGUAGES if code != first_language(agency)]


def add_further_languages(
    form: forms.BaseForm, agency: Agency, parts: Sequence[str], kept: Mapping[str, Any] | None = None
) -> None:
    """One field more for each part and language, called ``title_es``. kept: the thing's translations, to begin with."""
    for code, _name in other_languages(agency):
        for part in parts:
            first: Any = form.fields[part]
            label = _("{field} in {language}").format(field=first.label, language=language_name(code))
            field = a_text(label, first.max_length or LONGEST_TRANSLATION, lines=part not in _ONE_LINE)
            field.widget.attrs["lang"] = code
            if kept is not None:
                field.initial = (kept.get(code) or {}).get(part, "")
            form.fields[f"{part}_{code}"] = field


def in_further_languages(
    form: forms.BaseForm, agency: Agency, parts: Collection[str]
) -> list[forms.BoundField]:
    """Those fields, as a template draws them."""
    return [form[f"{part}_{code}"] for code, _name in other_languages(agency) for part in parts]


def further_given(
    form: Any, agency: Agency, parts: Collection[str], kept: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """The languages of the form anew; texts in further ones, and of further parts, which came over the API, stay."""
    texts = {code: dict(words) for code, words in kept.items()}
    for code, _name in other_languages(agency):
        words = {name: text for name, text in texts.pop(code, {}).items() if name not in parts}
        words |= {part: text for part in parts if (text := form.cleaned_data[f"{part}_{code}"])}
        if words:
            texts[code] = words
    return texts
