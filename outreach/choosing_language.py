"""The language in which a subscriber hears from us, chosen by the link of any of their messages."""

from __future__ import annotations

from django.db import transaction

from engage.models import Contact
from outreach.letter_languages import spoken
from outreach.models import Subscription
from outreach.subscribing import subscription_behind


@transaction.atomic
def choose_language(token: str, *, language: str) -> Subscription:
    """Falls back to what the agency speaks. Raises Unknown, the same for every failure."""
    found = subscription_behind(token)
    found.language = spoken(language, found.agency)
    found.save(update_fields=["language"])
    Contact.objects.filter(pk__in=[found.contact_id]).update(language=found.language)
    return found
