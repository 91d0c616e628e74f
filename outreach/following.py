"""What somebody is about to follow: whether it is there for everyone, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engage.models import Agency, Commitment, Community, Dialogue, Theme
from engage.rule_violation import Unknown
from events.models import Event
from outreach.models import SubscriptionTarget
from outreach.subscribing import is_there

_NAMED: dict[str, tuple[type[Any], str]] = {
    SubscriptionTarget.AGENCY: (Agency, "name"),
    SubscriptionTarget.DIALOGUE: (Dialogue, "title"),
    SubscriptionTarget.COMMUNITY: (Community, "name"),
    SubscriptionTarget.THEME: (Theme, "title"),
    SubscriptionTarget.EVENT: (Event, "title"),
    SubscriptionTarget.COMMITMENT: (Commitment, "title"),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """name: as it was written first; empty for a contribution, whose words are nobody else's to read."""

    target: str
    target_id: UUID
    name: str = ""
    translations: Any = None


def what_is_followed(agency: Agency, target: str, target_id: UUID | None) -> Followed:
    """Two queries. target_id: not needed for the agency. Raises Unknown where it is not there for the public."""
    if target not in SubscriptionTarget.values:
        raise Unknown
    if target == SubscriptionTarget.AGENCY:
        return Followed(target, agency.pk, agency.name)
    if target_id is None or not is_there(agency, target, target_id):
        raise Unknown
    if target not in _NAMED:
        return Followed(target, target_id)
    model, name = _NAMED[target]
    thing = model.objects.get(pk=target_id)
    return Followed(target, target_id, getattr(thing, name), getattr(thing, "translations", None))
