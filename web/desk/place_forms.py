"""What staff fill in for somebody on the telephone: a place, and what changes about it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.access_asking import LONGEST_DETAIL, Need, needs_of
from events.models import AccessKind, Event, Remind, Rsvp
from events.place_rules import LONGEST_NAME
from web.desk.field_making import a_choice, a_text
from web.forms.refusals import TakesRefusals


class _WithNeeds(TakesRefusals):
    """One box a kind of need, with room for details."""

    party_size = forms.IntegerField(
        label=gettext_lazy("How many people come"), min_value=1, max_value=20, initial=1
    )
    language = a_choice(gettext_lazy("Language of our messages"), settings.LANGUAGES)

    def add_needs(self) -> None:
        for kind in AccessKind:
            self.fields[f"need_{kind}"] = forms.BooleanField(label=kind.label, required=False)
            self.fields[f"detail_{kind}"] = a_text(_("What to know about it"), LONGEST_DETAIL)
        self.fields["interpreter_language"] = a_text(
            _("Interpreter for which language"), 16, hint=_("Its code, such as es or vi.")
        )

    def needs_shown(self) -> list[dict[str, Any]]:
        """For the template."""
        return [
            {
                "box": self[f"need_{kind}"],
                "detail": self[f"detail_{kind}"],
                "language": self["interpreter_language"] if kind == AccessKind.INTERPRETER else None,
            }
            for kind in AccessKind
        ]

    def needs(self) -> list[Need]:
        """What was ticked."""
        ticked = [kind for kind in AccessKind if self.cleaned_data[f"need_{kind}"]]
        return [
            Need(kind.value, self.language_of(kind), self.cleaned_data[f"detail_{kind}"]) for kind in ticked
        ]

    def language_of(self, kind: str) -> str:
        """Of an interpreter, which one."""
        return (
            str(self.cleaned_data["interpreter_language"]).strip() if kind == AccessKind.INTERPRETER else ""
        )

    def take(self, refusal: Any) -> None:
        """A path such as ``access_requests/0/language`` is the box of that need."""
        for error in refusal.errors:
            if error.field.endswith("/language"):
                self.add_error("interpreter_language", str(error.detail))
            else:
                self.add_error(error.field if error.field in self.fields else None, str(error.detail))
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))


class PlaceForCaller(_WithNeeds):
    """A place that somebody asks for by telephone."""

    name = a_text(gettext_lazy("Name"), LONGEST_NAME, hint=gettext_lazy("Only if they want to give one."))
    email = a_text(gettext_lazy("Email"), 254, hint=gettext_lazy("For the confirmation and a reminder."))
    phone = a_text(
        gettext_lazy("Phone"), 32, hint=gettext_lazy("So that we can call back. No texts are sent.")
    )
    waitlist = forms.BooleanField(
        label=gettext_lazy("Put them on the waitlist if it is full"), required=False, initial=True
    )

    field_order = ("name", "email", "phone", "party_size", "language", "waitlist")

    def __init__(self, event: Event, data: Any = None) -> None:
        super().__init__(data)
        cast("forms.IntegerField", self.fields["party_size"]).widget.attrs["max"] = event.agency.largest_party
        self.add_needs()

    def wishes(self) -> dict[str, Any]:
        """What ``respond`` takes."""
        given = self.cleaned_data
        names = ("name", "email", "phone", "party_size", "language", "waitlist")
        return {name: given[name] for name in names} | {"needs": self.needs()}


class ChangeForCaller(_WithNeeds):
    """What a caller wants to be different."""

    remind = a_choice(gettext_lazy("Reminder before the event"), [])
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    field_order = ("party_size", "language", "remind")

    def __init__(self, place: Rsvp, data: Any = None) -> None:
        standing = needs_of(place)
        super().__init__(data, initial=_as_it_stands(place, standing))
        by_email = [(Remind.EMAIL.value, _("By email"))] if place.email_contact_id else []
        cast("forms.ChoiceField", self.fields["remind"]).choices = [
            *by_email,
            (Remind.NONE.value, _("No reminder")),
        ]
        if place.language not in dict(settings.LANGUAGES):
            language = cast("forms.ChoiceField", self.fields["language"])
            language.choices = [*settings.LANGUAGES, (place.language, place.language)]
        self.add_needs()
        self.standing = standing
        for kind in {need.kind for need in standing if need.sealed_detail is not None}:
            self.fields[f"detail_{kind}"].help_text = _("Empty keeps what they said before.")

    def changes(self) -> dict[str, Any]:
        """What ``change`` takes."""
        given = self.cleaned_data
        return {name: given[name] for name in ("party_size", "language", "remind")} | {
            "needs": self.needs(),
            "if_version": given["edit_version"],
        }

    def needs(self) -> list[Need]:
        """What was ticked. What somebody said before stays where nothing new is typed, unread by whoever changes it.

        A second need of one kind, asked for over the API, stays with its box.
        """
        first = {need.kind: need for need in reversed(self.standing)}
        asked = []
        for need in super().needs():
            before = first.get(need.kind)
            keeps = before is not None and not need.detail and before.language == need.language
            asked.append(Need(need.kind, need.language, None) if keeps else need)
        further = [need for need in self.standing if first[need.kind] is not need]
        return asked + [
            Need(need.kind, need.language, None) for need in further if self.cleaned_data[f"need_{need.kind}"]
        ]


def _as_it_stands(place: Rsvp, standing: list[Any]) -> dict[str, Any]:
    """What was asked, without the words: those are for whoever arranges it."""
    values: dict[str, Any] = {
        "party_size": place.party_size,
        "language": place.language,
        "remind": place.remind,
        "edit_version": place.edit_version,
    }
    for need in reversed(standing):
        values[f"need_{need.kind}"] = True
        if need.kind == AccessKind.INTERPRETER:
            values["interpreter_language"] = need.language
    return values
