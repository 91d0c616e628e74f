"""Changing or cancelling a place, by the resident's link or by staff for a caller."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from django.db import transaction

from engage.activity_recording import record
from engage.models import Person
from engage.rule_violation import FieldError, Invalid, StaleEdit, WrongState
from events import seats
from events.access_asking import Need, ask_anew, check_needs
from events.leaving import leave
from events.link_reading import Access, prove_by
from events.models import Event, Rsvp, RsvpStatus
from events.place_rules import EventFull, check_language, check_party, check_remind
from events.waitlisting import promote


@transaction.atomic
def change(
    rsvp_id: UUID,
    *,
    party_size: int | None = None,
    language: str | None = None,
    remind: str | None = None,
    needs: Sequence[Need] | None = None,
    actor: Person | None = None,
    access: Access | None = None,
    if_version: int | None = None,
    now: dt.datetime,
) -> Rsvp:
    """Change what is given; what is None stays.

    party_size: smaller frees seats for those who wait; larger needs free seats and nobody waiting, else EventFull and
    the old party stands; a waiting party that grows goes to the tail. needs: the whole list. access: the link that
    was used, if one was. if_version: the edit version that the editor saw. Raises Unknown, StaleEdit, WrongState, PartyTooLarge,
    PartyExceedsCapacity, EventFull, ChannelUnavailable, Invalid.
    """
    event, place = seats.locked_with_place(rsvp_id)
    if if_version is not None and place.edit_version != if_version:
        raise StaleEdit
    if event.status not in seats.OPEN or place.status == RsvpStatus.CANCELLED:
        raise WrongState
    _check(event, place, party_size, language, remind, needs)
    changed: list[str] = []
    if needs is not None and ask_anew(event, place, needs, now=now):
        changed.append("access_requests")
    for name, value in (("language", language), ("remind", remind)):
        if value is not None and getattr(place, name) != value:
            setattr(place, name, value)
            changed.append(name)
    was = place.party_size
    if party_size is not None and party_size != was:
        _resize(event, place, party_size)
        changed.append("party_size")
    if changed:
        place.edit_version += 1
        place.save(update_fields=["party_size", "queue_number", "language", "remind", "edit_version"])
        data = {"fields": changed, "party_from": was, "party_to": place.party_size}
        record("rsvp.changed", place, actor=actor, data=data, at=now)
    if "party_size" in changed:
        promote(event, now=now)
        place.refresh_from_db()
        place.event = event
    prove_by(access, now=now)
    return place


@transaction.atomic
def cancel(
    rsvp_id: UUID,
    *,
    by: Literal["resident", "staff"],
    actor: Person | None = None,
    access: Access | None = None,
    now: dt.datetime,
) -> Rsvp:
    """Give a place back, decline an offered one, or leave the queue; whoever waits longest is next.

    A second click changes nothing. Raises Unknown, and WrongState once the meeting is over or called off.
    """
    event, place = seats.locked_with_place(rsvp_id)
    prove_by(access, now=now)
    if place.status == RsvpStatus.CANCELLED:
        return place
    if event.status not in seats.OPEN:
        raise WrongState
    was = place.status
    leave(event, place, now=now)
    record("rsvp.cancelled", place, actor=actor, data={"was": was, "by": by}, at=now)
    promote(event, now=now)
    return place


def _check(
    event: Event,
    place: Rsvp,
    party_size: int | None,
    language: str | None,
    remind: str | None,
    needs: Sequence[Need] | None,
) -> None:
    wrong: list[FieldError] = []
    if party_size is not None and party_size != place.party_size:
        check_party(event, party_size)
    if language is not None:
        wrong += check_language(language)
    if remind is not None:
        wrong += check_remind(remind, has_email=place.email_contact_id is not None)
    wrong += check_needs(needs or ())
    if wrong:
        raise Invalid(errors=wrong)


def _resize(event: Event, place: Rsvp, party_size: int) -> None:
    more = party_size - place.party_size
    if place.status == RsvpStatus.WAITLISTED:
        if more > 0:
            place.queue_number = seats.next_queue_number(event)
    elif place.status == RsvpStatus.OFFERED:
        if more > 0:
            raise EventFull(field="party_size")
        seats.move(event, held=more)
    else:
        free = seats.free_seats(event)
        if more > 0 and (event.waiting or (free is not None and more > free)):
            raise EventFull(field="party_size")
        seats.move(event, taken=more)
    place.party_size = party_size
