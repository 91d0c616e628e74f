"""Loads the made-up year, once: the second time everything is there already, and nothing is touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from demo.made_year.agencies import MAIN, set_up_agencies
from demo.made_year.commitments import plan_commitments
from demo.made_year.contributions import plan_contributions
from demo.made_year.dialogues import plan_dialogues
from demo.made_year.events import plan_events
from demo.made_year.rsvps import plan_rsvps
from demo.made_year.summaries import plan_summaries
from demo.made_year.year import Year
from engage.activity.recording import all_born_announced
from engage.agencies.models import Agency

# Held while loading, so that two demos starting on one database write one year.
_LOCK = 726_566


@transaction.atomic
def load(*, now: dt.datetime) -> bool:
    """Play the year around the day of ``now``, all of it or nothing. Returns whether it was missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Agency.objects.filter(slug=MAIN).exists():
        return False
    year = Year(now=now)
    plans = (plan_dialogues, plan_events, plan_rsvps, plan_contributions, plan_commitments, plan_summaries)
    with all_born_announced(), _all_or_nothing():
        set_up_agencies(year)
        for plan in plans:
            plan(year)
        year.play()
    return True


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """No act has a savepoint of its own: one that fails undoes the whole year. They were a third of all statements."""
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = before
