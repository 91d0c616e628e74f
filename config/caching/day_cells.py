"""The counters of a day's sketch (engage.counting.day_sketch), in one string of the server that also is the cache."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache

from engage.counting.day_sketch import CELLS


class CellsInTheCache:
    """One key a day, whole from its first use: neither its length nor its time to live says who was counted, or when."""

    def read(self, name: str, cells: Sequence[int]) -> list[int]:
        reading = self._server(write=False).bitfield(cache.make_key(name))
        for cell in cells:
            reading.get("u8", f"#{cell}")
        return [int(count) for count in reading.execute()]

    def add_one(self, name: str, cells: Sequence[int], *, until: dt.datetime) -> None:
        """Counters stop at 255."""
        key = cache.make_key(name)
        adding = self._server(write=True).bitfield(key, default_overflow="SAT")
        adding.set("u8", f"#{CELLS}", 0)
        for cell in cells:
            adding.incrby("u8", f"#{cell}", 1)
        adding.execute()
        self._server(write=True).expireat(key, until)

    @staticmethod
    def _server(*, write: bool) -> Any:
        # Django's cache has no bit fields; the client it holds is asked for, so that its settings are the only ones.
        return cache._cache.get_client(None, write=write)  # type: ignore[attr-defined]
