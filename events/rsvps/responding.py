"""Saving an RSVP: the question, the address, then one short transaction with the seat, the needs and the record.

For somebody on the telephone the same, once, however often the button is pressed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record, record_all
from engage.contacts.keeping import keep_contact
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.database.ids import uuid7_of_this_second
from engage.kept_answers.keeping import Keeping, kept_inside
from engage.listening.contributing import contribute
from engage.listening.intake import burn_transaction_id, take_in
from engage.listening.models import ContributionKind, WayIn
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, Unknown, constraint_of
from events.event.models import Event
from events.event.permissions import public_events
from events.event.standing import takes_rsvps
from events.rsvps import seats
from events.rsvps.erasure_dates import people_erased_after
from events.rsvps.models import Remind, Rsvp, RsvpSource
from events.rsvps.needs.asking import Need, ask, check_needs
from events.rsvps.parties import EventFull, room_of
from events.rsvps.rules import (
    LONGEST_NAME,
    RsvpClosed,
    check_address,
    check_language,
    check_party,
    check_remind,
)
from events.rsvps.tickets import new_code, seal_name

LONGEST_QUESTION: Final = 4000
# Reading all sixty columns of an event and its agency took half of the time of an RSVP.
_READ: Final = (
    "timezone", "starts_at", "ends_at", "open_until", "people_kept_days", "capacity", "status", "rsvp_mode", "rsvp_opens_at", "rsvp_closes_at",
    "agency__largest_party", "agency__retention_days", "agency__timezone", "discreet",
    "seats_taken", "seats_held", "waiting", "waiting_too_large",
)  # fmt: skip
# The same code drawn twice, or an address erased between being found and being pointed at: made anew.
_MADE_ANEW: Final = frozenset(
    {"rsvp_code_once_an_event", "events_rsvp_email_contact_of_agency", "events_rsvp_phone_contact_of_agency"}
)
# The key alone says that it is the same request: a form that is sent again is the same call.
_SAME: Final = b""


@dataclass(frozen=True, slots=True)
class Response:
    """A saved RSVP. waitlist_position: from 1, or None. The tokens are of the purposes rsvp-screen and calendar."""

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
    asked_first: bool = False,
    source: str = RsvpSource.WEB,
    idempotency_key: str | None = None,
    now: dt.datetime,
    among: QuerySet[Event] | None = None,
    opening: Callable[[], None] = _nothing,
    settle: Callable[[Response], None] | None = None,
) -> Response:
    """Save an RSVP for a party: confirmed where a seat is free and nobody waits, else in the queue.

    party_size: people, 1 to the agency's largest. remind: email, none, or by default email where one is given.
    waitlist: False asks for a seat or nothing. asked_first: where there is no seat, nothing is kept, not even the question:
    whoever asked is about to choose, and sends it again. among: the events that whoever asks may see (public ones).
    opening, settle: run first and last in the transaction that saves the RSVP, e.g. to claim an Idempotency-Key and
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
    if asked_first and not waitlist and takes_rsvps(event, now):
        _must_find_room(event, wish, received=False)
    received = _take_the_question(event, wish, now)
    if not takes_rsvps(event, now):
        raise RsvpClosed(question_received=received)
    saved_at = _second_after_the_question(now, begun)
    return _until_drawn_once(lambda: _save(event, wish, received, now, saved_at, opening, settle))


def _until_drawn_once(save: Callable[[], Response]) -> Response:
    tries = 3
    while True:
        tries -= 1
        try:
            return save()
        except IntegrityError as refused:
            if not tries or constraint_of(refused) not in _MADE_ANEW:
                raise


@dataclass(frozen=True, slots=True)
class MadeWish:
    """What a made-up party wants: a place and nothing else, no reminder and no question. at: when it said so."""

    at: dt.datetime
    party_size: int = 1
    language: str = "en"
    name: str = ""
    email: str = ""
    needs: Sequence[Need] = ()


def respond_for_made_up(event: Event, wishes: Iterable[MadeWish], *, now: dt.datetime) -> list[Rsvp]:
    """The RSVPs of made-up parties at ``event``, in their order, within a transaction of the caller's.

    By the checks and the statement that seat real ones, each at its own time; the record is written by one statement, at
    ``now``. Beside nobody's anonymous question, so no transaction id is burned. Raises what ``respond`` raises.
    """
    rsvps = [_seat_made_up(event, wish) for wish in wishes]
    for status in sorted({rsvp.status for rsvp in rsvps}):
        record_all(
            "rsvp.made", [one for one in rsvps if one.status == status], data={"status": status}, at=now
        )
    return rsvps


def _seat_made_up(event: Event, made: MadeWish) -> Rsvp:
    at = made.at.replace(microsecond=0)
    wish = _Wish(
        made.name, made.email, "", made.party_size, made.language, Remind.NONE, made.needs, "", False, True,
        RsvpSource.MADE, None,
    )  # fmt: skip
    _check(event, wish)
    rsvp = _rsvp(event, wish, _contact(event, "email", wish.email, wish, at), None, at)
    joined = seats.join(rsvp, waitlist=True, now=made.at)
    if joined is None:
        raise RsvpClosed(question_received=False)
    _seated(rsvp, joined, at)
    ask(event, rsvp, wish.needs, now=at)
    return rsvp


def _seated(rsvp: Rsvp, joined: seats.Joined, at: dt.datetime) -> None:
    """What the statement has made of the row."""
    rsvp.status, rsvp.queue_number = joined.status, joined.queue_number
    rsvp.confirmed_at = None if joined.queue_number else at


def _event(event_id: UUID, among: QuerySet[Event] | None) -> Event:
    visible = public_events() if among is None else among
    event = visible.select_related("agency").only(*_READ).filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def _check(event: Event, wish: _Wish) -> None:
    wrong = [*check_language(wish.language), *check_remind(wish.remind, has_email=bool(wish.email))]
    wrong += check_needs(wish.needs)
    wrong += check_address("email", wish.email) + check_address("sms", wish.phone)
    if len(wish.name) > LONGEST_NAME:
        wrong.append(FieldError("name", "max_length", str(_("At most 120 characters."))))
    if len(wish.question) > LONGEST_QUESTION:
        wrong.append(FieldError("question", "max_length", str(_("At most 4,000 characters."))))
    check_party(event, wish.party_size, wrong)
    if wrong:
        raise Invalid(errors=wrong)


def _take_the_question(event: Event, wish: _Wish, now: dt.datetime) -> bool:
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
    """What every row of the RSVP says it was saved at: a time after the question's step, and to the second.

    With one time from before the step and one from after it, a row told how long the step had taken, and so whether a
    question had come.
    """
    return (now + dt.timedelta(seconds=time.monotonic() - begun)).replace(microsecond=0)


def _save(
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
    rsvp = _rsvp(event, wish, email_contact, phone_contact, saved_at)
    with transaction.atomic():
        opening()
        if wish.question and not wish.anonymous_question:
            # Before the seat, so that the event's row is locked for as few statements as can be.
            _contribute_openly(event, wish, email_contact or phone_contact, now)
            received = True
        joined = _join(rsvp, wish, received=received and wish.anonymous_question, now=now)
        _seated(rsvp, joined, saved_at)
        ask(event, rsvp, wish.needs, now=saved_at)
        record("rsvp.made", rsvp, data={"status": rsvp.status}, to_the_second=True, at=saved_at)
        response = Response(
            rsvp,
            joined.position,
            received,
            mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version),
            mint(Purpose.CALENDAR, rsvp.pk, rsvp.link_version),
        )
        if settle is not None:
            settle(response)
    return response


def _contact(event: Event, channel: str, address: str, wish: _Wish, now: dt.datetime) -> Contact | None:
    if not address:
        return None
    return keep_contact(
        agency=event.agency,
        scope=Contact.Scope.EVENT,
        scope_id=event.pk,
        channel=channel,
        address=address,
        language=wish.language,
        now=now,
        erase_after=people_erased_after(event),
    )


def _rsvp(
    event: Event,
    wish: _Wish,
    email_contact: Contact | None,
    phone_contact: Contact | None,
    saved_at: dt.datetime,
) -> Rsvp:
    rsvp = Rsvp(
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
        erase_after=people_erased_after(event),
    )
    seal_name(rsvp, wish.name)
    return rsvp


def _contribute_openly(event: Event, wish: _Wish, contact: Contact | None, now: dt.datetime) -> None:
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


def _join(rsvp: Rsvp, wish: _Wish, *, received: bool, now: dt.datetime) -> seats.Joined:
    """Raises why the statement took nobody, as the row is by then; where that says that there is room now, it is asked again."""
    for _turn in range(3):
        joined = seats.join(rsvp, waitlist=wish.waitlist, now=now)
        if joined is not None:
            return joined
        event = _as_it_is(rsvp.event_id)
        if not takes_rsvps(event, now):
            raise RsvpClosed(question_received=received)
        check_party(event, wish.party_size)
        _must_find_room(event, wish, received=received)
    raise EventFull(room_of(event), wish.party_size, question_received=received)


def _as_it_is(event_id: UUID) -> Event:
    event = Event.objects.select_related("agency").filter(pk=event_id).first()
    if event is None:
        raise Unknown
    return event


def _must_find_room(event: Event, wish: _Wish, *, received: bool) -> None:
    """Raises EventFull."""
    room = room_of(event)
    if not room.seats(wish.party_size):
        raise EventFull(room, wish.party_size, question_received=received)


def respond_for_caller(event: Event, *, actor: Person, key: str, now: dt.datetime, **wishes: Any) -> UUID:
    """The id of the RSVP. wishes: as ``respond`` takes them. key: made with the form, 22 letters of base64url or more.

    Must not run inside a transaction. Raises what ``respond`` raises, KeyInvalid, KeyInProgress.
    """
    keeping = Keeping(
        route=f"caller/{event.pk}",
        agency=str(event.agency_id),
        principal=str(actor.pk),
        key=key,
        body=_SAME,
        now=now,
    )

    def settle(made: Response) -> None:
        keeping.settle(status=201, body=str(made.rsvp.pk).encode())

    def save() -> UUID:
        made = respond(
            event.pk,
            **wishes,
            source=RsvpSource.STAFF,
            among=Event.objects.filter(agency_id=event.agency_id),
            now=now,
            opening=keeping.claim,
            settle=settle,
        )
        return made.rsvp.pk

    return kept_inside(keeping, save, again=lambda stored: UUID(stored.body.decode()))
