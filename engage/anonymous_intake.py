"""Taking in what somebody says without a name, so that a full dump of the database does not say who it was.

A text committed beside its author's RSVP names the author by the transaction id and by the row's place in the table.
So it goes into ``contribution_intake`` in a transaction of its own, and from there, with all others and in an order
that means nothing, into ``contribution`` by one transaction of the worker. What remains is said in docs/privacy.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import OperationalError, connection, models, transaction

from engage.agency_time import local_day
from engage.database_faults import LOCK_NOT_AVAILABLE, sqlstate_of
from engage.models import Agency, Contribution, ContributionIntake, ContributionKind, WayIn
from engage.said_words import checked_text
from engage.sealing import fingerprint

_LOCK_TIMEOUT: Final = "200ms"
_Target = ContributionIntake.Target


def take_in(
    *,
    agency_id: UUID,
    target: str,
    target_id: UUID,
    zone: str,
    kind: str,
    way_in: str,
    language: str,
    body: str,
    idempotency_key: str | None,
    now: dt.datetime,
) -> None:
    """Take one text in, in a transaction of its own: call it before, never inside, the transaction of an RSVP.

    target: ``event``, ``dialogue`` or ``agency``. zone: IANA, of the target; only the local day is kept.
    idempotency_key: the browser's; a retry finds its own text and writes no second one. Raises Invalid.
    """
    row = ContributionIntake(
        agency_id=agency_id,
        target=_Target(target),
        target_id=target_id,
        local_day=local_day(zone, now),
        kind=ContributionKind(kind),
        way_in=WayIn(way_in),
        language=language,
        body=checked_text(body),
        retry_mark=fingerprint(idempotency_key, purpose="intake-retry") if idempotency_key else None,
    )
    # No savepoint: a subtransaction would use up an id of its own, and a gap in the ids is a mark.
    with transaction.atomic(durable=True):
        ContributionIntake.objects.bulk_create([row], ignore_conflicts=True)


def burn_transaction_id() -> None:
    """Use up one transaction id, where an RSVP came without a text: else the gap beside the others names who asked."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def empty_intake(
    *, now: dt.datetime, live_event_ids: Collection[UUID], event_ids_today: Collection[UUID]
) -> int:
    """Move what is due into contributions and write the rest back, all by one transaction. How many were moved.

    Due: what was said on an earlier local day, and what was said at the events named: pass the live ones every two
    minutes, the day's once an hour. Rows come out ``ORDER BY id``, which is random, whatever order they came in.
    Where somebody is writing just now, nothing happens: the next run does it.
    """
    try:
        with transaction.atomic(durable=True):
            return _emptied(now, {*live_event_ids, *event_ids_today})
    except OperationalError as error:
        if sqlstate_of(error) == LOCK_NOT_AVAILABLE:
            return 0
        raise


def _emptied(now: dt.datetime, events_due: set[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        cursor.execute("LOCK TABLE contribution_intake IN ACCESS EXCLUSIVE MODE")
    waiting = list(ContributionIntake.objects.order_by("id"))
    if not waiting:
        return 0
    days = _days_of_agencies({row.agency_id for row in waiting}, now)
    due = [
        row
        for row in waiting
        if row.local_day < days.get(row.agency_id, dt.date.min) or row.target_id in events_due
    ]
    gone = {row.pk for row in due}
    Contribution.objects.bulk_create(sorted(_contributions(due), key=lambda said: said.pk), batch_size=1000)
    with connection.cursor() as cursor:
        # Not DELETE: old rows would stay in the file, in the order in which they came.
        cursor.execute("TRUNCATE contribution_intake")
    # Also the rest, whether anything was due or not: until now its rows stood beside their authors'.
    ContributionIntake.objects.bulk_create([row for row in waiting if row.pk not in gone], batch_size=1000)
    return len(due)


def _days_of_agencies(agency_ids: set[UUID], now: dt.datetime) -> dict[UUID, dt.date]:
    zones = Agency.objects.filter(pk__in=agency_ids).values_list("pk", "timezone")
    return {pk: local_day(zone, now) for pk, zone in zones}


def _contributions(rows: Iterable[ContributionIntake]) -> list[Contribution]:
    rows = list(rows)
    there = {
        target: _existing(target, {row.target_id for row in rows if row.target == target})
        for target in (_Target.EVENT, _Target.DIALOGUE)
    }
    return [
        Contribution(
            # Its id is drawn anew: whoever saw the intake must not find the row again.
            agency_id=row.agency_id,
            event_id=row.target_id if row.target_id in there[_Target.EVENT] else None,
            dialogue_id=row.target_id if row.target_id in there[_Target.DIALOGUE] else None,
            kind=row.kind,
            way_in=row.way_in,
            language=row.language,
            body=row.body,
            anonymous=True,
            said_on=row.local_day,
        )
        for row in rows
    ]


def _existing(target: str, ids: set[UUID]) -> set[UUID]:
    """Of the targets named, those that are there: one deleted meanwhile must not hold up everybody's words."""
    model = Contribution._meta.get_field(target).related_model
    if not ids or not isinstance(model, type) or not issubclass(model, models.Model):
        return set()
    return set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
