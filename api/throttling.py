"""How often is too often. Counted by network for what is public and for guesses; a limit never tells one address apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ErrorDetail, Throttled

from engage.counting.rates import Verdict
from engage.people.secret_tries import TriedTooOften


class TooMany(Throttled):
    """429. ``Retry-After`` and ``RateLimit-*`` are set by the endpoint."""

    default_detail = _("That was a lot just now. Wait a moment, then send it again; nothing was lost.")
    extra_detail_singular = extra_detail_plural = ""

    def __init__(self, verdict: Verdict) -> None:
        APIException.__init__(self, code="too_many_requests")
        self.verdict = verdict
        self.wait = verdict.wait


class TriedTooMuch(TooMany):
    """429 for tries of a secret: the true wait, however long."""

    def __init__(self, refused: TriedTooOften) -> None:
        super().__init__(refused.verdict)
        self.wait = refused.seconds
        said = _("Too many tries. Wait {seconds} seconds, then try again.")
        self.detail = ErrorDetail(said.format(seconds=refused.seconds), "too_many_requests")


def headers_of(verdict: Verdict, *, wait: int = 0) -> dict[str, str]:
    """wait: seconds until there is room again; 0 while there is."""
    return {
        "RateLimit-Limit": str(verdict.limit),
        "RateLimit-Remaining": str(verdict.remaining),
        "RateLimit-Reset": str(wait),
    }
