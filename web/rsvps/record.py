"""What we hold about a resident, behind their own link: to see, to erase, or to say "that was not me"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from engage.contacts.links import Purpose
from engage.contacts.models import Channel
from engage.listening.models import Contribution, ContributionKind
from engage.readings.recording import purpose_in_words
from events.rsvps import erasing, resident_record
from events.rsvps.links import MANAGING
from events.rsvps.models import Remind, RsvpSource, RsvpStatus
from events.rsvps.needs.models import NeedKind, NeedStatus
from web.rsvps.showing import about, show
from web.site.forms.one_act import is_done
from web.site.frames.behind_a_link import link_page, own_rsvp
from web.site.languages.dates import day_in_words, moment_in_words
from web.site.languages.names import language_name

_NOT_SHOWN = frozenset({"id"})
_NAMES = {
    "rsvps": pgettext_lazy("seat", "Place"),
    "contacts": gettext_lazy("Address"),
    "reads": gettext_lazy("Shown to staff"),
    "questions": gettext_lazy("Question"),
    "access_requests": gettext_lazy("What you need"),
    "name": gettext_lazy("Name"),
    "status": gettext_lazy("How it stands"),
    "waitlist_position": gettext_lazy("Number in line"),
    "party_size": gettext_lazy("How many of you"),
    "language": gettext_lazy("Language"),
    "remind": gettext_lazy("Reminder"),
    "source": gettext_lazy("How it was saved"),
    "checkin_code": gettext_lazy("Check-in code"),
    "created_at": gettext_lazy("Saved on"),
    "checked_in_at": gettext_lazy("Came at"),
    "kind": gettext_lazy("Kind"),
    "detail": gettext_lazy("Your words about it"),
    "outcome": gettext_lazy("What was arranged"),
    "channel": gettext_lazy("How we reach you"),
    "address": gettext_lazy("Address"),
    "at": gettext_lazy("When"),
    "what": gettext_lazy("What was shown"),
    "reader": gettext_lazy("To whom"),
    "granted_alone": gettext_lazy("More than usual in one hour; they said yes to it themselves"),
    "purpose": gettext_lazy("What for"),
    "body": gettext_lazy("Your words"),
    "said_on": gettext_lazy("Said on"),
    "erase_after": gettext_lazy("All of it is erased on"),
}
_CODED = frozenset({"status", "remind", "source", "kind", "channel", "what"})
_WORDS: dict[str, Any] = {
    **dict(Contribution.Moderation.choices),
    **dict(ContributionKind.choices),
    **dict(Channel.choices),
    **dict(RsvpSource.choices),
    **dict(NeedStatus.choices),
    **dict(NeedKind.choices),
    **dict(Remind.choices),
    **dict(RsvpStatus.choices),
    "list": gettext_lazy("A list of the places"),
    "door": gettext_lazy("The list at the door"),
    "reveal": gettext_lazy("Your name and address"),
    "need": gettext_lazy("Your words about what you need"),
}


# True after an erasure by either link (docs/privacy.md, After an erasure).
_WHAT_GOES: Final = gettext_lazy(
    "This place is erased, with what you typed for it and what we wrote down about it."
)
_WHAT_IS_LEFT: Final = (
    gettext_lazy("Your address is erased with your last place at this meeting."),
    gettext_lazy("Numbers stay: how many people came, and that somebody was erased on this day."),
    gettext_lazy(
        "Words you sent us stay, without your address. If we never show them, they go later, when all the rest would have gone."
    ),
    gettext_lazy(
        "It stays on record which of our staff looked at a name or an address, but not whose it was."
    ),
    gettext_lazy("A backup copy may still hold some of it, until that copy is thrown away."),
)


@require_safe
@link_page
def what_we_hold(request: HttpRequest, token: str) -> HttpResponse:
    """All of it, and who of the staff was shown it."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    held = resident_record.what_we_hold(reach)
    context = about(reach, token, now=now) | {"parts": list(_parts(held, reach.rsvp.event.timezone))}
    return show(request, "rsvps/what_we_hold.html", reach, context)


@link_page
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what goes; POST erases it, and the link opens nothing from then on."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method != "POST":
        return show(request, "rsvps/erase.html", reach, about(reach, token, now=now))
    erasing.erase(reach, now=now)
    is_done()
    done = {"heading": _("Erased"), "text": _WHAT_GOES, "more": _WHAT_IS_LEFT}
    return show(request, "rsvps/done.html", reach, done)


@link_page
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Only by a link that was mailed: somebody else typed this address. POST gives the places back and blocks it."""
    now = timezone.now()
    reach = own_rsvp(request, token, [Purpose.RSVP_MAIL], now=now)
    if request.method != "POST":
        return show(request, "rsvps/not_me.html", reach, about(reach, token, now=now))
    resident_record.not_me(reach, now=now)
    is_done()
    text = _("The places are given back. We write to this address no more for a year.")
    return show(request, "rsvps/done.html", reach, {"heading": _("Thank you"), "text": text, "more": ()})


def _parts(held: Mapping[str, Any], zone: str, title: str = "") -> Iterator[dict[str, Any]]:
    """The record as headings with facts beneath: one part for each object in it, however deep it lies."""
    plain = [
        (_name(name), _value(name, value, zone))
        for name, value in held.items()
        if name not in _NOT_SHOWN and not _is_nested(value) and (name, value) != ("granted_alone", False)
    ]
    if plain:
        yield {"title": title or _("About you"), "facts": plain}
    for name, value in held.items():
        if isinstance(value, Mapping):
            yield from _parts(value, zone, _name(name))
        elif _is_nested(value):
            for number, item in enumerate(value, start=1):
                yield from _parts(item, zone, f"{_name(name)} {number}" if len(value) > 1 else _name(name))


def _is_nested(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping)


def _name(name: str) -> str:
    """What a member of the record is called on the page; one that was added since keeps its own name."""
    return str(_NAMES.get(name) or name.replace("_", " ").capitalize())


def _value(name: str, value: Any, zone: str) -> str:
    if value in (None, "", [], ()):
        return "–"
    if isinstance(value, dt.datetime):
        return capfirst(moment_in_words(value, zone))
    if isinstance(value, dt.date):
        return capfirst(day_in_words(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return _word(name, str(value))


def _word(name: str, value: str) -> str:
    if name == "language":
        return capfirst(language_name(value))
    if name == "purpose":
        return purpose_in_words(value)
    return str(_WORDS.get(value, value)) if name in _CODED else value
