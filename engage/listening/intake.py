"""Taking in what somebody says without a name, so that a full dump of the database does not say who it was.

A text committed beside its author's RSVP names the author by the transaction id and by the row's place in the table;
in clear it stands in the database's log of writes beside the RSVP for weeks. So it goes sealed into
``contribution_intake`` in a transaction of its own, and from there, with all others and in an order that means nothing,
into ``contribution`` by one transaction of the worker. What remains is said in docs/privacy.md.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import OperationalError, connection, models, transaction

from engage.agencies.models import Agency
from engage.database.faults import LOCK_NOT_AVAILABLE, sqlstate_of
from engage.database.trying_again import something_is_kept
from engage.listening import intake_watching
from engage.listening.models import Contribution, ContributionIntake, ContributionKind, WayIn
from engage.listening.words import checked_text
from engage.local_time import local_day
from engage.sealing.intake import Words, open_as_the_worker, seal_for_the_worker
from engage.sealing.seals import SealBroken, fingerprint

_LOCK_TIMEOUT: Final = "200ms"
# While a meeting is on: that many go on at once; after the wait some will do; one or two go with the day's batch.
_ENOUGH: Final = 5
_WILL_DO: Final = 3
_WAIT: Final = dt.timedelta(minutes=10)
# Rows to a statement: each has 16 kB.
_AT_ONCE: Final = 200
_Target = ContributionIntake.Target


@dataclass(frozen=True, slots=True)
class _Opened:
    row: ContributionIntake
    words: Words


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

    target: ``event``, ``dialogue`` or ``agency``. zone: IANA, of the target; only the local day is kept. language: of
    the words, or empty for the agency's first; never that of an RSVP, which stands beside a name. idempotency_key: the
    browser's; a retry finds its own text and writes no second one. Raises Invalid.
    """
    words = Words(str(ContributionKind(kind)), str(WayIn(way_in)), language, checked_text(body))
    row = ContributionIntake(
        agency_id=agency_id,
        target=_Target(target),
        target_id=target_id,
        local_day=local_day(zone, now),
        retry_mark=fingerprint(idempotency_key, purpose="intake-retry")
        if idempotency_key
        else os.urandom(32),
        kind="",
        way_in="",
        language="",
        body="",
    )
    row.sealed = seal_for_the_worker(words, row=row.pk, agency=agency_id)
    # No savepoint: a subtransaction would use up an id of its own, and a gap in the ids is a mark.
    with transaction.atomic(durable=True):
        ContributionIntake.objects.bulk_create([row], ignore_conflicts=True)
    something_is_kept()


def burn_transaction_id() -> None:
    """Use up one transaction id, where an RSVP came without a text: else the gap beside the others names who asked."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def empty_intake(
    *, now: dt.datetime, live_event_ids: Collection[UUID], event_ids_today: Collection[UUID]
) -> int:
    """Move what is due into contributions and write the rest back, all by one transaction. How many were moved.

    Run every two minutes, whether anything is due or not: where something came since the last run, all that stays is
    written back ``ORDER BY id``, which is random, whatever order it came in. Due: what was said on an earlier local day; what was said at ``event_ids_today`` (pass
    them once an hour); and at each of ``live_event_ids`` five texts, or three once one has waited for ten minutes.
    A text that no key of this process opens stays where it is, and holds up no other. Where somebody is writing just
    now, nothing happens: the next run does it, and the fifth miss running is an alarm.
    """
    try:
        with transaction.atomic(durable=True):
            moved, unopened = _emptied(now, set(live_event_ids), set(event_ids_today))
    except OperationalError as error:
        if sqlstate_of(error) == LOCK_NOT_AVAILABLE:
            intake_watching.missed()
            return 0
        raise
    intake_watching.ran(unopened=unopened)
    return moved


def _emptied(now: dt.datetime, live: set[UUID], today: set[UUID]) -> tuple[int, int]:
    """How many were moved, and how many of the others no key opens."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        cursor.execute("LOCK TABLE contribution_intake IN ACCESS EXCLUSIVE MODE")
    if not ContributionIntake.objects.exists():
        intake_watching.remember_waiting({})
        return 0, 0
    if _nothing_to_do(now, live | today):
        return 0, 0
    waiting = list(ContributionIntake.objects.order_by("id"))
    days = _days_of_agencies({row.agency_id for row in waiting}, now)
    overdue = [row for row in waiting if row.local_day < days.get(row.agency_id, dt.date.min)]
    late = {row.pk for row in overdue}
    at_events = [row for row in waiting if row.pk not in late and row.target_id in live | today]
    opened, unopened = _opened([*overdue, *at_events])
    enough = _with_enough(opened, live - today, late, now)
    due = [one for one in opened if one.row.pk in late or one.row.target_id in today | enough]
    gone = {one.row.pk for one in due}
    Contribution.objects.bulk_create(sorted(_contributions(due), key=lambda one: one.pk), batch_size=1000)
    with connection.cursor() as cursor:
        # Not DELETE: old rows would stay in the file, in the order in which they came.
        cursor.execute("TRUNCATE contribution_intake")
    # Also the rest, whether anything was due or not: until now its rows stood beside their authors'.
    rest = [row for row in waiting if row.pk not in gone]
    for row in rest:
        row.mixed = True
    ContributionIntake.objects.bulk_create(rest, batch_size=_AT_ONCE)
    return len(due), unopened


def _nothing_to_do(now: dt.datetime, event_ids: set[UUID]) -> bool:
    """All has been written anew, and nothing can be due: thousands that wait cost one look, not a rewriting each time."""
    heads = ContributionIntake.objects.values_list("agency_id", "local_day", "target_id", "mixed").distinct()
    rows = list(heads)
    days = _days_of_agencies({agency for agency, *_ in rows}, now)
    return all(
        mixed and day >= days.get(agency, dt.date.min) and target not in event_ids
        for agency, day, target, mixed in rows
    )


def _with_enough(opened: Sequence[_Opened], live: set[UUID], late: set[UUID], now: dt.datetime) -> set[UUID]:
    """The live events with texts enough among which one is nobody's; the others' wait goes on."""
    counts = Counter(one.row.target_id for one in opened if one.row.pk not in late)
    began = intake_watching.waiting_since()
    enough: set[UUID] = set()
    waits: dict[UUID, dt.datetime] = {}
    for event in live & counts.keys():
        since = min(began.get(event, now), now)
        if counts[event] >= _ENOUGH or (counts[event] >= _WILL_DO and now - since >= _WAIT):
            enough.add(event)
        else:
            waits[event] = since
    intake_watching.remember_waiting(waits)
    return enough


def _opened(rows: Iterable[ContributionIntake]) -> tuple[list[_Opened], int]:
    found, unopened = [], 0
    for row in rows:
        if row.sealed is None:
            found.append(_Opened(row, Words(row.kind, row.way_in, row.language, row.body)))
            continue
        try:
            words = open_as_the_worker(bytes(row.sealed), row=row.pk, agency=row.agency_id)
        except SealBroken:
            unopened += 1
            continue
        found.append(_Opened(row, words))
    return found, unopened


def _days_of_agencies(agency_ids: set[UUID], now: dt.datetime) -> dict[UUID, dt.date]:
    zones = Agency.objects.filter(pk__in=agency_ids).values_list("pk", "timezone")
    return {pk: local_day(zone, now) for pk, zone in zones}


def _contributions(due: Sequence[_Opened]) -> list[Contribution]:
    rows = [one.row for one in due]
    there = {
        target: _existing(target, {row.target_id for row in rows if row.target == target})
        for target in (_Target.EVENT, _Target.DIALOGUE)
    }
    first = dict(Agency.objects.filter(pk__in={row.agency_id for row in rows}).values_list("pk", "languages"))
    return [
        Contribution(
            # Its id is drawn anew: whoever saw the intake must not find the row again.
            agency_id=one.row.agency_id,
            event_id=one.row.target_id if one.row.target_id in there[_Target.EVENT] else None,
            dialogue_id=one.row.target_id if one.row.target_id in there[_Target.DIALOGUE] else None,
            kind=one.words.kind,
            way_in=one.words.way_in,
            language=one.words.language or (first.get(one.row.agency_id) or ["en"])[0],
            body=one.words.body,
            anonymous=True,
            said_on=one.row.local_day,
        )
        for one in due
    ]


def _existing(target: str, ids: set[UUID]) -> set[UUID]:
    """Of the targets named, those that are there: one deleted meanwhile must not hold up everybody's words."""
    model = Contribution._meta.get_field(target).related_model
    if not ids or not isinstance(model, type) or not issubclass(model, models.Model):
        return set()
    return set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))
