"""What somebody needs to take part, as boxes of a form: one a kind, each with room for details."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from engage.refusals import FieldError
from events.rsvps.needs.asking import LONGEST_DETAIL, Need, check_needs
from events.rsvps.needs.models import NeedKind
from web.site.forms.refusals import TakesRefusals
from web.site.languages.names import ANOTHER, SPOKEN, Language, language_name, named

_DETAILS = {
    NeedKind.OTHER: _("What would help?"),
    NeedKind.CHILDCARE: _("How many children, and how old?"),
    NeedKind.TRANSPORT: _("From where?"),
}


class AsksForNeeds(TakesRefusals):
    """A form with a box for each kind of need. Rules live in the domain."""

    def add_needs(self, *, further_languages: Iterable[str] = ()) -> None:
        """further_languages: of an interpreter, which the list to choose from must not lose."""
        for kind in NeedKind:
            self.fields[f"need_{kind}"] = forms.BooleanField(label=kind.label, required=False)
            self.fields[f"detail_{kind}"] = forms.CharField(
                label=_DETAILS.get(kind, _("What should we know about it?")),
                required=False,
                max_length=LONGEST_DETAIL,
            )
        codes = [code for code in SPOKEN if code != settings.LANGUAGE_CODE]
        codes += [code for code in further_languages if code and code not in {*codes, ANOTHER}]
        self.fields["interpreter_language"] = forms.ChoiceField(
            label=_("For which language?"),
            required=False,
            choices=[
                ("", _("Choose one")),
                *((each.code, _in_both(each)) for each in named(codes)),
                (ANOTHER, _("Another language: write it below")),
            ],
        )

    def needs(self) -> list[dict[str, Any]]:
        """The boxes, each with its room for details, for the template."""
        return [
            {
                "box": self[f"need_{kind}"],
                "detail": self[f"detail_{kind}"],
                "language": self["interpreter_language"] if kind == NeedKind.INTERPRETER else None,
            }
            for kind in NeedKind
        ]

    def wanted(self) -> list[Need]:
        """What was ticked, in the order of the boxes."""
        given = self.cleaned_data
        return [
            Need(
                kind=kind.value,
                language=given.get("interpreter_language", "") if kind == NeedKind.INTERPRETER else "",
                detail=given.get(f"detail_{kind}", ""),
            )
            for kind in NeedKind
            if given.get(f"need_{kind}")
        ]

    def shows_needs(self) -> bool:
        """Whether the boxes are open when the page comes: one is ticked, or has a mistake."""
        names = ((f"need_{kind}", f"detail_{kind}") for kind in NeedKind)
        return self.holds("interpreter_language", *(name for pair in names for name in pair))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        # With all else that is wrong: one mistake after the other would be one page after the other.
        self.refuse(check_needs(self.wanted()))
        return given

    def refuse(self, errors: Iterable[FieldError]) -> None:
        """As everywhere; and what is wrong with a need stands at its own field."""
        asked = [kind for kind in NeedKind if self.cleaned_data.get(f"need_{kind}")]
        super().refuse(
            FieldError(_field_of(error.field, asked), error.code, error.detail) for error in errors
        )


def _in_both(language: Language) -> str:
    """For whoever speaks it, and for who fills the form in for somebody else."""
    here = language_name(language.code)
    return language.name if here == language.name else f"{language.name} ({here})"


def _field_of(path: str, asked: list[NeedKind]) -> str:
    """``access_requests/0/language`` is the first box that was ticked."""
    room, _slash, rest = path.partition("/")
    number, _slash, part = rest.partition("/")
    if room != "access_requests" or not number.isdecimal() or int(number) >= len(asked):
        return path
    kind = asked[int(number)]
    return {"language": "interpreter_language", "detail": f"detail_{kind}"}.get(part, f"need_{kind}")
