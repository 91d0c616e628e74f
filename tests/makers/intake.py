"""Saying something without a name, and the worker's run that moves it on; how the rows of a table lie in its file."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from engage.listening.intake import empty_intake, take_in

NOON = dt.datetime.combine(timezone.now().date(), dt.time(12), tzinfo=ZoneInfo("America/Chicago"))


def say(agency, body="Why?", target="agency", target_id=None, now=NOON, key=None, zone="America/Chicago"):
    take_in(
        agency_id=agency.pk, target=target, target_id=target_id or agency.pk, zone=zone, kind="question",
        way_in="web", language="en", body=body, idempotency_key=key, now=now,
    )  # fmt: skip


def empty(now=NOON, live=(), today=()):
    return empty_intake(now=now, live_event_ids=live, event_ids_today=today)


def transaction_ids(table):
    """Id and transaction number of each row, in the order of the file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, xmin::text::bigint FROM {table} ORDER BY ctid")
        return cursor.fetchall()
