"""Saving a place: the question, the address, then one short transaction with the seat, the needs and the record."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity_recording import record
from engage.anonymous_intake import burn_transaction_id, take_in
from engage.contact_keeping import event_contact
from engage.contributing import contribute
from engage.models import Contact, ContributionKind, WayIn, uuid7_of_this_second
from engage.resident_links import Purpose, mint
from engage.rule_violation import FieldError, Invalid, Unknown, constraint_of
from events import seats
from events.access import public_events
from events.access_asking import Need, ask, check_needs
from events.check_in_codes import new_code
from events.erasure_dates import people_erased_after
from events.guest_names import seal_name
from events.models import Event, Remind, Rsvp, RsvpSource
from events.place_rules import (
    LONGEST_NAME,
    EventFull,
    RsvpClosed,
    check_address,
    check_language,
    check_party,
    check_remind,
    takes_rsvps,
)

LONGEST_QUESTION: Final = 4000
# Reading all sixty columns of an event and its agency took half of the time of an RSVP.
_READ: Final = (
    "timezone", "starts_at", "ends_at", "capacity", "status", "rsvp_mode", "rsvp_opens_at", "rsvp_closes_at",
    "agency__largest_party", "agency__retention_days", "agency__timezone",
)  # fmt: skip
# The same code drawn twice, or an address erased between being found and being pointed at: made anew.
_MADE_ANEW: Final = frozenset(
    {"rsvp_code_once_an_event", "events_rsvp_email_contact_of_agency", "events_rsvp_phone_contact_of_agency"}
)


@dataclass(frozen=True, slots=True)
class Response:
    """A saved place. waitlist_position: from 1, or None. The tokens are of the purposes rsvp-screen and calendar."""

    rsvp: Rsvp
    waitlist_position: int | None
    question_received: bool
    screen_token: str
    calendar_token: str


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    email: str
    phone: str
    party_size: int
    language: str
    remind: str
    needs: Sequence[Need]
    question: str
    anonymous_question: bool
    waitlist: bool
    source: str
    idempotency_key: str | None


def _nothing() -> None:
    return


def respond(
    event_id: UUID,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    party_size: int = 1,
    language: str = "en",
    remind: str | None = None,
    needs: Sequence[Need] = (),
    question: str = "",
    anonymous_question: bool = True,
    waitlist: bool = True,
    source: str = RsvpSource.WEB,
    idempotency_key: str | None = None,
    now: dt.datetime,
    among: QuerySet[Event] | None = None,
    opening: Callable[[], None] = _nothing,
    settle: Callable[[Response], None] | None = None,
) -> Response:
    """Save a place for a party: confirmed where a seat is free and nobody waits, else in the queue.

    party_size: people, 1 to the agency's largest. remind: email, none, or by default email where one is given.
    waitlist: False asks for a seat or nothing. among: the events that whoever asks may see (public ones).
    opening, settle: run first and last in the transaction that saves the place, e.g. to claim an Idempotency-Key and
    to keep the answer under it. Must not run inside a transaction: an anonymous question commits on its own.

    Raises Unknown, Invalid, PartyTooLarge, PartyExceedsCapacity, ChannelUnavailable (nothing is kept); RsvpClosed and
    EventFull with ``question_received`` in ``extra`` (an anonymous question stays).
    """
    event = _event(event_id, among)
    name, email, phone, question = (text.strip() for text in (name, email, phone, question))
    begun = time.monotonic()
    wish = _Wish(
        name, email, phone, party_size, language, remind or (Remind.EMAIL if email else Remind.NONE), needs,
        question, anonymous_question, waitlist, source, idempotency_key,
    )  # fmt: skip
    _check(event, wish)
    received = _hear_the_question(event, wish, now)
    if not takes_rsvps(event, now):
        raise RsvpClosed(question_received=received)
    saved_at = _second_after_the_question(now, begun)
    tries = 3
    while True:
        tries -= 1
        try:
            return _save_a_place(event, wish, received, now, saved_at, opening, settle)
        except IntegrityError as refused:
            if not tries or constraint_of(refused) not in _MADE_ANEW:
                raise


def _event(event_id: UUID, among: QuerySet[Event] | None) -> Event:
    visible = public_events() if among is None else among
    event = visible.select_related("agency").only(*_READ).filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def _check(event: Event, wish: _Wish) -> None:
    check_party(event, wish.party_size)
    wrong = [*check_language(wish.language), *check_remind(wish.remind, has_email=bool(wish.email))]
    wrong += check_needs(wish.needs)
    wrong += check_address("email", wish.email) + check_address("sms", wish.phone)
    if len(wish.name) > LONGEST_NAME:
        wrong.append(FieldError("name", "max_length", str(_("At most 120 characters."))))
    if len(wish.question) > LONGEST_QUESTION:
        wrong.append(FieldError("question", "max_length", str(_("At most 4,000 characters."))))
    if wrong:
        raise Invalid(errors=wrong)


def _hear_the_question(event: Event, wish: _Wish, now: dt.datetime) -> bool:
    """An anonymous question goes its own way, in a transaction of its own; any other RSVP burns as many.

    A dump must not tell by a gap between transactions who asked. The language of the RSVP stays with the RSVP.
    """
    if not wish.question or not wish.anonymous_question:
        burn_transaction_id()
        return False
    take_in(
        agency_id=event.agency_id,
        target="event",
        target_id=event.pk,
        zone=event.timezone,
        kind=ContributionKind.QUESTION,
        way_in=WayIn.WEB,
        language="",
        body=wish.question,
        idempotency_key=wish.idempotency_key,
        now=now,
    )
    return True


def _second_after_the_question(now: dt.datetime, begun: float) -> dt.datetime:
    """What every row of the place says it was saved at: a time after the question's step, and to the second.

    With one time from before the step and one from after it, a row told how long the step had taken, and so whether a
    question had come.
    """
    return (now + dt.timedelta(seconds=time.monotonic() - begun)).replace(microsecond=0)


def _save_a_place(
    event: Event,
    wish: _Wish,
    received: bool,
    now: dt.datetime,
    saved_at: dt.datetime,
    opening: Callable[[], None],
    settle: Callable[[Response], None] | None,
) -> Response:
    email_contact = _contact(event, "email", wish.email, wish, saved_at)
    phone_contact = _contact(event, "sms", wish.phone, wish, saved_at)
    place = _place(event, wish, email_contact, phone_contact, saved_at)
    with transaction.atomic():
        opening()
        if wish.question and not wish.anonymous_question:
            # Before the seat, so that the event's row is locked for as few statements as can be.
            _ask_openly(event, wish, email_contact or phone_contact, now)
            received = True
        joined = seats.join(place, waitlist=wish.waitlist, now=now)
        if joined is None:
            _refuse(event.pk, wish, received and wish.anonymous_question, now)
        place.status, place.queue_number = joined.status, joined.queue_number
        place.confirmed_at = None if joined.queue_number else saved_at
        ask(event, place, wish.needs, now=saved_at)
        record("rsvp.made", place, data={"status": place.status}, to_the_second=True, at=saved_at)
        response = Response(
            place,
            joined.position,
            received,
            mint(Purpose.RSVP_SCREEN, place.pk, place.link_version),
            mint(Purpose.CALENDAR, place.pk, place.link_version),
        )
        if settle is not None:
            settle(response)
    return response


def _contact(event: Event, channel: str, address: str, wish: _Wish, now: dt.datetime) -> Contact | None:
    if not address:
        return None
    return event_contact(
        agency=event.agency,
        event_id=event.pk,
        channel=channel,
        address=address,
        language=wish.language,
        now=now,
        erase_after=people_erased_after(event.agency, event.ends_at),
    )


def _place(
    event: Event,
    wish: _Wish,
    email_contact: Contact | None,
    phone_contact: Contact | None,
    saved_at: dt.datetime,
) -> Rsvp:
    place = Rsvp(
        id=uuid7_of_this_second(),
        agency_id=event.agency_id,
        event=event,
        party_size=wish.party_size,
        language=wish.language,
        remind=wish.remind,
        source=wish.source,
        checkin_code=new_code(),
        email_contact=email_contact,
        phone_contact=phone_contact,
        created_at=saved_at,
        erase_after=people_erased_after(event.agency, event.ends_at),
    )
    seal_name(place, wish.name)
    return place


def _ask_openly(event: Event, wish: _Wish, contact: Contact | None, now: dt.datetime) -> None:
    contribute(
        agency=event.agency,
        target="event",
        target_id=event.pk,
        kind=ContributionKind.QUESTION,
        body=wish.question,
        language=wish.language,
        way_in=WayIn.WEB,
        contact=contact,
        now=now,
    )


def _refuse(event_id: UUID, wish: _Wish, received: bool, now: dt.datetime) -> NoReturn:
    """Say why the statement took nobody, from the row as it is now."""
    event = Event.objects.select_related("agency").filter(pk=event_id).first()
    if event is None:
        raise Unknown
    if not takes_rsvps(event, now):
        raise RsvpClosed(question_received=received)
    check_party(event, wish.party_size)
    raise EventFull(question_received=received)
