"""Whether a letter failed by a fault of its own, or by one of ours that meets every letter alike.

A fault of ours is never a final answer: wrong keys, a template that is missing on this machine, a relay that no longer
knows us. What tells them apart is the neighbours. A letter is at fault where others like it go through, here and now.
"""

from __future__ import annotations

import threading
import time
from typing import Final
from uuid import UUID

from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.sealing.seals import SealBroken
from outreach.ledger.models import Delivery

# So many letters, and not one that went through: then it is not the letters.
ENOUGH: Final = 3
_UNDER_THE_SAME_KEY: Final = """
SELECT * FROM engage_contact WHERE id <> %s AND substring(sealed_address FROM 1 FOR 1) = %s ORDER BY id DESC LIMIT 5
"""
_REMEMBERED: Final = 1000


class _Neighbours:
    """What this process has seen go through, by likeness (a kind of letter, a channel), and what has not yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._through: dict[str, float] = {}
        self._failed_first: dict[UUID, float] = {}
        self._times: dict[UUID, int] = {}

    def went_through(self, likeness: str) -> None:
        with self._lock:
            self._through[likeness] = time.monotonic()

    def failed(self, delivery_id: UUID) -> int:
        """How often it has failed here, this time included."""
        with self._lock:
            self._failed_first.setdefault(delivery_id, time.monotonic())
            self._times[delivery_id] = self._times.get(delivery_id, 0) + 1
            for memory in (self._failed_first, self._times):
                while len(memory) > _REMEMBERED:
                    memory.pop(next(iter(memory)))
            return self._times[delivery_id]

    def have_gone(self, likeness: str, *, since: float) -> bool:
        """since: ``time.monotonic()``."""
        with self._lock:
            return self._through.get(likeness, -1.0) >= since

    def is_alone(self, delivery_id: UUID, likeness: str, *, since: float) -> bool:
        """Another like it has gone through: since it first failed here, or since ``since`` (``time.monotonic()``)."""
        with self._lock:
            first = min(self._failed_first.get(delivery_id, since), since)
            return self._through.get(likeness, -1.0) >= first


neighbours: Final = _Neighbours()


def seal_is_ours(delivery: Delivery) -> bool:
    """Its seal does not open. True where no other address under the same key opens either: then the key is wrong."""
    contact = delivery.contact
    if contact is None:
        return False
    number = bytes(contact.sealed_address)[:1]
    sample = list(Contact.objects.raw(_UNDER_THE_SAME_KEY, [contact.pk, number]))
    return bool(sample) and not any(_opens(other) for other in sample)


def _opens(contact: Contact) -> bool:
    try:
        address_of(contact)
    except SealBroken:
        return False
    return True
