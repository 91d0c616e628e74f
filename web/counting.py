"""How often is too often, on the pages: the same counters and the same rates (settings.RATES) as the API's."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from engage.client_address import client_address
from engage.rate_counting import LONGEST_WAIT, Verdict, allow, client_network
from events.room_codes import counted_as
from web import error_pages

# The field of a form that holds the code on the wall of a meeting.
ROOM_CODE: Final = "room_code"
# The same in an address. A page that was opened with it is kept by no cache (web.public_pages).
ROOM_IN_ADDRESS: Final = "room"


class TooManyTries(Exception):
    """This has been done too often; ``verdict`` says when to come again."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.retry_after)
        self.verdict = verdict

    def page(self, request: HttpRequest) -> HttpResponse:
        answer = error_pages.page(request, HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(min(max(self.verdict.retry_after, 1), LONGEST_WAIT))
        return answer


def count(request: HttpRequest, bucket: str, *, whom: str = "") -> None:
    """Count one use of ``bucket`` by ``whom``, or by the network the request comes from. Raises TooManyTries."""
    limit, seconds = settings.RATES[bucket]
    verdict = allow(bucket, whom or network_of(request), limit=limit, window_seconds=seconds)
    if not verdict.allowed:
        raise TooManyTries(verdict)


def room_code_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The field of the code on the wall as it was sent, for a page that sends the form once more."""
    given = request.POST.get(ROOM_CODE, "")[:40]
    return [(ROOM_CODE, given)] if given else []


def count_public_post(request: HttpRequest, event_id: UUID | None = None, *, now: dt.datetime) -> None:
    """Count one form that anybody may send; with the code on the wall, for its meeting alone. Raises TooManyTries."""
    given = request.POST.get(ROOM_CODE, "") if event_id is not None else ""
    bucket, whom = counted_as(event_id, given, network_of(request), now=now)
    count(request, bucket, whom=whom)


def network_of(request: HttpRequest) -> str:
    """What is counted as one client: for counting, never for keeping."""
    return client_network(address_of(request))


def address_of(request: HttpRequest) -> str:
    """The client's address, as far as TRUSTED_PROXIES lets us believe it: for counting, never for keeping."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES)
