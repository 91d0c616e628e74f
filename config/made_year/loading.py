"""Loads the made-up year, once: the second time everything is there already, and nothing is touched."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from config.made_year.agencies import MAIN
from config.made_year.listening_loading import load_listening
from config.made_year.meetings_loading import load_meetings
from config.made_year.people_loading import load_people
from config.made_year.places_loading import load_places
from config.made_year.promises_loading import load_promises
from config.made_year.summaries_loading import load_summaries
from config.made_year.year import Year
from engage.models import Agency

# Held while loading, so that two demos starting on one database write one year.
_LOCK = 726_566


@transaction.atomic
def load(*, now: dt.datetime) -> bool:
    """Write the year around the day of ``now``, all of it or nothing. Returns whether it was missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Agency.objects.filter(slug=MAIN).exists():
        return False
    year = Year(now=now)
    for part in (load_people, load_meetings, load_places, load_listening, load_promises, load_summaries):
        part(year)
    year.write_the_record()
    return True
