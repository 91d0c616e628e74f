"""What whoever works on a summary has to see: what may stand in it, who will be told, and how far the telling is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, Sum

from engage.activity.models import Activity
from engage.commitments.models import Commitment
from engage.listening.models import Contribution
from events.event.models import Event
from outreach.ledger.models import Delivery
from outreach.summaries.drafting import contributions_of_the_public
from outreach.summaries.models import SummaryVersion

QUOTES_OFFERED: Final = 300
COMMITMENTS_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """Of the mails about a version. listed: whether everybody who is to be told has been written down.

    written_for: places, questions and things followed. How many letters that makes, and how far they are, is not told:
    one less, or one that stays behind, says whether an address that somebody typed was there before.
    """

    listed: bool
    written_for: int = 0


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a first wording would be drawn from. waiting: nobody has looked at these; they are not counted."""

    shown: int
    waiting: int
    commitments: int


def on_record(event: Event) -> OnRecord:
    """Two queries."""
    counted = Contribution.objects.filter(event=event).aggregate(
        waiting=Count("pk", filter=Q(moderation=Contribution.Moderation.WAITING))
    )
    shown = contributions_of_the_public(event).count()
    commitments = Commitment.objects.filter(event=event).count()
    return OnRecord(shown=shown, waiting=counted["waiting"], commitments=commitments)


def quotes_allowed(event: Event) -> dict[UUID | None, list[str]]:
    """By theme, what may be quoted now: shown, and allowed by whoever said it; most agreed with first. One query."""
    found: dict[UUID | None, list[str]] = defaultdict(list)
    rows = contributions_of_the_public(event).filter(may_quote=True).order_by("-endorsements_count", "pk")
    for theme_id, body in rows.values_list("theme_id", "body")[:QUOTES_OFFERED]:
        if body not in found[theme_id]:
            found[theme_id].append(body)
    return dict(found)


def commitments_to_name(event: Event, version: SummaryVersion) -> list[Commitment]:
    """Promises of the meeting or of its dialogue, and those the version names already. One query."""
    there = Q(event=event) | Q(pk__in=version.will_do)
    if event.dialogue_id is not None:
        there |= Q(dialogue_id=event.dialogue_id)
    rows = Commitment.objects.filter(there, agency_id=event.agency_id).select_related("agency")
    return list(rows.order_by("due_on", "pk")[:COMMITMENTS_OFFERED])


def commitments_named(version: SummaryVersion) -> list[Commitment]:
    """Those in the wording, drafts too, in its order. One query."""
    found = (
        Commitment.objects.filter(agency_id=version.agency_id)
        .select_related("agency")
        .in_bulk(version.will_do)
    )
    return [found[key] for key in version.will_do if key in found]


def sending_of(version: SummaryVersion) -> Sending:
    """From the ledger. Two queries."""
    listed = not Activity.objects.filter(
        object_type="summaryversion", object_id=version.pk, verb="summary.published", announced_at=None
    ).exists()
    rows = Delivery.objects.filter(event_id=version.summary.event_id, kind="summary", subject_id=version.pk)
    return Sending(listed=listed, written_for=rows.aggregate(n=Sum("places", default=0))["n"])
