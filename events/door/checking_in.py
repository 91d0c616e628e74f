"""At the door: arrivals, each once however often a device sends them, and undone by the same id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engage.database.ids import uuid7
from engage.refusals import FieldError, Invalid, Refusal, RuleViolation, Unknown
from events.door.links import must_take_arrivals
from events.event.models import Event
from events.rsvps.erasure_dates import people_erased_after
from events.rsvps.models import ArrivalWay, CheckIn, Rsvp
from events.rsvps.tickets import read_code

MOST_AT_ONCE: Final = 1000
LARGEST_PARTY: Final = 50
# In one order everywhere, so that two devices that sync the same evening at once do not lock each other out.
_INSERT: Final = """
INSERT INTO events_checkin (id, agency_id, event_id, rsvp_id, party, way, client_id, at, erase_after)
SELECT id, %(agency)s::uuid, %(event)s::uuid, rsvp, party, way, client, at, %(erase_after)s::timestamptz
  FROM unnest(%(ids)s::uuid[], %(rsvps)s::uuid[], %(parties)s::int[], %(ways)s::text[], %(clients)s::text[],
              %(ats)s::timestamptz[]) AS arriving (id, rsvp, party, way, client, at)
 ORDER BY rsvp, client
    ON CONFLICT DO NOTHING
RETURNING id
"""


class CodeUnknown(RuleViolation):
    code = "code_unknown"
    refusal = Refusal.UNKNOWN
    sentence = _("No place of this meeting has this code. Read it again, or let them in as a walk-in.")


@dataclass(frozen=True, slots=True)
class Arriving:
    """What a device says. Exactly one of code, rsvp_id, walk_in. party: people; by default as many as were expected."""

    client_id: str
    code: str | None = None
    rsvp_id: UUID | None = None
    walk_in: bool = False
    party: int | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An arrival on the record. created: this call put it there; already_here: it stood there before.

    client_id: of the act that put it there; by it a device knows the answer to its own act sent again.
    """

    id: UUID
    party: int
    at: dt.datetime
    already_here: bool
    created: bool
    rsvp_id: UUID | None = None
    client_id: str = ""


def check_in(
    event: Event,
    *,
    client_id: str,
    code: str | None = None,
    rsvp_id: UUID | None = None,
    walk_in: bool = False,
    party: int | None = None,
    at: dt.datetime | None = None,
    now: dt.datetime,
) -> Arrival:
    """Let one party in. The same client id again, or the same RSVP from another device, finds what stands.

    The row itself is the record of the act. Raises WrongState (see ``must_take_arrivals``), CodeUnknown, Unknown, Invalid.
    """
    arriving = Arriving(client_id, code, rsvp_id, walk_in, party, at)
    (answer,) = check_in_batch(event, [arriving], now=now)
    if isinstance(answer, RuleViolation):
        raise answer
    return answer


def check_in_batch(
    event: Event, items: Sequence[Arriving], *, now: dt.datetime
) -> list[Arrival | RuleViolation]:
    """As ``check_in`` for up to 1,000 parties, in order; each has its own answer. Two or three statements in all.

    Raises WrongState, and Invalid for more than 1,000.
    """
    must_take_arrivals(event, now)
    if len(items) > MOST_AT_ONCE:
        raise Invalid(errors=[FieldError("", "too_many", str(_("At most 1,000 at once.")))])
    with transaction.atomic():
        read = _read(event, items, now)
        good = [row for row in read if isinstance(row, CheckIn)]
        inserted = _insert(event, good)
        found = _found(event, [row for row in good if row.pk not in inserted])
    answers: list[Arrival | RuleViolation] = []
    for row in read:
        if isinstance(row, RuleViolation):
            answers.append(row)
        elif row.pk in inserted:
            answers.append(Arrival(row.pk, row.party, row.at, False, True, row.rsvp_id, row.client_id))
        else:
            answers.append(found[row.pk])
    return answers


def undo(event: Event, client_id: str, *, now: dt.datetime) -> None:
    """Take an arrival back; a second time changes nothing. Raises Unknown, WrongState."""
    must_take_arrivals(event, now)
    row = CheckIn.objects.filter(event=event, client_id=client_id)
    if not row.filter(undone_at=None).update(undone_at=now) and not row.exists():
        raise Unknown


def _read(event: Event, items: Sequence[Arriving], now: dt.datetime) -> list[CheckIn | RuleViolation]:
    codes = {read_code(item.code) for item in items if item.code is not None}
    ids = {item.rsvp_id for item in items if item.rsvp_id is not None}
    by_code: dict[str, tuple[UUID, int]] = {}
    by_id: dict[UUID, int] = {}
    if codes or ids:
        rsvps = Rsvp.objects.filter(Q(checkin_code__in=codes) | Q(pk__in=ids), event=event)
        for pk, code, party in rsvps.values_list("pk", "checkin_code", "party_size"):
            by_code[code], by_id[pk] = (pk, party), party
    until = people_erased_after(event)
    return [_row(event, item, by_code, by_id, until, now) for item in items]


def _row(
    event: Event,
    item: Arriving,
    by_code: dict[str, tuple[UUID, int]],
    by_id: dict[UUID, int],
    until: dt.datetime,
    now: dt.datetime,
) -> CheckIn | RuleViolation:
    wrong = _wrong_with(item)
    if wrong:
        return Invalid(errors=wrong)
    rsvp_id, party, way = None, 1, ArrivalWay.WALK_IN
    if item.code is not None:
        known = by_code.get(read_code(item.code))
        if known is None:
            return CodeUnknown(field="code")
        (rsvp_id, party), way = known, ArrivalWay.CODE
    elif item.rsvp_id is not None:
        if item.rsvp_id not in by_id:
            return Unknown(field="rsvp")
        rsvp_id, party, way = item.rsvp_id, by_id[item.rsvp_id], ArrivalWay.LIST
    # A tablet whose clock runs ahead has not seen the future.
    at = min(item.at or now, now)
    return CheckIn(
        id=uuid7(),
        agency_id=event.agency_id,
        event_id=event.pk,
        rsvp_id=rsvp_id,
        party=item.party or party,
        way=way.value,
        client_id=item.client_id,
        at=at,
        erase_after=until,
    )


def _wrong_with(item: Arriving) -> list[FieldError]:
    wrong = []
    if not 1 <= len(item.client_id) <= 64 or "\x00" in item.client_id:
        wrong.append(FieldError("client_id", "invalid", str(_("1 to 64 characters."))))
    if item.party is not None and not 1 <= item.party <= LARGEST_PARTY:
        wrong.append(FieldError("party", "out_of_range", str(_("1 to 50 people."))))
    if (item.code is not None) + (item.rsvp_id is not None) + item.walk_in != 1:
        wrong.append(
            FieldError("code", "one_way_in", str(_("Give a code, an RSVP, or walk_in: one of them.")))
        )
    return wrong


def _insert(event: Event, rows: list[CheckIn]) -> set[UUID]:
    if not rows:
        return set()
    values = {
        "agency": event.agency_id,
        "event": event.pk,
        "erase_after": rows[0].erase_after,
        "ids": [row.pk for row in rows],
        "rsvps": [row.rsvp_id for row in rows],
        "parties": [row.party for row in rows],
        "ways": [row.way for row in rows],
        "clients": [row.client_id for row in rows],
        "ats": [row.at for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return {row[0] for row in cursor.fetchall()}


def _found(event: Event, rows: list[CheckIn]) -> dict[UUID, Arrival]:
    """For each row that was not inserted, what stands in its place: the same client id's, or the same RSVP's."""
    if not rows:
        return {}
    standing = CheckIn.objects.filter(
        Q(client_id__in={row.client_id for row in rows})
        | Q(rsvp_id__in={row.rsvp_id for row in rows if row.rsvp_id}, undone_at=None),
        event=event,
    )
    by_client: dict[str, CheckIn] = {}
    by_rsvp: dict[UUID | None, CheckIn] = {}
    for one in standing:
        by_client[one.client_id] = one
        if one.undone_at is None:
            by_rsvp[one.rsvp_id] = one
    found: dict[UUID, Arrival] = {}
    for row in rows:
        # Undone between the two statements: it stood when this was sent, and its own id may be sent again.
        one = by_client.get(row.client_id) or by_rsvp.get(row.rsvp_id, row)
        here = one.undone_at is None and one is not row
        found[row.pk] = Arrival(one.pk, one.party, one.at, here, False, one.rsvp_id, one.client_id)
    return found


def correct_party(event: Event, client_id: str, *, party: int, now: dt.datetime) -> CheckIn:
    """Set how many people an arrival was, 1 to 50; again changes nothing. Raises WrongState, Invalid, Unknown."""
    must_take_arrivals(event, now)
    if not 1 <= party <= LARGEST_PARTY:
        raise Invalid(errors=[FieldError("party", "out_of_range", str(_("1 to 50 people.")))])
    standing = CheckIn.objects.filter(event=event, client_id=client_id, undone_at=None)
    if not standing.update(party=party):
        raise Unknown
    return standing.get()
