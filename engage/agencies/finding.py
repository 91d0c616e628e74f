"""Finding an agency by the short name that addresses and filters call it by."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from engage.agencies.models import Agency
from engage.refusals import Unknown


def agency_called(slug: str) -> Agency:
    """Raises Unknown."""
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise Unknown
    return agency


def id_of_agency(slug: str) -> QuerySet[Agency, UUID]:
    """For filters: the agency's id as a scalar subquery.

    A join on the slug would hide from the planner that one agency is meant, and with it the index in list order.
    """
    return Agency.objects.filter(slug=slug).values_list("pk", flat=True)[:1]
