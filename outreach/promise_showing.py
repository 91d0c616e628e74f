"""A promise's own page: where it stands, its history, the public meeting it was made at, and what people had said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from engage.agency_time import local_day
from engage.models import Agency, Commitment, Contribution, Dialogue, SaidBy, Theme
from engage.promise_reading import Told, public_promise, tell
from events.access import public_events
from events.models import Event
from outreach.models import OutcomeSummary


@dataclass(frozen=True, slots=True)
class Origin:
    """meeting: public, else None. summarized: whether what was heard there can be read. theme: of something public.

    discreet: whether the theme names what was said at a discreet meeting.
    """

    meeting: Event | None = None
    summarized: bool = False
    theme: Theme | None = None
    quote: str = ""
    discreet: bool = False


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
    discreet = _discreet_if_public(theme) if theme is not None else None
    if theme is None or discreet is None:
        return Origin(meeting, summarized)
    return Origin(meeting, summarized, theme, _quote(theme), discreet)


def _discreet_if_public(theme: Theme) -> bool | None:
    """Whether what it is a heading of is discreet; None where not everyone may know of that. One query."""
    if theme.event_id is not None:
        return public_events().filter(pk=theme.event_id).values_list("discreet", flat=True).first()
    homes = Dialogue.objects.filter(themes=theme).exclude(stage=Dialogue.Stage.PLANNING)
    meetings = Event.objects.filter(dialogue=OuterRef("pk"), discreet=True)
    return homes.annotate(discreet=Exists(meetings)).values_list("discreet", flat=True).first()


def _quote(theme: Theme) -> str:
    """What most agreed with, of what may be quoted; what the department itself said is no quote."""
    shown = Contribution.objects.filter(theme=theme, moderation=Contribution.Moderation.SHOWN, may_quote=True)
    told = shown.exclude(said_by=SaidBy.DEPARTMENT).order_by("-endorsements_count", "pk")
    return told.values_list("body", flat=True).first() or ""
