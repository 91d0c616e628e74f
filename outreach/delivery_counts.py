"""What staff read about messages: how many, by event, day, kind and state, up to yesterday; never a single one.

A row, or a count that goes up by one at the moment when somebody asks for a link again, says whether the address that
they typed has a place. So nothing of today is counted, and answers to a resident's own act are in no count at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from engage.agency_time import local_day
from engage.models import Agency
from outreach.delivery_kinds import CAUSED_BY_US
from outreach.models import DeliveryCount

SETTLED: Final = ("sent", "uncertain", "failed", "suppressed", "expired")
# The agency's day on which each was settled. What is still on its way is in no count yet.
_KEEP: Final = """
INSERT INTO outreach_deliverytally (id, agency_id, event_id, day, kind, state, number)
SELECT gen_random_uuid(), d.agency_id, d.event_id, (coalesce(d.settled_at, d.created_at) AT TIME ZONE a.timezone)::date,
       d.kind, d.state, count(*)
  FROM outreach_delivery d JOIN engage_agency a ON a.id = d.agency_id
 WHERE d.contact_id = ANY(%(contacts)s::uuid[]) AND d.kind = ANY(%(kinds)s)
   AND d.state = ANY(%(settled)s)
 GROUP BY 2, 3, 4, 5, 6 ORDER BY 2, 3, 4, 5, 6
ON CONFLICT ON CONSTRAINT delivery_tally_once
DO UPDATE SET number = outreach_deliverytally.number + excluded.number
"""


def delivery_counts(agencies: Iterable[Agency], *, now: dt.datetime) -> QuerySet[DeliveryCount]:
    """Of each of these agencies, up to its own yesterday."""
    over = Q(pk__in=[])
    for agency in agencies:
        over |= Q(agency=agency, day__lt=local_day(agency.timezone, now))
    return DeliveryCount.objects.filter(over, kind__in=CAUSED_BY_US)


def keep_counts_of(contact_ids: list[UUID]) -> None:
    """The rows of these contacts are about to be deleted; what was counted stays counted. In that transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP, {"contacts": contact_ids, "kinds": sorted(CAUSED_BY_US), "settled": list(SETTLED)}
        )
