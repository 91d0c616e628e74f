"""The places of one event: who is coming, a place for a caller, and one name or address where it is needed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from engage.contacts.addresses import LONGEST_EMAIL
from engage.database.ids import id_in
from engage.kept_answers.keeping import KeyInvalid
from engage.refusals import Unknown
from events.event.models import Event
from events.event.standing import takes_people, takes_rsvps
from events.event.when import moment_of
from events.rsvps.changing import cancel, change
from events.rsvps.floods import floods_of
from events.rsvps.listing import (
    Revealed,
    RsvpPage,
    list_rsvps,
    list_rsvps_with_names,
    reveal_rsvp,
    rsvp_of,
)
from events.rsvps.models import Remind, Rsvp, RsvpStatus
from events.rsvps.needs.asking import LONGEST_DETAIL, Need, needs_of
from events.rsvps.needs.models import NeedKind
from events.rsvps.parties import can_never_be_seated
from events.rsvps.responding import respond_for_caller
from events.rsvps.rules import LONGEST_NAME
from events.rsvps.standing import RsvpStanding, standing_of
from events.rsvps.waitlisting import accept
from outreach.reminders.reading import reminder_times
from web.events.party_choice import ChoosesParty
from web.events.staff_head import head_of, own_event
from web.rsvps.more_readings import Purpose, ask_a_second_person
from web.rsvps.words import rsvp_standing, seats_in_words
from web.site.forms.fields import a_choice, a_text, offer
from web.site.forms.kept_answers import fresh_key, key_of
from web.site.forms.one_act import may_be_sent_again
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, show
from web.site.languages.names import language_name


class _WithNeeds(ChoosesParty):
    """One box a kind of need, with room for details."""

    party_size = forms.IntegerField(
        label=gettext_lazy("How many people come"), min_value=1, max_value=20, initial=1
    )
    language = a_choice(gettext_lazy("Language of our messages"), settings.LANGUAGES)

    def add_needs(self) -> None:
        for kind in NeedKind:
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
                "language": self["interpreter_language"] if kind == NeedKind.INTERPRETER else None,
            }
            for kind in NeedKind
        ]

    def needs(self) -> list[Need]:
        """What was ticked."""
        ticked = [kind for kind in NeedKind if self.cleaned_data[f"need_{kind}"]]
        return [
            Need(kind.value, self.language_of(kind), self.cleaned_data[f"detail_{kind}"]) for kind in ticked
        ]

    def language_of(self, kind: str) -> str:
        """Of an interpreter, which one."""
        return str(self.cleaned_data["interpreter_language"]).strip() if kind == NeedKind.INTERPRETER else ""

    def take(self, refusal: Any) -> None:
        """A path such as ``access_requests/0/language`` is the box of that need."""
        refusal.errors = [
            replace(error, field="interpreter_language") if error.field.endswith("/language") else error
            for error in refusal.errors
        ]
        super().take(refusal)


class RsvpForCaller(_WithNeeds):
    """A place that somebody asks for by telephone."""

    name = a_text(gettext_lazy("Name"), LONGEST_NAME, hint=gettext_lazy("Only if they want to give one."))
    email = a_text(
        gettext_lazy("Email"), LONGEST_EMAIL, hint=gettext_lazy("For the confirmation and a reminder.")
    )
    phone = a_text(
        gettext_lazy("Phone"), 32, hint=gettext_lazy("So that we can call back. No texts are sent.")
    )

    field_order = ("name", "email", "phone", "party_size", "language")

    def __init__(self, event: Event, data: Any = None, *, reminds: bool = True) -> None:
        super().__init__(data)
        self.event = event
        if not reminds:
            self.fields["email"].help_text = _("For the confirmation.")
        cast("forms.IntegerField", self.fields["party_size"]).widget.attrs["max"] = event.agency.largest_party
        self.add_needs()

    def wishes(self) -> dict[str, Any]:
        """What ``respond`` takes."""
        given = self.cleaned_data
        return {name: given[name] for name in ("name", "email", "phone", "language")} | {
            "party_size": self.party(),
            "waitlist": given["wait"],
            "asked_first": True,
            "needs": self.needs(),
        }


class ChangeForCaller(_WithNeeds):
    """What a caller wants to be different."""

    remind = a_choice(gettext_lazy("Reminder before the event"), [])
    edit_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    field_order = ("party_size", "language", "remind")

    def __init__(self, rsvp: Rsvp, data: Any = None) -> None:
        standing = needs_of(rsvp)
        super().__init__(data, initial=_as_it_stands(rsvp, standing))
        self.event, self.stands = rsvp.event, rsvp.party_size
        by_email = [(Remind.EMAIL.value, _("By email"))] if rsvp.email_contact_id else []
        offer(self, "remind", [*by_email, (Remind.NONE.value, _("No reminder"))])
        # Where none will be sent, there is nothing to choose, and what was chosen stays.
        self.fields["remind"].required = False
        if rsvp.language not in dict(settings.LANGUAGES):
            offer(self, "language", [*settings.LANGUAGES, (rsvp.language, rsvp.language)])
        self.add_needs()
        self.standing = standing
        for kind in {need.kind for need in standing if need.sealed_detail is not None}:
            self.fields[f"detail_{kind}"].help_text = _("Empty keeps what they said before.")

    def changes(self) -> dict[str, Any]:
        """What ``change`` takes."""
        given = self.cleaned_data
        return {
            "party_size": self.party(),
            "to_the_tail": given["wait"],
            "language": given["language"],
            "remind": given["remind"] or None,
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


def _as_it_stands(rsvp: Rsvp, standing: list[Any]) -> dict[str, Any]:
    """What was asked, without the words: those are for whoever arranges it."""
    values: dict[str, Any] = {
        "party_size": rsvp.party_size,
        "language": rsvp.language,
        "remind": rsvp.remind,
        "edit_version": rsvp.edit_version,
    }
    for need in reversed(standing):
        values[f"need_{need.kind}"] = True
        if need.kind == NeedKind.INTERPRETER:
            values["interpreter_language"] = need.language
    return values


@desk_page("rsvps:read")
def event_rsvps(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Without names. POST with a purpose: the same page of the list with names, on the record."""
    event = own_event(desk, event_id)
    asked = request.GET.get("status", "")
    wanted = asked if asked in RsvpStatus.values else ""
    after = id_in(request.GET["after"]) if "after" in request.GET else None
    form = Purpose(sent(request))

    def without_names(status: int) -> HttpResponse:
        page = list_rsvps(event, status=wanted, after=after)
        return _list(request, desk, event, page, form, wanted=wanted, status=status)

    def with_names(page: RsvpPage) -> HttpResponse:
        # Names are kept nowhere else: read again, they are read again.
        may_be_sent_again()
        return _list(request, desk, event, page, form, wanted=wanted)

    return form_page(
        request,
        form,
        lambda: list_rsvps_with_names(
            event,
            reader=desk.person,
            purpose=form.cleaned_data["purpose"],
            status=wanted,
            after=after,
            now=desk.now,
        ),
        shown=without_names,
        done=with_names,
        refused=lambda refusal: ask_a_second_person(request, desk, refusal),
    )


@desk_page("rsvps:write", keeps_itself=True)
def rsvp_for_caller(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """Somebody is on the telephone and wants to come."""
    event = own_event(desk, event_id)
    form = RsvpForCaller(event, sent(request), reminds=bool(reminder_times(event, since=desk.now)))
    key = key_of(request) or fresh_key()

    def save() -> UUID:
        try:
            return respond_for_caller(event, actor=desk.person, key=key, now=desk.now, **form.wishes())
        except KeyInvalid:
            raise Unknown from None

    context = {"event": event, "form": form, "open": takes_rsvps(event, desk.now)}
    return form_page(
        request,
        form,
        save,
        shown=partial(show, request, "rsvps/for_caller.html", desk, context, nav="events"),
        done=lambda made: _to_rsvp(request, desk, event, made, _said_to_the_caller(made)),
    )


def _said_to_the_caller(rsvp_id: UUID) -> str:
    waits = Rsvp.objects.filter(pk=rsvp_id, status=RsvpStatus.WAITLISTED).exists()
    if waits:
        return _("They are on the waitlist now. Tell them so, and read them their code.")
    return _("The place is saved. Read them their code.")


@desk_page("rsvps:read")
def one_rsvp(request: HttpRequest, desk: Desk, event_id: UUID, rsvp_id: UUID) -> HttpResponse:
    """One place without its people; what can be done for them at the telephone."""
    event = own_event(desk, event_id)
    rsvp = rsvp_of(event, rsvp_id)
    return _one(request, desk, event, rsvp, ChangeForCaller(rsvp), Purpose())


@desk_page("rsvps:write")
def change_rsvp(request: HttpRequest, desk: Desk, event_id: UUID, rsvp_id: UUID) -> HttpResponse:
    """What a caller wants to be different."""
    event = own_event(desk, event_id)
    rsvp = rsvp_of(event, rsvp_id)
    if request.method != "POST":
        return _to_rsvp(request, desk, event, rsvp_id)
    form = ChangeForCaller(rsvp, request.POST)
    return form_page(
        request,
        form,
        lambda: change(rsvp.pk, actor=desk.person, now=desk.now, **form.changes()),
        shown=partial(_one, request, desk, event, rsvp, form, Purpose()),
        done=lambda _made: _to_rsvp(request, desk, event, rsvp_id, _("The place is changed.")),
    )


@desk_page("rsvps:write")
def cancel_for_caller(request: HttpRequest, desk: Desk, event_id: UUID, rsvp_id: UUID) -> HttpResponse:
    """A page that asks once more, then the place goes back."""
    event = own_event(desk, event_id)
    rsvp = rsvp_of(event, rsvp_id)
    if request.method == "POST":
        cancel(rsvp.pk, by="staff", actor=desk.person, now=desk.now)
        said = _("The place is cancelled, and goes to whoever waits longest.")
        return _to_rsvp(request, desk, event, rsvp_id, said)
    context = {"event": event, "rsvp": rsvp}
    return show(request, "rsvps/cancel_for_caller.html", desk, context, nav="events")


@desk_page("rsvps:write")
def accept_for_caller(request: HttpRequest, desk: Desk, event_id: UUID, rsvp_id: UUID) -> HttpResponse:
    """Somebody takes the place that was offered to them, by telephone."""
    event = own_event(desk, event_id)
    rsvp = rsvp_of(event, rsvp_id)
    if request.method != "POST":
        return _to_rsvp(request, desk, event, rsvp_id)
    accept(rsvp.pk, actor=desk.person, now=desk.now)
    return _to_rsvp(request, desk, event, rsvp_id, _("The offered place is theirs now."))


@desk_page("rsvps:read")
def reveal(request: HttpRequest, desk: Desk, event_id: UUID, rsvp_id: UUID) -> HttpResponse:
    """One name and its addresses, shown this once and kept on the record with the purpose."""
    event = own_event(desk, event_id)
    rsvp = rsvp_of(event, rsvp_id)
    if request.method != "POST":
        return _to_rsvp(request, desk, event, rsvp_id)
    form = Purpose(request.POST)

    def shown_once(found: Revealed) -> HttpResponse:
        # Names are kept nowhere else: read again, they are read again.
        may_be_sent_again()
        return _one(request, desk, event, rsvp, ChangeForCaller(rsvp), Purpose(), shown=found)

    return form_page(
        request,
        form,
        lambda: reveal_rsvp(rsvp, reader=desk.person, purpose=form.cleaned_data["purpose"], now=desk.now),
        shown=partial(_one, request, desk, event, rsvp, ChangeForCaller(rsvp), form),
        done=shown_once,
        refused=lambda refusal: ask_a_second_person(request, desk, refusal),
    )


def _list(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    page: RsvpPage,
    form: Purpose,
    *,
    wanted: str,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rows = [
        {
            "rsvp": rsvp,
            "standing": rsvp_standing(event, rsvp, came=rsvp.here),  # type: ignore[attr-defined]
            "code": rsvp.checkin_code[:4],
            "language": capfirst(language_name(rsvp.language)),
            "name": page.names.get(rsvp.pk),
        }
        for rsvp in page.rsvps
    ]
    context = {
        "head": head_of(desk, event, "rsvps"),
        "event": event,
        "rows": rows,
        "named": form.is_bound and not form.errors,
        "next": page.next,
        "status": wanted,
        "statuses": [
            ("", pgettext("RSVPs", "All")),
            *((value, label) for value, label in RsvpStatus.choices),
        ],
        "seats": seats_in_words(event),
        "form": form,
        "open": takes_rsvps(event, desk.now),
        "flooded": desk.may("rsvps:write") and bool(floods_of(event, viewer=desk.person, now=desk.now)),
    }
    return show(request, "rsvps/for_staff.html", desk, context, nav="events", status=status)


def _one(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    rsvp: Rsvp,
    form: ChangeForCaller,
    purpose: Purpose,
    *,
    shown: Revealed | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "event": event,
        "rsvp": rsvp,
        "standing": rsvp_standing(event, rsvp, came=rsvp.here),  # type: ignore[attr-defined]
        "language": capfirst(language_name(rsvp.language)),
        "form": form,
        "purpose": purpose,
        "shown": shown,
        "room_too_small": can_never_be_seated(event, rsvp),
        "reminds": bool(rsvp.email_contact_id and reminder_times(event, since=desk.now)),
        "until": moment_of(event, rsvp.offer_expires_at),
        "open": _can_change(event, rsvp, desk),
        "code": f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}",
        "erring": form if form.errors else purpose,
    }
    return show(request, "rsvps/one_for_staff.html", desk, context, nav="events", status=status)


def _can_change(event: Event, rsvp: Rsvp, desk: Desk) -> bool:
    stands = standing_of(rsvp, came=rsvp.here)  # type: ignore[attr-defined]
    still = stands.stands and stands is not RsvpStanding.CAME
    return still and takes_people(event, desk.now) and desk.may("rsvps:write")


def _to_rsvp(request: HttpRequest, desk: Desk, event: Event, rsvp_id: UUID, done: str = "") -> HttpResponse:
    if done:
        messages.success(request, done)
    return redirect("event_rsvp", slug=desk.agency.slug, event_id=event.pk, rsvp_id=rsvp_id)
