"""What somebody fills in who wants a place at a meeting: one address is enough, and none will do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from engage.contacts.addresses import LONGEST_EMAIL
from engage.refusals import RuleViolation
from events.event.models import Event
from events.rsvps.models import Remind
from events.rsvps.responding import LONGEST_QUESTION
from events.rsvps.rules import LONGEST_NAME, check_address
from web.events.needs_form import AsksForNeeds
from web.events.party_choice import ChoosesParty

EMAIL, NOTHING = "email", "none"


class SaveRsvp(ChoosesParty, AsksForNeeds):
    """Rules live in the domain; here is only what belongs to which field."""

    party_size = forms.IntegerField(
        label=_("How many people are coming?"),
        min_value=1,
        initial=1,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "required": _("Say how many people are coming."),
            "invalid": _("Write a whole number."),
        },
    )
    # A box for no messages; an empty one is a wish for email.
    contact = forms.ChoiceField(choices=[(EMAIL, EMAIL), (NOTHING, NOTHING)], required=False)
    email = forms.CharField(
        label=_("Your email"),
        # Where reminders go, the template says that too.
        help_text=_("Only to confirm, to say if plans change, and to tell you what was heard."),
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    remind = forms.BooleanField(label=_("Remind me before the meeting"), required=False, initial=True)
    name = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("A first name or a nickname will do."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    language = forms.ChoiceField(label=_("Language of our messages to you"), choices=settings.LANGUAGES)
    question = forms.CharField(
        label=_("A question for the meeting"),
        help_text=_("It goes its own way, without a name: nothing ties it to your place."),
        required=False,
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea({"rows": 4}),
    )
    with_name = forms.BooleanField(
        label=_("Keep my question with my place"),
        help_text=_("Then it is not without a name: the link in our mail shows it to you, and erases it."),
        required=False,
    )

    def __init__(self, event: Event, data: Any = None) -> None:
        super().__init__(data, initial={"language": get_language()})
        self.event = event
        self.fields["party_size"].widget.attrs["max"] = event.agency.largest_party
        self.add_needs()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        email = given.get("email", "").strip()
        if given.get("contact") == NOTHING:
            given["email"] = ""
        elif not email and "email" not in self.errors:
            self.add_error("email", _("Type your email, or choose “No messages” and leave it empty."))
        self.refuse(check_address("email", given.get("email", "").strip()))
        return given

    def shows_question(self) -> bool:
        return self.holds("question", "with_name")

    def shows_more(self) -> bool:
        """Whether the rest of the form is open when the page comes: something in it is not as it was."""
        changed = self.changed_data if self.is_bound else ()
        return self.holds("name") or bool({"language", "remind"} & {*self.errors, *changed})

    def take(self, refusal: RuleViolation) -> None:
        super().take(refusal)
        if refusal.extra.get("question_received"):
            # It is kept already; sent again it would be there twice.
            sent: Any = self.data
            self.data = kept = sent.copy()
            kept["question"] = ""
            self.add_error(None, gettext("Your question has reached us all the same, without a name."))

    def wish(self) -> dict[str, Any]:
        """What ``responding.respond`` takes."""
        given = self.cleaned_data
        email = given["email"].strip()
        return {
            "party_size": self.party(),
            "waitlist": given["wait"],
            "asked_first": True,
            "email": email,
            "name": given["name"],
            "language": given["language"],
            "remind": Remind.EMAIL.value if email and given["remind"] else Remind.NONE.value,
            "needs": self.wanted(),
            "question": given["question"],
            "anonymous_question": not given["with_name"],
        }
