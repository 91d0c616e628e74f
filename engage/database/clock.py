"""The one clock: the database's. Whatever decides by time in the background asks it, whatever this machine's clock says."""

from __future__ import annotations

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """Aware, UTC. Inside a transaction: the moment itself, not when the transaction began. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone() or (None,)
    if not isinstance(now, dt.datetime):
        raise TypeError("the database tells no time")
    return now.astimezone(dt.UTC)
