"""What the record keeps of a resident's acts once the place, the address or the subscription is gone: nothing.

The record is of what the agency did, and append-only. A resident's own acts stand in it only so that they can be
announced, under ids and with a time of day; they go with what they are about, and so does what staff did about a need.
Who of the staff was shown an address
stays, without whose it was. The database lets no role but its owner take either away: one function of the owner's
does, and it can do nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection


def forget_acts_about(gone: Iterable[UUID]) -> None:
    """gone: ids of places, needs, addresses, subscriptions and signed words, in the transaction that deletes them."""
    ids = list(gone)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT engage_forget_acts_about(%s::uuid[])", [ids])
