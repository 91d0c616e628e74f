"""What whoever works on a summary has to see: what may stand in it, who will be told, and how far the telling is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from engage.models import Activity, Channel, Commitment, Contribution
from events.models import Event
from outreach.broadcasting import places_heard_from, readers_of
from outreach.delivery_kinds import SUMMARY
from outreach.models import Delivery, DeliveryState, SummaryVersion
from outreach.summary_drafting import said_by_the_public

QUOTES_OFFERED: Final = 300
PROMISES_OFFERED: Final = 200
_AHEAD: Final = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Readers:
    """there: places and questions under an address, so at least as many as addresses. followers: addresses that follow."""

    there: int
    followers: int


@dataclass(frozen=True, slots=True)
class Sending:
    """How far the mails about a version are. listed: whether everybody who is to be told has been written down."""

    listed: bool
    everybody: int = 0
    sent: int = 0
    ahead: int = 0
    failed: int = 0

    @property
    def left_out(self) -> int:
        """Who stopped our mails in the meantime, or whose address no longer takes any."""
        return self.everybody - self.sent - self.ahead - self.failed

    @property
    def is_done(self) -> bool:
        return self.listed and not self.ahead


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a first wording would be drawn from. waiting: nobody has looked at these; they are not counted."""

    shown: int
    waiting: int
    promises: int


def on_record(event: Event) -> OnRecord:
    """Two queries."""
    counted = Contribution.objects.filter(event=event).aggregate(
        waiting=Count("pk", filter=Q(moderation=Contribution.Moderation.WAITING))
    )
    shown = said_by_the_public(event).count()
    promises = Commitment.objects.filter(event=event).count()
    return OnRecord(shown=shown, waiting=counted["waiting"], promises=promises)


def quotes_allowed(event: Event) -> dict[UUID | None, list[str]]:
    """By theme, what may be quoted now: shown, and allowed by whoever said it; most agreed with first. One query."""
    found: dict[UUID | None, list[str]] = defaultdict(list)
    rows = said_by_the_public(event).filter(may_quote=True).order_by("-endorsements_count", "pk")
    for theme_id, body in rows.values_list("theme_id", "body")[:QUOTES_OFFERED]:
        if body not in found[theme_id]:
            found[theme_id].append(body)
    return dict(found)


def promises_to_name(event: Event, version: SummaryVersion) -> list[Commitment]:
    """Promises of the meeting or of its dialogue, and those the version names already. One query."""
    there = Q(event=event) | Q(pk__in=version.will_do)
    if event.dialogue_id is not None:
        there |= Q(dialogue_id=event.dialogue_id)
    rows = Commitment.objects.filter(there, agency_id=event.agency_id).select_related("agency")
    return list(rows.order_by("due_on", "pk")[:PROMISES_OFFERED])


def promises_named(version: SummaryVersion) -> list[Commitment]:
    """Those in the wording, drafts too, in its order. One query."""
    found = (
        Commitment.objects.filter(agency_id=version.agency_id)
        .select_related("agency")
        .in_bulk(version.will_do)
    )
    return [found[key] for key in version.will_do if key in found]


def readers_told(version: SummaryVersion) -> Readers:
    """Who would hear of it now, at most. Three queries, whatever their number; no address is opened for it.

    Places and questions are counted, not addresses: whoever asks something under an address that they know, and sees
    the number of addresses stay as it was, has learnt that it has a place.
    """
    _there, followers = readers_of(version)
    event = version.summary.event
    asked = Contribution.objects.filter(event=event, contact__channel=Channel.EMAIL)
    return Readers(there=places_heard_from(event).count() + asked.count(), followers=followers.count())


def sending_of(version: SummaryVersion) -> Sending:
    """From the ledger. Two queries."""
    listed = not Activity.objects.filter(
        object_type="summaryversion", object_id=version.pk, verb="summary.published", announced_at=None
    ).exists()
    rows = Delivery.objects.filter(event_id=version.summary.event_id, kind=SUMMARY, subject_id=version.pk)
    counted = rows.aggregate(
        everybody=Count("pk"),
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        ahead=Count("pk", filter=Q(state__in=_AHEAD)),
        failed=Count("pk", filter=Q(state__in=[DeliveryState.FAILED, DeliveryState.UNCERTAIN])),
    )
    return Sending(listed=listed, **counted)
