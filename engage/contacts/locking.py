"""Addresses are locked in the order of their ids, everywhere: two acts that want the same ones then never wait in a ring."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db import connection

# For whoever changes several: ``WHERE id IN`` this. Takes a condition over ``c``.
IN_ORDER: Final = "SELECT c.id FROM engage_contact c WHERE {which} ORDER BY c.id FOR NO KEY UPDATE"
# For whoever points at them: they stay until the transaction ends, and may be changed meanwhile.
STAYS: Final = "ORDER BY c.id FOR KEY SHARE OF c"


def change_in_order(change: str, which: str, values: dict[str, Any]) -> int:
    """``UPDATE engage_contact SET`` change, of those that ``which`` (SQL over ``c``) names. Returns how many."""
    locked = IN_ORDER.replace("{which}", which)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE engage_contact SET {change} WHERE id IN ({locked})", values)  # noqa: S608 - constants
        return int(cursor.rowcount)


def stay(contact_ids: Collection[UUID]) -> set[UUID]:
    """Those of them that are still there; none of these is erased before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM engage_contact c WHERE c.id = ANY(%s::uuid[]) {STAYS}",  # noqa: S608 - a constant
            [list(contact_ids)],
        )
        return {row[0] for row in cursor.fetchall()}
