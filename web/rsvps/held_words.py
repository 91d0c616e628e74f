"""What we hold about a resident, said in sentences: what is empty is left out, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.contacts.models import Channel
from engage.listening.models import Contribution
from engage.local_time import one_stop
from engage.readings.recording import purpose_in_words
from events.rsvps.models import Remind, RsvpSource, RsvpStatus
from events.rsvps.needs.models import NeedKind, NeedStatus
from web.rsvps.showing import spaced
from web.site.languages.dates import day_in_words, moment_in_words
from web.site.languages.names import ANOTHER, language_name

_NEED_STANDS: Final = {
    NeedStatus.ASKED.value: gettext_lazy("We have not answered yet."),
    NeedStatus.ARRANGING.value: gettext_lazy("We are arranging it."),
    NeedStatus.ARRANGED.value: gettext_lazy("It is arranged."),
    NeedStatus.MET.value: gettext_lazy("It was there."),
    NeedStatus.NOT_MET.value: gettext_lazy("We could not arrange it."),
}
_ASKED_STANDS: Final = {
    Contribution.Moderation.WAITING.value: gettext_lazy("It waits until we have read it."),
    Contribution.Moderation.SHOWN.value: gettext_lazy("Everybody can read it, without your address."),
    Contribution.Moderation.HIDDEN.value: gettext_lazy("It is not shown to the public."),
}
_SHOWN: Final = {
    "list": gettext_lazy("A list of the places"),
    "door": gettext_lazy("The list at the door"),
    "reveal": gettext_lazy("Your name and address"),
    "need": gettext_lazy("Your words about what you need"),
}


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    sentences: list[str]


def parts_of(held: Mapping[str, Any], zone: str) -> list[Part]:
    """held: as ``events.rsvps.resident_record.what_we_hold`` gives it. zone: the meeting's."""
    rsvps = held["rsvps"]
    has_address = bool(held["contacts"])
    found = [
        Part(_title_of(number, len(rsvps)), list(_of_rsvp(rsvp, zone, has_address=has_address)))
        for number, rsvp in enumerate(rsvps, start=1)
    ]
    found += [
        Part(_("How we reach you"), [_reached(contact) for contact in held["contacts"]]),
        Part(_("What you sent us under your address"), [_asked(one) for one in held["questions"]]),
        Part(
            _("Who of our staff was shown it"), [_read(one, zone) for one in held["reads"]] or [_("Nobody.")]
        ),
    ]
    if held["erase_after"] is not None:
        until = _("All of it is erased on {day}.").format(day=moment_in_words(held["erase_after"], zone))
        found.append(Part(_("Until when"), [until]))
    return [
        Part(one.title, [one_stop(capfirst(said)) for said in one.sentences])
        for one in found
        if one.sentences
    ]


def _title_of(number: int, many: int) -> str:
    return _("Place {number}").format(number=number) if many > 1 else _("Your place")


def _of_rsvp(rsvp: Mapping[str, Any], zone: str, *, has_address: bool) -> Iterator[str]:
    party, saved = rsvp["party_size"], moment_in_words(rsvp["created_at"], zone)
    yield _how_it_came(rsvp["source"]).format(moment=saved)
    if rsvp["name"]:
        yield _("You gave the name {name}.").format(name=rsvp["name"])
    yield ngettext("It is for {party} person.", "It is for {party} people.", party).format(party=party)
    yield _how_it_stands(rsvp)
    yield _("Your code at the door is {code}.").format(code=spaced(rsvp["checkin_code"]))
    if rsvp["checked_in_at"]:
        yield _("You were checked in: {moment}.").format(moment=moment_in_words(rsvp["checked_in_at"], zone))
    yield _("Our messages to you are in this language: {language}.").format(
        language=language_name(rsvp["language"])
    )
    if has_address:
        yield {
            Remind.EMAIL.value: _("We remind you by email."),
            Remind.SMS.value: _("We remind you by text message."),
            Remind.NONE.value: _("You want no reminder."),
        }[rsvp["remind"]]
    for moment in rsvp["address_changed_at"]:
        yield _(
            "The address was changed: {moment}. The one before is kept, sealed, as long as this place."
        ).format(moment=moment_in_words(moment, zone))
    for need in rsvp["access_requests"]:
        yield _needed(need)


def _how_it_came(source: str) -> str:
    return {
        RsvpSource.WEB.value: _("You saved it on our page: {moment}."),
        RsvpSource.API.value: _("It was saved through another program: {moment}."),
        RsvpSource.STAFF.value: _("Our staff saved it for you on the telephone: {moment}."),
        RsvpSource.MADE.value: _("It is made up for the demo: {moment}."),
    }[source]


def _how_it_stands(rsvp: Mapping[str, Any]) -> str:
    position = rsvp["waitlist_position"]
    if rsvp["status"] == RsvpStatus.WAITLISTED and position:
        return _("You are on the waitlist, number {number} in line.").format(number=position)
    return {
        RsvpStatus.CONFIRMED.value: _("You have the place."),
        RsvpStatus.WAITLISTED.value: _("You are on the waitlist."),
        RsvpStatus.OFFERED.value: _("A place is offered to you."),
        RsvpStatus.CANCELLED.value: _("The place was given back."),
    }[rsvp["status"]]


def _needed(need: Mapping[str, Any]) -> str:
    kind = str(NeedKind(need["kind"]).label)
    if need["language"] and need["language"] != ANOTHER:
        kind = _("{need} ({language})").format(need=kind, language=language_name(need["language"]))
    said = [_("You asked for: {need}.").format(need=kind)]
    if need["detail"]:
        said.append(_("Your words: “{words}”").format(words=need["detail"]))
    said.append(str(_NEED_STANDS[need["status"]]))
    if need["outcome"]:
        said.append(_("Our answer: “{words}”").format(words=need["outcome"]))
    return " ".join(said)


def _reached(contact: Mapping[str, Any]) -> str:
    words = {
        Channel.EMAIL.value: _("By email: {address}"),
        Channel.SMS.value: _("By telephone: {address}"),
    }[contact["channel"]]
    return words.format(address=contact["address"])


def _asked(one: Mapping[str, Any]) -> str:
    said = _("{day}: “{words}”").format(day=day_in_words(one["said_on"]), words=one["body"])
    return f"{said} {_ASKED_STANDS[one['status']]}"


def _read(one: Mapping[str, Any], zone: str) -> str:
    said = [
        _("{moment}: {person} was shown this: {what}. What for: {purpose}.").format(
            moment=moment_in_words(one["at"], zone),
            person=one["reader"],
            what=_SHOWN.get(one["what"], one["what"]),
            purpose=purpose_in_words(one["purpose"]),
        )
    ]
    if one["granted_alone"]:
        said.append(_("It was more than usual in one hour, and they said yes to it themselves."))
    return " ".join(said)
