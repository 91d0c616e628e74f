"""Words for what the desk shows: days, seats, languages, needs and promises."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import AccessKind, AccessRequest, AccessStatus, Event, RsvpMode, RsvpStatus
from events.needs_reading import KindOfNeed
from web.language_names import language_name
from web.promise_words import Standing, mark_names


def short_day(day: dt.date) -> str:
    """With the weekday, without the year: for days that are near."""
    return _("{weekday}, {day}").format(weekday=date_format(day, "l"), day=month_day(day))


def month_day(day: dt.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def clock(moment: dt.datetime) -> str:
    return date_format(moment, "TIME_FORMAT")


def seats_in_words(event: Event) -> str:
    """How many places are taken, and how many parties wait."""
    if event.rsvp_mode == RsvpMode.NONE:
        return _("No RSVP needed.")
    taken = event.seats_taken
    if event.capacity is None:
        return ngettext("%(taken)d place saved.", "%(taken)d places saved.", taken) % {"taken": taken}
    places = {"taken": taken, "all": event.capacity, "waiting": event.waiting}
    if event.waiting:
        return (
            ngettext(
                "%(taken)d of %(all)d places, %(waiting)d party waits.",
                "%(taken)d of %(all)d places, %(waiting)d parties wait.",
                event.waiting,
            )
            % places
        )
    return ngettext("%(taken)d of %(all)d place.", "%(taken)d of %(all)d places.", event.capacity) % places


def place_standing(status: str) -> Standing:
    """How a place stands."""
    mark = {
        RsvpStatus.CONFIRMED.value: "kept",
        RsvpStatus.WAITLISTED.value: "track",
        RsvpStatus.OFFERED.value: "risk",
        RsvpStatus.CANCELLED.value: "stopped",
    }[status]
    return Standing(mark, str(RsvpStatus(status).label))


def need_in_words(need: AccessRequest | KindOfNeed) -> str:
    """What it is; of an interpreter, for which language."""
    if need.kind == AccessKind.INTERPRETER:
        return _("Interpreter: {language}").format(language=language_name(need.language))
    return str(AccessKind(need.kind).label)


def need_standing(request: AccessRequest) -> Standing:
    """How one request stands, with the mark that a promise in the like state has."""
    return {
        AccessStatus.ASKED.value: Standing("risk", _("Not arranged yet")),
        AccessStatus.ARRANGING.value: Standing("track", _("Being arranged")),
        AccessStatus.ARRANGED.value: Standing("kept", _("Arranged")),
        AccessStatus.MET.value: Standing("kept", _("Met")),
        AccessStatus.NOT_MET.value: Standing("failed", _("Not possible")),
    }[request.status]


def kind_standing(kind: KindOfNeed) -> Standing:
    """How all requests of one kind stand together."""
    if kind.settled == kind.number:
        return Standing("kept", _("Arranged"))
    if kind.refused == kind.number:
        return Standing("failed", _("Not possible"))
    if kind.settled or kind.in_hand or kind.refused:
        words = ngettext("%(settled)d of %(all)d arranged", "%(settled)d of %(all)d arranged", kind.number)
        return Standing("track", words % {"settled": kind.settled, "all": kind.number})
    return Standing("risk", _("Not arranged yet"))


def tally_in_words(marks: Sequence[str]) -> str:
    """What a screen reader says for a row of marks, one a promise."""
    names, counted = mark_names(), Counter(marks)
    said = [
        _("{name}: {number}").format(name=names[mark], number=number)
        for mark, number in counted.items()
        if mark in names
    ]
    promises = ngettext("%(number)d promise.", "%(number)d promises.", len(marks)) % {"number": len(marks)}
    return " ".join([promises, *(f"{one}." for one in said)])
