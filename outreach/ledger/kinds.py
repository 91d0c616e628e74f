"""The kinds of letter: what holds for each is said once, beside its words, and read from here by everybody.

``@letter`` stands over the function that writes one (``outreach.letters``, which is imported when the app starts). The
table lies below it, since whoever announces, counts, suppresses or plans asks it; so nobody reads it while modules load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.utils.functional import Promise

from outreach.ledger.models import Lane


class About(Enum):
    """What the subject of a row is."""

    RSVP = auto()  # pointless once that RSVP has ended
    ENDED_RSVP = auto()
    LEFT_RSVP = auto()  # of another address now
    NEED = auto()
    EVENT = auto()
    NEWS = auto()
    SUBSCRIPTION = auto()
    ACCOUNT = auto()  # of one of the staff, or an invitation to become one


@dataclass(frozen=True, slots=True)
class Kind:
    """own_act: somebody's own act causes one, and whoever types their address can do it in their place.

    No staff reads even a count of these. The others, which the agency, another's act or the clock causes, are counted
    for staff up to yesterday. stops: it carries List-Unsubscribe (RFC 8058), one click ends it, and quiet hours hold it
    back; answers to somebody's own act, moves and cancellations never wait for the morning, also where they carry it
    (at_any_hour). moves_calendar: it says
    something to the resident's calendar, one after the other. called: as staff speak of it.
    """

    name: str
    lane: Lane
    about: About
    own_act: bool
    stops: bool
    at_any_hour: bool
    moves_calendar: bool
    called: Promise
    write: Callable[[Any], Any]


class UnknownKind(LookupError):
    """No letter of this kind is here: a name mistyped, or a row that a newer version wrote. A fault of ours, never the row's."""


_kinds: dict[str, Kind] = {}


def letter[Writer: Callable[..., Any]](
    *,
    kind: str,
    lane: Lane,
    about: About,
    called: Promise,
    own_act: bool | None = None,
    stops: bool = False,
    at_any_hour: bool = False,
    moves_calendar: bool = False,
) -> Callable[[Writer], Writer]:
    """The function below writes the letters of this kind. kind: as it stands in rows and in the API, so it stays for ever.

    own_act: where nothing is said, what goes by the lane of answers is one.
    """
    answers = lane is Lane.ANSWER if own_act is None else own_act

    def keep(write: Writer) -> Writer:
        if kind in _kinds:
            raise ValueError(f"{kind} has two writers")
        _kinds[kind] = Kind(kind, lane, about, answers, stops, at_any_hour, moves_calendar, called, write)
        return write

    return keep


def kind_named(name: str) -> Kind:
    """Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def every_kind() -> Iterable[Kind]:
    return _kinds.values()


def counted_for_staff() -> list[str]:
    return sorted(kind.name for kind in _kinds.values() if not kind.own_act)


def about_one_rsvp() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.about is About.RSVP]


def about_needs() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.about is About.NEED]


def stopped_by_one_click() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.stops]
