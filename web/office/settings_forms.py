"""What an administrator sets, in sections: each a form of its own, whose fields are called as the agency's own."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from engage.agency_appearance import MOST_LINKS
from engage.models import Agency, AgencyMark
from web.forms.refusals import TakesRefusals
from web.language_names import SPOKEN, language_choices


def _number(least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(min_value=least, max_value=most, widget=widget, **kwargs)


def _clock(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **kwargs)


class SettingsForm(TakesRefusals):
    """Begins with what stands; ``given`` is what ``change_settings`` takes. short: which fields are short ones."""

    short: frozenset[str] = frozenset()

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        self.agency = agency
        super().__init__(data, initial=self.as_it_is(agency), **more)

    def as_it_is(self, agency: Agency) -> dict[str, Any]:
        return {name: getattr(agency, name) for name in self.base_fields}

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AboutForm(SettingsForm):
    short = frozenset({"emergency_number", "country"})

    name = forms.CharField(
        label=_("Name of the agency"),
        max_length=200,
        error_messages={"required": _("Say what the agency is called.")},
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=Agency.Kind.choices)
    region = forms.CharField(label=_("State or region"), max_length=100, required=False)
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_(
            "The agency's own day decides what is late. Meetings that stand keep the zone they have."
        ),
    )
    official_line = forms.CharField(
        label=_("Line on top of every page"),
        max_length=200,
        required=False,
        help_text=_("Such as “An official site of the City of …”."),
    )
    tagline = forms.CharField(
        label=_("Words under the name"), max_length=120, required=False, help_text=_("A few plain words.")
    )
    contact_office = forms.CharField(
        label=_("Office that people can talk to"), max_length=200, required=False
    )
    contact_phone = forms.CharField(
        label=_("Its telephone"), max_length=32, required=False, widget=forms.TextInput({"type": "tel"})
    )
    contact_email = forms.EmailField(label=_("Its email"), max_length=254, required=False)
    contact_address = forms.CharField(label=_("Its address"), max_length=300, required=False)
    emergency_number = forms.CharField(
        label=_("Number to call in danger"),
        max_length=16,
        required=False,
        help_text=_("It stands at the foot of every page. Leave it empty to show none."),
    )
    offices = forms.CharField(
        label=_("Offices that make promises"),
        required=False,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("One a line. Each promise names the office that answers for it."),
    )

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        zones = sorted(available_timezones() | {agency.timezone})
        self.fields["timezone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]

    def as_it_is(self, agency: Agency) -> dict[str, Any]:
        return super().as_it_is(agency) | {"offices": "\n".join(agency.offices)}

    def clean_offices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["offices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class LookForm(SettingsForm):
    short = frozenset({"mark_letters", "primary_color"})

    mark = forms.ChoiceField(
        label=_("Drawing beside the name"), choices=AgencyMark.choices, widget=forms.RadioSelect
    )
    mark_letters = forms.CharField(
        label=_("Letters"),
        max_length=3,
        required=False,
        help_text=_("One to three, where you chose letters instead of a drawing."),
    )
    primary_color = forms.CharField(
        label=_("Color of links and buttons"),
        max_length=7,
        required=False,
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false"}),
        help_text=_(
            "Such as #07648d. White words must be easy to read on it. Leave it empty for our own blue."
        ),
    )

    def clean_primary_color(self) -> str:
        given = self.cleaned_data["primary_color"].strip().lower()
        return f"#{given}" if given and not given.startswith("#") else given


class LinksForm(SettingsForm):
    """Up to eight links at the foot of every page: as many rows as there are, and two more."""

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        self.rows: Final = min(MOST_LINKS, len(agency.other_links) + 2)
        for number in range(1, self.rows + 1):
            kept = (
                agency.other_links[number - 1]
                if number <= len(agency.other_links)
                else {"title": "", "url": ""}
            )
            self.fields[f"title_{number}"] = forms.CharField(
                label=str(_("Link {number}: its words")).format(number=number),
                max_length=80, required=False, initial=kept["title"],
            )  # fmt: skip
            self.fields[f"url_{number}"] = forms.URLField(
                label=str(_("Link {number}: its address")).format(number=number),
                max_length=500, required=False, initial=kept["url"], assume_scheme="https",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for number in range(1, self.rows + 1):
            words, url = said.get(f"title_{number}"), said.get(f"url_{number}")
            if words and not url and f"url_{number}" not in self.errors:
                self.add_error(f"url_{number}", _("Give the address that these words lead to."))
            if url and not words and f"title_{number}" not in self.errors:
                self.add_error(f"title_{number}", _("Say in a few words where this leads."))
        return said

    def given(self) -> dict[str, Any]:
        pairs = [
            {"title": self.cleaned_data[f"title_{number}"], "url": self.cleaned_data[f"url_{number}"]}
            for number in range(1, self.rows + 1)
        ]
        return {"other_links": [pair for pair in pairs if pair["title"]]}


class LanguagesForm(SettingsForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages that you serve"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one language at least.")},
        help_text=_("They are offered when somebody asks for an interpreter or says how we should write."),
    )

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        self.fields["languages"].choices = language_choices([*agency.languages, *SPOKEN])  # type: ignore[attr-defined]

    def clean_languages(self) -> list[str]:
        """The order stands: the first one is what a letter is written in where nothing else is known."""
        chosen = self.cleaned_data["languages"]
        kept = [code for code in self.agency.languages if code in chosen]
        return kept + [code for code in chosen if code not in kept]


class PrivacyForm(SettingsForm):
    short = frozenset({"retention_days", "smallest_group"})

    retention_days = _number(
        1, 730,
        label=_("Days that names and addresses are kept after a meeting"),
        help_text=_(
            "Then they are erased; only counts stay. A shorter time counts at once for what is here already. A longer "
            "one counts for new meetings only."
        ),
    )  # fmt: skip
    smallest_group = _number(
        5, 1000,
        label=_("Smallest group that figures may show"),
        help_text=_("In figures about residents, a smaller group is joined with others, never shown alone."),
    )  # fmt: skip


class PromisesForm(SettingsForm):
    short = frozenset({"summary_due_days", "at_risk_due_days", "at_risk_silent_days"})

    summary_due_days = _number(
        1, 365,
        label=_("Days until a summary of a meeting is due"),
        help_text=_("After that it stands among the late things on the page of follow-through."),
    )  # fmt: skip
    at_risk_due_days = _number(
        0, 365,
        label=_("A promise can be at risk this many days before its date"),
        help_text=_("Both must be true: the date is near, and nothing was heard for a while."),
    )  # fmt: skip
    at_risk_silent_days = _number(
        1, 365, label=_("A promise is at risk when nothing was heard of it for this many days")
    )


class PlacesForm(SettingsForm):
    short = frozenset({"largest_party", "offer_least_minutes", "offer_most_minutes", "pass_over_hours"})

    largest_party = _number(
        1, 20,
        label=_("Most people that one person can save places for"),
        help_text=_("Staff can save no larger ones either."),
    )  # fmt: skip
    offer_least_minutes = _number(
        5, 1440,
        label=_("Shortest time to take a place that came free, in minutes"),
        help_text=_("Who waits is offered a free place for a quarter of the time left until the meeting, and at least this long."),
    )  # fmt: skip
    offer_most_minutes = _number(
        5, 10_080, label=_("Longest time to take a place that came free, in minutes")
    )
    pass_over_hours = _number(
        0, 720,
        label=_("Hours before a meeting from which a smaller group may pass a larger one"),
        help_text=_("When the larger one that waits first does not fit into the free places."),
    )  # fmt: skip


class MessagesForm(SettingsForm):
    short = frozenset({"email_quiet_from", "email_quiet_until", "sms_quiet_from", "sms_quiet_until"})

    email_quiet_from = _clock(
        label=_("No news by email from"),
        required=False,
        help_text=_("Reminders and news wait until the quiet hours end. Answers to what somebody did, moves and "
                    "cancellations never wait. Leave both empty for no quiet hours."),
    )  # fmt: skip
    email_quiet_until = _clock(label=_("No news by email until"), required=False)
    sms_quiet_from = _clock(
        label=_("No text messages from"), help_text=_("For agencies that send text messages.")
    )
    sms_quiet_until = _clock(label=_("No text messages until"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        begins, ends = said.get("email_quiet_from"), said.get("email_quiet_until")
        if (begins is None) != (ends is None):
            missing = "email_quiet_from" if begins is None else "email_quiet_until"
            if missing not in self.errors:
                self.add_error(missing, _("Give both times, or neither."))
        return said


class SecurityForm(SettingsForm):
    mfa_required = forms.BooleanField(
        label=_("Everybody who works here needs a second factor"),
        required=False,
        help_text=_(
            "Who has none yet can open only their own account until it is set up. That counts for you too."
        ),
    )


SECTIONS: Final[dict[str, tuple[Any, Any, type[SettingsForm]]]] = {
    "about": (_("About the agency"), _("What stands on and under every page, and who answers."), AboutForm),
    "look": (_("How the pages look"), _("Your drawing and your color. Never a badge: many who come here are wary of one."), LookForm),
    "links": (_("Links at the foot"), _("Where else people can turn: a complaint, an oversight board, the council."), LinksForm),
    "languages": (_("Languages"), _("Which languages the people you serve speak."), LanguagesForm),
    "privacy": (_("What is kept, and for how long"), _("The page about privacy says the same days to everyone."), PrivacyForm),
    "promises": (_("Promises and summaries"), _("When something is late or at risk."), PromisesForm),
    "places": (_("Places and waiting lists"), _("How places are given when a meeting is full."), PlacesForm),
    "messages": (_("Quiet hours"), _("When nobody should be woken."), MessagesForm),
    "security": (_("Signing in"), _("How the accounts of people who work here are guarded."), SecurityForm),
}  # fmt: skip
