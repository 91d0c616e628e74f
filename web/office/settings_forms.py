"""What an administrator sets, in sections: each a form of its own, whose fields are called as the agency's own."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engage.agencies.appearance import LONGEST_TITLE, LONGEST_URL, MOST_LINKS
from engage.agencies.languages import LONGEST_WORDS, texts_of
from engage.agencies.models import Agency
from engage.agencies.onboarding import settings_stood
from engage.agencies.working_days import NO_HOLIDAYS
from engage.local_time import zones
from web.site.forms.fields import a_text, field_of, offer
from web.site.forms.refusals import TakesRefusals
from web.site.forms.translated import other_languages
from web.site.languages.names import SPOKEN, language_choices, language_name

_field = partial(field_of, Agency)
# What is longer gets a field of several lines.
_A_LINE: Final = 80


class SettingsForm(TakesRefusals):
    """Begins with what stands; ``given`` is what ``change_settings`` takes. short: which fields are short ones."""

    short: frozenset[str] = frozenset()

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        self.agency = agency
        super().__init__(data, initial=self.as_it_is(agency), **more)
        self.fields["if_stood"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=settings_stood(agency, self.columns())
        )

    def columns(self) -> Collection[str]:
        """Of the agency, that this section shows and sets."""
        return self.base_fields

    def as_it_is(self, agency: Agency) -> dict[str, Any]:
        return {name: getattr(agency, name) for name in self.base_fields}

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.columns()}


class AboutForm(SettingsForm):
    short = frozenset({"emergency_number", "country"})

    name = _field(
        "name", _("Name of the agency"), error_messages={"required": _("Say what the agency is called.")}
    )
    kind = _field("kind", _("What it is"))
    region = _field("region", _("State or region"))
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_(
            "The agency's own day decides what is late. Meetings that stand keep the zone they have."
        ),
    )
    official_line = _field(
        "official_line",
        _("Line on top of every page"),
        hint=_("Such as “An official site of the City of …”."),
    )
    tagline = _field("tagline", _("Words under the name"), hint=_("A few plain words."))
    contact_office = _field("contact_office", _("Office that people can talk to"))
    contact_phone = _field("contact_phone", _("Its telephone"), widget=forms.TextInput({"type": "tel"}))
    contact_tty = _field(
        "contact_tty",
        _("Its TTY number"),
        hint=_("A text telephone, for people who cannot hear or speak. Leave it empty if there is none."),
        widget=forms.TextInput({"type": "tel"}),
    )
    contact_email = _field("contact_email", _("Its email"))
    contact_address = _field("contact_address", _("Its address"))
    emergency_number = _field(
        "emergency_number",
        _("Number to call in danger"),
        hint=_("It stands at the foot of every page. Leave it empty to show none."),
    )
    offices = forms.CharField(
        label=_("Offices that make promises"),
        required=False,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("One a line. Each promise names the office that answers for it."),
    )

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        names = sorted(zones() | {agency.timezone})
        offer(self, "timezone", [(name, name.replace("_", " ")) for name in names])

    def as_it_is(self, agency: Agency) -> dict[str, Any]:
        return super().as_it_is(agency) | {"offices": "\n".join(agency.offices)}

    def clean_offices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["offices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class LookForm(SettingsForm):
    short = frozenset({"mark_letters", "primary_color"})

    mark = _field("mark", _("Drawing beside the name"), widget=forms.RadioSelect)
    mark_letters = _field(
        "mark_letters", _("Letters"), hint=_("One to three, where you chose letters instead of a drawing.")
    )
    primary_color = _field(
        "primary_color",
        _("Color of links and buttons"),
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false"}),
        hint=_("Such as #07648d. White words must be easy to read on it. Leave it empty for our own blue."),
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
                max_length=LONGEST_TITLE, required=False, initial=kept["title"],
            )  # fmt: skip
            self.fields[f"url_{number}"] = forms.URLField(
                label=str(_("Link {number}: its address")).format(number=number),
                max_length=LONGEST_URL, required=False, initial=kept["url"], assume_scheme="https",
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

    def columns(self) -> Collection[str]:
        return ("other_links",)

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
        offer(self, "languages", language_choices([*agency.languages, *SPOKEN]))

    def clean_languages(self) -> list[str]:
        """The order stands: the first one is what a letter is written in where nothing else is known."""
        chosen = self.cleaned_data["languages"]
        kept = [code for code in self.agency.languages if code in chosen]
        return kept + [code for code in chosen if code not in kept]


class WordsForm(SettingsForm):
    """Each short text of the agency's, once for every further language of the pages. What came over the API stays."""

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        self.asked = [(code, text) for code, _name in other_languages(agency) for text in texts_of(agency)]
        for code, text in self.asked:
            kept = (agency.translations.get(code) or {}).get(text, "")
            label = gettext("“{text}” in {language}").format(text=text, language=language_name(code))
            field = a_text(label, LONGEST_WORDS, lines=len(text) > _A_LINE)
            field.initial = kept
            field.widget.attrs["lang"] = code
            self.fields[_name_of(code, text)] = field

    def columns(self) -> Collection[str]:
        return ("translations",)

    def given(self) -> dict[str, Any]:
        words = {code: dict(texts) for code, texts in self.agency.translations.items()}
        for code, text in self.asked:
            of_language = words.setdefault(code, {})
            of_language.pop(text, None)
            if said := self.cleaned_data[_name_of(code, text)].strip():
                of_language[text] = said
        return {"translations": {code: texts for code, texts in words.items() if texts}}


def _name_of(code: str, text: str) -> str:
    """By what it says: a list that grew meanwhile must not give one text the words of another."""
    return f"{code}-{sha256(text.encode()).hexdigest()[:16]}"


class PrivacyForm(SettingsForm):
    short = frozenset({"retention_days", "smallest_group"})

    retention_days = _field(
        "retention_days",
        _("Days that names and addresses are kept after a meeting"),
        hint=_(
            "Then they are erased; only counts stay. A shorter time counts for what is here already, from the night after the "
            "next on. A longer one counts for new meetings only."
        ),
    )
    smallest_group = _field(
        "smallest_group",
        _("Smallest group that figures may show"),
        hint=_("It has no effect yet: no page shows figures by group so far."),
    )

    def as_it_is(self, agency: Agency) -> dict[str, Any]:
        """With the days that are on their way: saving the others does not take them back."""
        kept = super().as_it_is(agency)
        return kept | {"retention_days": agency.retention_days_next or agency.retention_days}


class CommitmentsForm(SettingsForm):
    short = frozenset({"summary_due_days", "at_risk_due_days", "at_risk_silent_days"})

    summary_due_days = _field(
        "summary_due_days",
        _("Days until a summary of a meeting is due"),
        hint=_("After that it stands among the late things on the page of follow-through."),
    )
    at_risk_due_days = _field(
        "at_risk_due_days",
        _("A promise can be at risk this many days before its date"),
        hint=_("Both must be true: the date is near, and nothing was heard for a while."),
    )
    at_risk_silent_days = _field(
        "at_risk_silent_days", _("A promise is at risk when nothing was heard of it for this many days")
    )


class RsvpsForm(SettingsForm):
    short = frozenset({"largest_party", "offer_least_minutes", "offer_most_minutes", "pass_over_hours"})

    largest_party = _field(
        "largest_party",
        _("Most people that one person can save places for"),
        hint=_("Staff can save no larger ones either."),
    )
    offer_least_minutes = _field(
        "offer_least_minutes",
        _("Shortest time to take a place that came free, in minutes"),
        hint=_(
            "Who waits is offered a free place for a quarter of the time left until the meeting, and at least this long."
        ),
    )
    offer_most_minutes = _field(
        "offer_most_minutes", _("Longest time to take a place that came free, in minutes")
    )
    pass_over_hours = _field(
        "pass_over_hours",
        _("Hours before a meeting from which a smaller group may pass a larger one"),
        hint=_("When the larger one that waits first does not fit into the free places."),
    )
    walk_in_when_closed = _field(
        "walk_in_when_closed",
        _("People may still come when no more places can be saved"),
        hint=_("Every page of a meeting says so. A single meeting can have a word of its own."),
    )
    waitlist_may_come = _field(
        "waitlist_may_come",
        _("People who still wait when a meeting begins may come all the same"),
        hint=_("Their own page tells them on the evening, one way or the other."),
    )


class MessagesForm(SettingsForm):
    short = frozenset({"email_quiet_from", "email_quiet_until", "sms_quiet_from", "sms_quiet_until"})

    email_quiet_from = _field(
        "email_quiet_from",
        _("No news by email from"),
        hint=_(
            "Reminders and news wait until the quiet hours end. Answers to what somebody did, moves and "
            "cancellations never wait. Leave both empty for no quiet hours."
        ),
    )
    email_quiet_until = _field("email_quiet_until", _("No news by email until"))
    sms_quiet_from = _field(
        "sms_quiet_from",
        _("No text messages from"),
        hint=_("It has no effect yet: no text messages are sent so far."),
    )
    sms_quiet_until = _field("sms_quiet_until", _("No text messages until"))


class SecurityForm(SettingsForm):
    mfa_required = _field(
        "mfa_required",
        _("Everybody who works here needs a second factor"),
        hint=_(
            "Who has none yet can open only their own account until it is set up. That counts for you too."
        ),
    )


class HolidaysForm(SettingsForm):
    holiday_calendar = forms.ChoiceField(
        label=_("Which holidays are days off for your offices?"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, agency: Agency, **more: Any) -> None:
        super().__init__(data, agency=agency, **more)
        here, country = agency.region or agency.country, agency.country
        offered = [
            ("", gettext("The public holidays of {place}").format(place=here)),
            (country, gettext("Only those of the whole country ({country})").format(country=country)),
            (NO_HOLIDAYS, gettext("None: only the closed days on our own list")),
        ]
        kept = agency.holiday_calendar
        if kept not in dict(offered):
            offered.append((kept, kept))
        offer(self, "holiday_calendar", offered)


SECTIONS: Final[dict[str, tuple[Any, Any, type[SettingsForm]]]] = {
    "about": (_("About the agency"), _("What stands on and under every page, and who answers."), AboutForm),
    "look": (_("How the pages look"), _("Your drawing and your color. Never a badge: many who come here are wary of one."), LookForm),
    "links": (_("Links at the foot"), _("Where else people can turn: a complaint, an oversight board, the council."), LinksForm),
    "languages": (_("Languages"), _("Which languages the people you serve speak."), LanguagesForm),
    "words": (_("Your words in other languages"), _("Offices, links, pledges and what else of yours stands on every page. Left empty, people read it as you wrote it."), WordsForm),
    "privacy": (_("What is kept, and for how long"), _("The page about privacy says the same days to everyone."), PrivacyForm),
    "commitments": (_("Promises and summaries"), _("When something is late or at risk."), CommitmentsForm),
    "rsvps": (_("Places and waiting lists"), _("How places are given when a meeting is full."), RsvpsForm),
    "holidays": (_("Holidays"), _("Which days are no working days. What is counted in working days leaves them out."), HolidaysForm),
    "messages": (_("Quiet hours"), _("When nobody should be woken."), MessagesForm),
    "security": (_("Signing in"), _("How the accounts of people who work here are guarded."), SecurityForm),
}  # fmt: skip
