"""What a resident may change about their place, as a form."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.access_asking import Need, needs_of
from events.link_reading import Access
from events.models import AccessKind, AccessRequest, Remind
from events.resident_record import words_behind
from web.forms.needs import AsksForNeeds


class ChangePlace(AsksForNeeds):
    """Party, language, reminders, and one box a kind of need with room for details. Rules live in the domain."""

    party_size = forms.IntegerField(
        label=_("How many people are coming?"),
        min_value=1,
        max_value=20,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    language = forms.ChoiceField(label=_("Language of our messages to you"), choices=settings.LANGUAGES)
    remind = forms.ChoiceField(label=_("Reminder before the meeting"))

    def __init__(self, access: Access, data: Any = None) -> None:
        standing = needs_of(access.rsvp)
        super().__init__(data, initial=_as_it_stands(access, standing))
        kinds = [need.kind for need in standing]
        # A second interpreter, asked for over the API: the form has one line for each kind, and keeps the others.
        self.further = [need for number, need in enumerate(standing) if need.kind in kinds[:number]]
        language = cast("forms.ChoiceField", self.fields["language"])
        remind = cast("forms.ChoiceField", self.fields["remind"])
        if access.rsvp.language not in dict(settings.LANGUAGES):
            language.choices = [*settings.LANGUAGES, (access.rsvp.language, access.rsvp.language)]
        by_email = [(Remind.EMAIL.value, _("By email"))] if access.rsvp.email_contact_id else []
        remind.choices = [*by_email, (Remind.NONE.value, _("No reminder"))]
        self.fields["party_size"].widget.attrs["max"] = access.rsvp.event.agency.largest_party
        self.add_needs(further_languages=[need.language for need in standing])

    def changes(self) -> dict[str, Any]:
        """What ``changing_a_place.change`` takes."""
        given = self.cleaned_data
        kept = [
            Need(kind=need.kind, language=need.language, detail=None)
            for need in self.further
            if given[f"need_{need.kind}"]
        ]
        return {name: given[name] for name in ("party_size", "language", "remind")} | {
            "needs": [*self.wanted(), *kept]
        }


def _as_it_stands(access: Access, standing: list[AccessRequest]) -> dict[str, Any]:
    place = access.rsvp
    values: dict[str, Any] = {
        "party_size": place.party_size,
        "language": place.language,
        "remind": place.remind,
    }
    for need in reversed(standing):
        values[f"need_{need.kind}"] = True
        values[f"detail_{need.kind}"] = words_behind(access, need)
        if need.kind == AccessKind.INTERPRETER:
            values["interpreter_language"] = need.language
    return values
