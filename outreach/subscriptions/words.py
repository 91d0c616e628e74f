"""What somebody follows, and what we write to them: said by the page, by the question, and by the letter that asks it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from engage.agencies.languages import in_language
from engage.agencies.models import Agency, Community
from engage.commitments.models import Commitment
from engage.listening.models import Dialogue, Theme
from events.event.models import Event
from outreach.subscriptions.models import Subscription, SubscriptionTarget

_NAMED: Final[dict[str, tuple[type[Any], str]]] = {
    SubscriptionTarget.AGENCY: (Agency, "name"),
    SubscriptionTarget.DIALOGUE: (Dialogue, "title"),
    SubscriptionTarget.COMMUNITY: (Community, "name"),
    SubscriptionTarget.THEME: (Theme, "title"),
    SubscriptionTarget.EVENT: (Event, "title"),
    SubscriptionTarget.COMMITMENT: (Commitment, "title"),
}


def name_of(target: str, target_id: UUID) -> tuple[str, dict[str, dict[str, str]]]:
    """As it was written first, and its translations; empty for a contribution, whose words are nobody else's to read."""
    if target not in _NAMED:
        return "", {}
    model, field = _NAMED[target]
    thing = model.objects.filter(pk=target_id).first()
    return getattr(thing, field, ""), getattr(thing, "translations", None) or {}


def followed_in(standing: Subscription, language: str) -> str:
    """Its name in that language; empty where it has none that could be said."""
    name, translations = name_of(standing.target, standing.target_id)
    return in_language(translations, language, "title", name)


def what_comes(target: str) -> str:
    """When we write to whoever follows that kind of thing."""
    sentences = {
        SubscriptionTarget.AGENCY: _(
            "We write when a new meeting is set, and when there is a summary of one."
        ),
        SubscriptionTarget.DIALOGUE: _(
            "We write when a meeting about this is set, and when there is a summary of one."
        ),
        SubscriptionTarget.COMMUNITY: _(
            "We write when a meeting for this community is set, and when there is a summary of one."
        ),
        SubscriptionTarget.THEME: _(
            "We write when a promise that came from this changes, and when a summary speaks of it."
        ),
        SubscriptionTarget.EVENT: _("We write when there is a summary of this meeting."),
        SubscriptionTarget.COMMITMENT: _("We write when something about this promise changes."),
        SubscriptionTarget.CONTRIBUTION: _("We write when a promise that came of your words changes."),
    }
    return sentences[SubscriptionTarget(target)]
