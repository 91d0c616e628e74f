"""Words for what the desk shows: days, seats, languages and needs."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.door.arrivals import NeedOfThem
from events.door.counts import NeedHere
from events.event.models import Event, RsvpMode
from events.event.standing import in_line
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus
from events.rsvps.needs.reading import KindOfNeed
from events.rsvps.parties import can_never_be_seated
from events.rsvps.standing import RsvpStanding, standing_of
from web.site.drawings import Marked
from web.site.languages.names import language_name


def short_day(day: dt.date) -> str:
    """With the weekday, without the year: for days that are near."""
    return _("{weekday}, {day}").format(weekday=date_format(day, "l"), day=month_day(day))


def month_day(day: dt.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def seats_in_words(event: Event) -> str:
    """How many places are taken, and how many parties wait; who fits into no room is counted apart."""
    return " ".join(part for part in (_seats_and_line(event), too_large_in_words(event)) if part)


def too_large_in_words(event: Event) -> str:
    """Parties that wait and can never be seated, since the room was made smaller; empty where there is none."""
    many = event.waiting_too_large
    if not many:
        return ""
    words = ngettext(
        "%(many)d party that waits is larger than the room.",
        "%(many)d parties that wait are larger than the room.",
        many,
    )
    return words % {"many": many}


def _seats_and_line(event: Event) -> str:
    if event.rsvp_mode == RsvpMode.NONE:
        return _("No RSVP needed.")
    taken = event.seats_taken
    if event.capacity is None:
        return ngettext("%(taken)d place saved.", "%(taken)d places saved.", taken) % {"taken": taken}
    waiting = in_line(event)
    seats = {"taken": taken, "all": event.capacity, "waiting": waiting}
    if waiting:
        return (
            ngettext(
                "%(taken)d of %(all)d places, %(waiting)d party waits.",
                "%(taken)d of %(all)d places, %(waiting)d parties wait.",
                waiting,
            )
            % seats
        )
    return ngettext("%(taken)d of %(all)d place.", "%(taken)d of %(all)d places.", event.capacity) % seats


def rsvp_standing(event: Event, rsvp: Rsvp, *, came: bool) -> Marked:
    """How a place stands, beside those of others."""
    stands = standing_of(rsvp, came=came)
    if stands is RsvpStanding.CAME:
        return Marked("kept", _("Came"))
    if can_never_be_seated(event, rsvp):
        return Marked("late", _("Waits, larger than the room"))
    mark = {
        RsvpStanding.CONFIRMED: "kept",
        RsvpStanding.WAITLISTED: "track",
        RsvpStanding.OFFERED: "risk",
        RsvpStanding.CANCELLED: "stopped",
    }[stands]
    return Marked(mark, str(RsvpStatus(rsvp.status).label))


def need_in_words(need: AccessRequest | KindOfNeed | NeedOfThem | NeedHere) -> str:
    """What it is; of an interpreter, for which language where that was said."""
    if need.kind == NeedKind.INTERPRETER and need.language:
        return _("Interpreter: {language}").format(language=language_name(need.language))
    return str(NeedKind(need.kind).label)


def need_standing(request: AccessRequest) -> Marked:
    """How one request stands, with the mark that a promise in the like state has."""
    return {
        NeedStatus.ASKED.value: Marked("risk", _("Not arranged yet")),
        NeedStatus.ARRANGING.value: Marked("track", _("Being arranged")),
        NeedStatus.ARRANGED.value: Marked("kept", _("Arranged")),
        NeedStatus.MET.value: Marked("kept", _("Met")),
        NeedStatus.NOT_MET.value: Marked("failed", _("Not possible")),
    }[request.status]


def kind_standing(kind: KindOfNeed) -> Marked:
    """How all requests of one kind stand together."""
    if kind.settled == kind.number:
        return Marked("kept", _("Arranged"))
    if kind.refused == kind.number:
        return Marked("failed", _("Not possible"))
    if kind.settled or kind.in_hand or kind.refused:
        words = ngettext("%(settled)d of %(all)d arranged", "%(settled)d of %(all)d arranged", kind.number)
        return Marked("track", words % {"settled": kind.settled, "all": kind.number})
    return Marked("risk", _("Not arranged yet"))
