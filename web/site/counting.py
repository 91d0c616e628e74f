"""How often is too often, on the pages: engage.counting.rates, with the code on the wall and the page that says wait."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from engage.counting.rates import TooOften
from events.planning import room_codes
from web.site import errors

# The field of a form that holds the code on the wall of a meeting.
ROOM_CODE: Final = "room_code"
# The same in an address. A page that was opened with it is kept by no cache (web.site.frames.public).
ROOM_IN_ADDRESS: Final = "room"


def too_often_page(request: HttpRequest, often: TooOften) -> HttpResponse:
    answer = errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(often.verdict.wait)
    return answer


def room_code_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The field of the code on the wall as it was sent, for a page that sends the form once more."""
    given = request.POST.get(ROOM_CODE, "")[:40]
    return [(ROOM_CODE, given)] if given else []


def count_public_post(request: HttpRequest, event_id: UUID | None = None, *, now: dt.datetime) -> None:
    """Count one form that anybody may send; with the code on the wall, for its meeting alone. Raises TooOften."""
    given = request.POST.get(ROOM_CODE, "") if event_id is not None else ""
    room_codes.count_public_post(request.META, event_id, given, now=now)
