"""Changing or cancelling an RSVP, by the resident's link or by staff for a caller."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from django.db import transaction

from engage.activity.recording import record
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, StaleEdit, WrongState
from events.event.models import OPEN, Event
from events.event.standing import in_line
from events.rsvps import seats
from events.rsvps.leaving import leave
from events.rsvps.links import Reach, hear_again_by, prove_by
from events.rsvps.models import Remind, Rsvp, RsvpStatus
from events.rsvps.needs.asking import Need, ask_anew, check_needs
from events.rsvps.parties import NoRoomToGrow, TurnLost, room_of
from events.rsvps.rules import check_language, check_party, check_remind
from events.rsvps.waitlisting import position_of, promote


@transaction.atomic
def change(
    rsvp_id: UUID,
    *,
    party_size: int | None = None,
    language: str | None = None,
    remind: str | None = None,
    needs: Sequence[Need] | None = None,
    actor: Person | None = None,
    reach: Reach | None = None,
    if_version: int | None = None,
    to_the_tail: bool = True,
    now: dt.datetime,
) -> Rsvp:
    """Change what is given; what is None stays.

    party_size: smaller frees seats for those who wait; larger needs free seats and nobody waiting, else NoRoomToGrow and
    the old party stands; a waiting party that grows goes to the tail. to_the_tail: False raises TurnLost where that
    costs it its turn. needs: the whole list. reach: the link that was used, if one was. if_version: the edit version that the
    editor saw. Raises Unknown, StaleEdit, WrongState, PartyTooLarge, PartyExceedsCapacity, NoRoomToGrow, ChannelUnavailable,
    Invalid.
    """
    event, rsvp = seats.locked_with_rsvp(rsvp_id)
    if if_version is not None and rsvp.edit_version != if_version:
        raise StaleEdit
    if event.status not in OPEN or rsvp.status == RsvpStatus.CANCELLED:
        raise WrongState
    _check(event, rsvp, party_size, language, remind, needs)
    changed = []
    if needs is not None and ask_anew(event, rsvp, needs, now=now):
        changed.append("access_requests")
    for name, value in (("language", language), ("remind", remind)):
        if value is not None and getattr(rsvp, name) != value:
            setattr(rsvp, name, value)
            changed.append(name)
    was = rsvp.party_size
    if party_size is not None and party_size != was:
        _resize(event, rsvp, party_size, to_the_tail=to_the_tail)
        changed.append("party_size")
    if changed:
        rsvp.edit_version += 1
        rsvp.save(update_fields=["party_size", "queue_number", "language", "remind", "edit_version"])
        data = {"fields": changed, "party_from": was, "party_to": rsvp.party_size}
        record("rsvp.changed", rsvp, actor=actor, data=data, at=now)
    if "party_size" in changed and promote(event, now=now):
        rsvp.refresh_from_db()
        rsvp.event = event
    _said_by_its_reader(reach, rsvp, changed, now)
    return rsvp


@transaction.atomic
def keep(rsvp_id: UUID, *, reach: Reach | None = None, now: dt.datetime) -> Rsvp:
    """Its holder has read when and where the meeting is now, and keeps the RSVP. Raises Unknown, WrongState."""
    event, rsvp = seats.locked_with_rsvp(rsvp_id)
    prove_by(reach, now=now)
    if event.status not in OPEN or rsvp.status == RsvpStatus.CANCELLED:
        raise WrongState
    rsvp.kept_at = now
    rsvp.save(update_fields=["kept_at"])
    record("rsvp.kept", rsvp, at=now)
    return rsvp


@transaction.atomic
def cancel(
    rsvp_id: UUID,
    *,
    by: Literal["resident", "staff"],
    actor: Person | None = None,
    reach: Reach | None = None,
    now: dt.datetime,
) -> Rsvp:
    """Give an RSVP back, decline an offered one, or leave the queue; whoever waits longest is next.

    A second click changes nothing. Raises Unknown, and WrongState once the meeting is over or called off.
    """
    event, rsvp = seats.locked_with_rsvp(rsvp_id)
    prove_by(reach, now=now)
    if rsvp.status == RsvpStatus.CANCELLED:
        return rsvp
    if event.status not in OPEN:
        raise WrongState
    was = rsvp.status
    leave(event, rsvp, now=now)
    record("rsvp.cancelled", rsvp, actor=actor, data={"was": was, "by": by}, at=now)
    promote(event, now=now)
    return rsvp


def _check(
    event: Event,
    rsvp: Rsvp,
    party_size: int | None,
    language: str | None,
    remind: str | None,
    needs: Sequence[Need] | None,
) -> None:
    wrong: list[FieldError] = []
    if language is not None:
        wrong += check_language(language)
    if remind is not None:
        wrong += check_remind(remind, has_email=rsvp.email_contact_id is not None)
    wrong += check_needs(needs or ())
    if party_size is not None and party_size != rsvp.party_size:
        check_party(event, party_size, wrong)
    if wrong:
        raise Invalid(errors=wrong)


def _said_by_its_reader(reach: Reach | None, rsvp: Rsvp, changed: list[str], now: dt.datetime) -> None:
    """What a link that was only ever mailed says beside the change itself: of the address, and of its wish to be reminded."""
    prove_by(reach, now=now)
    if "remind" in changed and rsvp.remind == Remind.EMAIL:
        hear_again_by(reach)


def _resize(event: Event, rsvp: Rsvp, party_size: int, *, to_the_tail: bool) -> None:
    more = party_size - rsvp.party_size
    if rsvp.status == RsvpStatus.WAITLISTED:
        if more > 0:
            _must_not_lose_its_turn(event, rsvp, party_size, to_the_tail=to_the_tail)
            rsvp.queue_number = seats.next_queue_number(event)
        seats.move(event, too_large=-seats.is_too_large(event, rsvp.party_size))
    elif rsvp.status == RsvpStatus.OFFERED:
        if more > 0:
            raise NoRoomToGrow(room_of(event), rsvp, party_size)
        seats.move(event, held=more)
    else:
        room = room_of(event)
        if more > 0 and not room.seats(more):
            raise NoRoomToGrow(room, rsvp, party_size)
        seats.move(event, taken=more)
    rsvp.party_size = party_size


def _must_not_lose_its_turn(event: Event, rsvp: Rsvp, party_size: int, *, to_the_tail: bool) -> None:
    """The last in line loses none."""
    last = in_line(event)
    if not to_the_tail and position_of(rsvp) != last:
        raise TurnLost(party_size=party_size, has=rsvp.party_size, position=last)
