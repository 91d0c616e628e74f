"""What people asked for, in a few words for who shows them the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.door.arrivals import NeedOfThem
from events.door.counts import NeedHere
from events.rsvps.needs.models import NeedStatus
from web.rsvps.words import need_in_words


@dataclass(frozen=True, slots=True)
class NeedLine:
    """what: the need. where: what to tell them. here: people's places that are here, of ``asked``; 0 of 0 for one place."""

    what: str
    where: str
    here: int = 0
    asked: int = 0


def line_for_them(need: NeedOfThem) -> NeedLine:
    """For the people who have just come in."""
    return NeedLine(need_in_words(need), need.outcome or _without_words(need.status))


def line_for_the_door(need: NeedHere) -> NeedLine:
    """For everybody who asked for the same."""
    where = " · ".join(need.where) or _("Not arranged yet. Ask the person who runs the meeting.")
    return NeedLine(need_in_words(need), where, need.here, need.asked)


def _without_words(status: str) -> str:
    if status in {NeedStatus.ARRANGED, NeedStatus.MET}:
        return _("This is arranged. Ask the person who runs the meeting where.")
    if status == NeedStatus.NOT_MET:
        return _("This was not possible.")
    return _("Not arranged yet. Ask the person who runs the meeting.")
