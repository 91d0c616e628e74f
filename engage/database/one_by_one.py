"""Many things, each in a transaction of its own: one whose row somebody holds keeps none of the others waiting for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import DatabaseError

from engage.database.faults import AWAY, fault_of


def one_by_one[Thing](things: Iterable[Thing], act: Callable[[Thing], int]) -> int:
    """``act`` on each; the sum of what it returns.

    Raises the first error of the database, once all the others have had their turn, so that whoever asked knows that it was
    not all; at once where the database itself is away.
    """
    done = 0
    first: DatabaseError | None = None
    for thing in things:
        try:
            done += act(thing)
        except DatabaseError as error:
            if fault_of(error) is AWAY:
                raise
            first = first or error
    if first is not None:
        raise first
    return done
