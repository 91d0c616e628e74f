"""What somebody needed, taken away: with the need goes what the record says of it, which names it by its id and hour."""

from __future__ import annotations

from django.db.models import QuerySet

from engage.record_forgetting import forget_acts_about
from events.models import AccessRequest


def forget_needs(needs: QuerySet[AccessRequest]) -> int:
    """Delete them, in the caller's transaction, and what staff did about them from the record. Returns how many."""
    ids = list(needs.values_list("pk", flat=True))
    if ids:
        AccessRequest.objects.filter(pk__in=ids).delete()
        forget_acts_about(ids)
    return len(ids)
