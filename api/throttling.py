"""How often is too often. Counted by network for what is public and for guesses; a limit never tells one address apart."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ErrorDetail, Throttled

from engage.client_address import client_address
from engage.rate_counting import Verdict, allow, client_network
from engage.secret_tries import TriedTooOften
from events.room_codes import counted_as

# Nobody is told to wait longer than this, seconds.
LONGEST_WAIT = 60


class TooMany(Throttled):
    """429. ``Retry-After`` and ``RateLimit-*`` are set by the endpoint."""

    default_detail = _("That was a lot just now. Wait a moment, then send it again; nothing was lost.")
    extra_detail_singular = extra_detail_plural = ""

    def __init__(self, verdict: Verdict) -> None:
        APIException.__init__(self, code="too_many_requests")
        self.verdict = verdict
        self.wait = min(max(int(verdict.retry_after), 1), LONGEST_WAIT)


class TriedTooMuch(TooMany):
    """429 for tries of a secret: the true wait, however long."""

    def __init__(self, refused: TriedTooOften) -> None:
        super().__init__(refused.verdict)
        self.wait = refused.seconds
        said = _("Too many tries. Wait {seconds} seconds, then try again.")
        self.detail = ErrorDetail(said.format(seconds=refused.seconds), "too_many_requests")


def network_of(request: Any) -> str:
    """The IPv4 address or IPv6 /64 a request comes from, by TRUSTED_PROXIES."""
    peer, said = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    return client_network(client_address(peer, said, settings.TRUSTED_PROXIES))


def count(request: Any, bucket: str, *, whom: str = "") -> Verdict | None:
    """Count one use of ``bucket`` (a name in RATES) for ``whom``, or for the network it comes from. Raises TooMany.

    None where throttles are off.
    """
    if settings.THROTTLES == "off":
        return None
    limit, seconds = settings.RATES[bucket]
    verdict = allow(bucket, whom or network_of(request), limit=limit, window_seconds=seconds)
    if not verdict.allowed:
        raise TooMany(verdict)
    return verdict


def count_public_post(request: Any, event_id: UUID | None, *, now: dt.datetime) -> Verdict | None:
    """Count one public POST for its network; with the code on the wall (``Room-Code``), for its meeting. Raises TooMany.

    Before the body is read: the code stands in a header, and is no part of what an Idempotency-Key covers.
    """
    if settings.THROTTLES == "off":
        return None
    given = request.META.get("HTTP_ROOM_CODE", "")
    bucket, whom = counted_as(event_id, given, network_of(request), now=now)
    return count(request, bucket, whom=whom)


def headers_of(verdict: Verdict, wait: int | None = None) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(verdict.limit),
        "RateLimit-Remaining": str(max(verdict.remaining, 0)),
        "RateLimit-Reset": str(wait if wait is not None else min(int(verdict.retry_after), LONGEST_WAIT)),
    }
