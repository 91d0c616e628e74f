"""A promise's own page: where it stands, its history, the public meeting it was made at, and what people had said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engage.agency_time import local_day
from engage.models import Agency, Commitment, Contribution, Dialogue, SaidBy, Theme
from engage.promise_reading import Told, public_promise, tell
from events.access import public_events
from events.models import Event
from outreach.models import OutcomeSummary


@dataclass(frozen=True, slots=True)
class Origin:
    """meeting: public, else None. summarized: whether what was heard there can be read. theme: of something public."""

    meeting: Event | None = None
    summarized: bool = False
    theme: Theme | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ShownPromise:
    """today: the agency's own."""

    told: Told
    origin: Origin
    today: dt.date


def show_promise(agency: Agency, number: int, *, now: dt.datetime) -> ShownPromise:
    """At most nine queries, however long its history is. Raises Unknown."""
    today = local_day(agency.timezone, now)
    promise = public_promise(agency, number)
    return ShownPromise(tell(promise, today=today), _origin(promise), today)


def _origin(promise: Commitment) -> Origin:
    meeting, summarized = None, False
    if promise.event_id is not None:
        meeting = public_events().defer("vevent").filter(pk=promise.event_id).first()
    if meeting is not None:
        published = OutcomeSummary.objects.filter(event=meeting, first_published_at__isnull=False)
        summarized = published.exists()
    theme = promise.theme
    if theme is None or not _is_public(theme):
        return Origin(meeting, summarized)
    return Origin(meeting, summarized, theme, _quote(theme))


def _is_public(theme: Theme) -> bool:
    """Whether everyone may know what it is a heading of."""
    if theme.event_id is not None:
        return public_events().filter(pk=theme.event_id).exists()
    return Dialogue.objects.filter(themes=theme).exclude(stage=Dialogue.Stage.PLANNING).exists()


def _quote(theme: Theme) -> str:
    """What most agreed with, of what may be quoted; what the department itself said is no quote."""
    shown = Contribution.objects.filter(theme=theme, moderation=Contribution.Moderation.SHOWN, may_quote=True)
    told = shown.exclude(said_by=SaidBy.DEPARTMENT).order_by("-endorsements_count", "pk")
    return told.values_list("body", flat=True).first() or ""
