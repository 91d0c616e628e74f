"""A resident's own place, behind the link in a message or on the screen: change it, give it back, take an offer."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.contacts.telephones import calling
from events.rsvps.changing import cancel, change, keep
from events.rsvps.links import MAILED, MANAGING, Reach, ask_for_letters, make_link_new
from events.rsvps.models import Remind
from events.rsvps.needs.asking import Need, needs_of
from events.rsvps.needs.models import AccessRequest, NeedKind
from events.rsvps.resident_record import words_behind
from events.rsvps.waitlisting import accept, decline
from web.events.calendar_links import wants_private
from web.events.needs_form import AsksForNeeds
from web.events.party_choice import ChoosesParty
from web.rsvps.showing import about, show
from web.site.forms.fields import offer
from web.site.forms.one_act import is_done
from web.site.forms.page import form_page, sent
from web.site.frames.behind_a_link import link_page, own_rsvp


class ChangeRsvp(ChoosesParty, AsksForNeeds):
    """Party, language, reminders, and one box a kind of need with room for details. Rules live in the domain."""

    party_size = forms.IntegerField(
        label=gettext_lazy("How many people are coming?"),
        min_value=1,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our messages to you"), choices=settings.LANGUAGES
    )
    remind = forms.ChoiceField(label=gettext_lazy("Reminder before the meeting"))

    def __init__(self, reach: Reach, data: Any = None) -> None:
        standing = needs_of(reach.rsvp)
        super().__init__(data, initial=_as_it_stands(reach, standing))
        kinds = [need.kind for need in standing]
        # A second interpreter, asked for over the API: the form has one line for each kind, and keeps the others.
        self.further = [need for number, need in enumerate(standing) if need.kind in kinds[:number]]
        self.event, self.stands = reach.rsvp.event, reach.rsvp.party_size
        if reach.rsvp.language not in dict(settings.LANGUAGES):
            further = (reach.rsvp.language, reach.rsvp.language)
            offer(self, "language", [*settings.LANGUAGES, further])
        by_email = [(Remind.EMAIL.value, gettext_lazy("By email"))] if reach.rsvp.email_contact_id else []
        offer(self, "remind", [*by_email, (Remind.NONE.value, gettext_lazy("No reminder"))])
        # Where none will be sent, there is nothing to choose, and what was chosen stays.
        self.fields["remind"].required = False
        self.fields["party_size"].widget.attrs["max"] = reach.rsvp.event.agency.largest_party
        self.add_needs(further_languages=[need.language for need in standing])

    def changes(self) -> dict[str, Any]:
        """What ``changing.change`` takes."""
        given = self.cleaned_data
        kept = [
            Need(kind=need.kind, language=need.language, detail=None)
            for need in self.further
            if given[f"need_{need.kind}"]
        ]
        return {
            "party_size": self.party(),
            "to_the_tail": given["wait"],
            "language": given["language"],
            "remind": given["remind"] or None,
            "needs": [*self.wanted(), *kept],
        }


def _as_it_stands(reach: Reach, standing: list[AccessRequest]) -> dict[str, Any]:
    rsvp = reach.rsvp
    values: dict[str, Any] = {
        "party_size": rsvp.party_size,
        "language": rsvp.language,
        "remind": rsvp.remind,
    }
    for need in reversed(standing):
        values[f"need_{need.kind}"] = True
        values[f"detail_{need.kind}"] = words_behind(reach, need)
        if need.kind == NeedKind.INTERPRETER:
            values["interpreter_language"] = need.language
    return values


_ACCEPTING = frozenset({*MANAGING, *MAILED})


@link_page
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the place and what can be done with it; POST changes party, language, reminders or needs."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    form = ChangeRsvp(reach, sent(request))
    return form_page(
        request,
        form,
        lambda: change(reach.rsvp.pk, **form.changes(), reach=reach, now=now),
        shown=partial(_show, request, reach, token, form, now=now),
        done=lambda _made: _to_the_outcome(token),
    )


def _to_the_outcome(token: str) -> HttpResponse:
    """A browser keeps the fragment that it came with, and would stay at the form: what came of the act stands on top."""
    return redirect(f"{reverse('manage', args=[token])}?saved=1#saved")


@link_page
def cancel_rsvp(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks once more; POST gives the place back."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method == "POST":
        cancel(reach.rsvp.pk, by="resident", reach=reach, now=now)
        return redirect("manage", token)
    return show(request, "rsvps/cancel.html", reach, about(reach, token, now=now))


@link_page
def keep_rsvp(request: HttpRequest, token: str) -> HttpResponse:
    """POST keeps the place as the meeting stands now, after it moved; GET leads back to the place."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method == "POST":
        keep(reach.rsvp.pk, reach=reach, now=now)
        return _to_the_outcome(token)
    return redirect("manage", token)


@link_page
def accept_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an offer: GET says what is offered and until when, POST takes it."""
    now = timezone.now()
    reach = own_rsvp(request, token, _ACCEPTING, now=now)
    if request.method == "POST":
        accept(reach.rsvp.pk, reach=reach, now=now)
        if reach.purpose in MANAGING:
            return _to_the_outcome(token)
        reach.rsvp.refresh_from_db()
        is_done()
    return show(request, "rsvps/offer.html", reach, about(reach, token, now=now))


@link_page
def decline_offer(request: HttpRequest, token: str) -> HttpResponse:
    """POST gives an offered place on to the next; GET leads back to the place."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method == "POST":
        decline(reach.rsvp.pk, reach=reach, now=now)
    return redirect("manage", token)


@link_page
def write_again(request: HttpRequest, token: str) -> HttpResponse:
    """POST, by a mailed link, has an address written to again whose letters came back; GET leads back to the place."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method == "POST":
        ask_for_letters(reach, now=now)
        return _to_the_outcome(token)
    return redirect("manage", token)


@link_page
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks; POST ends the old links. The new one goes to the address, or, where there is none, to this screen."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method != "POST":
        return show(request, "rsvps/new_link.html", reach, about(reach, token, now=now))
    if made := make_link_new(reach, now=now):
        return redirect(f"{reverse('manage', args=[made])}?renewed")
    is_done()
    text = _(
        "The old links do not work any more. A new one is on its way to your address. "
        "If it does not come, ask for your link again on the page of the meeting."
    )
    told = {"heading": _("Your link is new"), "text": text, "more": _without_a_letter(reach)}
    return show(request, "rsvps/done.html", reach, told)


def _without_a_letter(reach: Reach) -> list[str]:
    """What whoever gets no letter can do. Said to everybody: nobody here knows, and nobody must read here, whose do."""
    agency = reach.rsvp.event.agency
    said = [_("You can come without it. Nobody is turned away for a lost code.")]
    if agency.contact_phone:
        office = agency.contact_office or agency.name
        words = _("We can also look after your place by telephone. {office}: {phone}.")
        said.append(format_html(words, office=office, phone=calling(agency.contact_phone)))
    return said


def _show(
    request: HttpRequest,
    reach: Reach,
    token: str,
    form: ChangeRsvp,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    context = about(reach, token, now=now, private=wants_private(request)) | {
        "form": form,
        "saved": "saved" in request.GET,
        "new": "new" in request.GET,
        "renewed": "renewed" in request.GET,
        "readdressed": "address" in request.GET,
    }
    return show(request, "rsvps/saved.html", reach, context, status=status)
