"""What makes a calendar entry the same entry tomorrow: a UID that never changes and a number that only grows."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from events.models import Event


def uid_for(event_id: UUID) -> str:
    """A globally unique, lasting UID (RFC 5545 §3.8.4.7, RFC 7986 §5.3); made once, at the event's birth."""
    return f"{event_id}@{urlsplit(settings.PUBLIC_URL).hostname or 'engage'}"


def sequence_in_mail(event: Event, bumps: int) -> int:
    """SEQUENCE of a mailed calendar part: the event's, and one more for each turn that contact has had.

    After a CANCEL a new REQUEST needs a higher number (RFC 5546 §2.1.4), though the event itself never changed.
    """
    return event.sequence + bumps
