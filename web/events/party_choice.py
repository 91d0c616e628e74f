"""What a party chooses that finds no room for all of it: fewer places, or to wait. Two buttons, and all that was typed."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.refusals import FieldError, RuleViolation
from events.event.models import Event
from events.rsvps.parties import EventFull, NoRoomToGrow, TurnLost
from events.rsvps.rules import wrong_with_party
from web.site.forms.refusals import TakesRefusals

# Of the buttons, not of what was typed: a new question gets a new answer.
BUTTONS = frozenset({"come_with", "wait"})


class Button(NamedTuple):
    name: str
    value: int
    words: str


class ChoosesParty(TakesRefusals):
    """A form with the number of people in ``party_size``; the buttons come where that does not fit."""

    come_with = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())
    wait = forms.BooleanField(required=False, widget=forms.HiddenInput())
    # How it is, where something is asked.
    asked = ""
    typed = 0
    event: Event
    # As many as are kept a place for already: they need no rule's leave.
    stands = 0

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.choices: list[Button] = []

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.typed = given.get("party_size") or 0
        size = given.get("come_with") or self.typed
        if size and size != self.stands:
            self.refuse(wrong_with_party(self.event, size))
        return given

    def party(self) -> int:
        """How many come: as chosen by the button, else as typed."""
        return int(self.cleaned_data["come_with"] or self.typed)

    def take(self, refusal: RuleViolation) -> None:
        if isinstance(refusal, EventFull | TurnLost):
            self.ask(refusal)
            refusal.errors = [FieldError("party_size", refusal.code, self.asked)]
        super().take(refusal)

    def ask(self, refusal: EventFull | TurnLost) -> None:
        if isinstance(refusal, TurnLost):
            self.asked = str(refusal.detail)
            self.choices = [
                Button("come_with", refusal.has, _("Stay with {number}").format(number=refusal.has)),
                Button("wait", 1, _("Wait at the end with {number}").format(number=refusal.party_size)),
            ]
        elif isinstance(refusal, NoRoomToGrow):
            self.asked = refusal.words
            self.choices = [
                Button("come_with", most, _("Come with {number}").format(number=most))
                for most in [refusal.most]
                if refusal.most > refusal.has
            ]
        else:
            # Of a smaller number, chosen before and gone by now, nobody has to know again what was wanted at first.
            self.asked = refusal.room.words(self.typed)
            choices = refusal.room.choices(self.typed)
            self.choices = [_button(size, waitlist=waitlist) for size, waitlist in choices]


def _button(size: int, *, waitlist: bool) -> Button:
    if waitlist:
        words = ngettext("Wait for %(number)d place", "Wait for %(number)d places", size) % {"number": size}
        return Button("wait", 1, words)
    words = ngettext("Take %(number)d place", "Take %(number)d places", size) % {"number": size}
    return Button("come_with", size, words)
