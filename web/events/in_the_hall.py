"""The code on the wall, on its way through the pages: in the address that the square on the wall leads to, then in each form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from events.event.models import Event
from events.planning.room_codes import as_typed, is_for_a_hall
from web.site.counting import ROOM_CODE, ROOM_IN_ADDRESS


@dataclass(frozen=True, slots=True)
class Hall:
    """What ``events/_room_code.html`` shows. code: as it came with the request, empty for none or for what is none.

    is_on: whether a code counts now. typed: as it stands in a form that is shown again, where it can be mended.
    """

    is_on: bool
    code: str
    typed: str | None


# Where words reach the agency and no meeting.
NO_HALL: Final = Hall(is_on=False, code="", typed=None)


def hall_of(request: HttpRequest, event: Event, *, now: dt.datetime) -> Hall:
    """Without a code in the address it is the same for everyone, so that the page may be kept."""
    if not is_for_a_hall(event, now):
        return NO_HALL
    if request.method == "POST":
        given = request.POST.get(ROOM_CODE, "")
        return Hall(True, as_typed(given), given[:40])
    return Hall(True, as_typed(request.GET.get(ROOM_IN_ADDRESS, "")), None)
