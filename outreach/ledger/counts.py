"""What staff read about messages: for how many places, by event, day and kind, up to yesterday; never a single one.

A row, or a count that goes up by one at the moment when somebody asks for a link again, says whether the address that
they typed has a place. So nothing of today is counted, and answers to a resident's own act are in no count at all.

Nor are letters: of those that go once an address there is one less where a typed address had a place before, and what
became of a letter tells one address from the others. What is counted is the places (questions, things followed) that
had to do with it when it was written down, also of those whose letter is withheld, bounced or is not sent any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from engage.agencies.models import Agency
from engage.local_time import local_day
from outreach.ledger.kinds import counted_for_staff
from outreach.ledger.models import DeliveryCount

# The agency's day on which each was written down, as in the view.
_KEEP: Final = """
INSERT INTO outreach_deliverytally (id, agency_id, event_id, day, kind, state, number)
SELECT gen_random_uuid(), d.agency_id, d.event_id, (d.created_at AT TIME ZONE a.timezone)::date, d.kind, '', sum(d.places)
  FROM outreach_delivery d JOIN engage_agency a ON a.id = d.agency_id
 WHERE d.contact_id = ANY(%(contacts)s::uuid[]) AND d.kind = ANY(%(kinds)s)
 GROUP BY 2, 3, 4, 5 HAVING sum(d.places) > 0 ORDER BY 2, 3, 4, 5
ON CONFLICT ON CONSTRAINT delivery_tally_once
DO UPDATE SET number = outreach_deliverytally.number + excluded.number
"""


def delivery_counts(agencies: Iterable[Agency], *, now: dt.datetime) -> QuerySet[DeliveryCount]:
    """Of each of these agencies, up to its own yesterday."""
    over = Q(pk__in=[])
    for agency in agencies:
        over |= Q(agency=agency, day__lt=local_day(agency.timezone, now))
    return DeliveryCount.objects.filter(over, kind__in=counted_for_staff())


def keep_counts_of(contact_ids: list[UUID]) -> None:
    """The rows of these contacts are about to be deleted; what was counted stays counted. In that transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"contacts": contact_ids, "kinds": counted_for_staff()})
