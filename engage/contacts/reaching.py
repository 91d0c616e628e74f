"""Whether anything reaches an address: given up where letters come back, and written to again where somebody reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from engage.contacts.locking import change_in_order
from engage.contacts.models import Contact


def give_up_on(contact_id: UUID, *, since: dt.datetime) -> bool:
    """Nothing is written to this address any more. Whether that is news. Its places stay as they are."""
    return bool(Contact.objects.filter(pk=contact_id, unreachable_since=None).update(unreachable_since=since))


def write_again_to(contact_ids: Collection[UUID]) -> int:
    """Their letters go out again from now on; if one comes back, we hear so again. How many had been given up."""
    which = "c.id = ANY(%(ids)s::uuid[]) AND c.unreachable_since IS NOT NULL"
    return change_in_order("unreachable_since = NULL", which, {"ids": list(contact_ids)})
