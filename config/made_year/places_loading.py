"""Writes who came and who is coming: sealed as real people are, under addresses that reach nobody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from config.made_year.year import Year
from engage.addresses import SEALED_IN, fingerprint_for
from engage.models import Channel, Contact
from engage.sealing import seal
from events.access_asking import Need, ask
from events.check_in_codes import new_code
from events.erasure_dates import needs_erased_after, people_erased_after
from events.guest_names import seal_name
from events.models import (
    AccessStatus,
    ArrivalWay,
    CheckIn,
    Event,
    EventStatus,
    EventTotals,
    HeadCount,
    Remind,
    Rsvp,
    RsvpSource,
    RsvpStatus,
)

_FIRST = "Ada Bilal Carmen Dov Elena Farid Grace Hana Isak Jana Kofi Lucia Minh Nadia Omar Pilar Quinn Rosa Sami Tess"
_LAST = "Almeida Brooks Chavez Duong Ekström Farah Gomez Huang Ibrahim Jensen Kowal Lopez Mbeki Nguyen Ortiz Price"
_NEEDS = (
    Need("sign_language"),
    Need("interpreter", "vi"),
    Need("interpreter", "es"),
    Need("wheelchair", detail="Two of us use a chair."),
    Need("childcare", detail="Two children, four and seven."),
    Need("large_print"),
)


@dataclass
class Places:
    """Rows of all events together, so that a thousand of them cost a handful of statements."""

    contacts: list[Contact] = field(default_factory=list)
    rsvps: list[Rsvp] = field(default_factory=list)
    needs: list[tuple[Rsvp, Need]] = field(default_factory=list)
    arrivals: list[CheckIn] = field(default_factory=list)
    counts: list[HeadCount] = field(default_factory=list)
    totals: list[EventTotals] = field(default_factory=list)


def load_places(year: Year) -> None:
    """Rows where the agency may still hold them; what the purge would have taken by now is there as totals only."""
    places = Places()
    for number, event in enumerate(year.events):
        if event.status == EventStatus.DRAFT:
            continue
        wanted = _how_many(year, event, number)
        if people_erased_after(event.agency, event.ends_at) > year.now:
            _fill(year, places, event, wanted)
        else:
            event.seats_taken = wanted
            places.totals.append(_remembered(year, event, wanted))
    Contact.objects.bulk_create(places.contacts, batch_size=1000)
    Rsvp.objects.bulk_create(places.rsvps, batch_size=1000)
    CheckIn.objects.bulk_create(places.arrivals, batch_size=1000)
    HeadCount.objects.bulk_create(places.counts)
    EventTotals.objects.bulk_create(places.totals)
    for place, need in places.needs:
        _arrange(year, place, need)
    Event.objects.bulk_update(
        year.events, ["seats_taken", "seats_held", "waiting", "queue_tail", "last_join_fit"]
    )


def _how_many(year: Year, event: Event, number: int) -> int:
    """How many seats are asked for; one coming meeting is asked for by more people than it holds."""
    room = event.capacity or 60
    if event.status == EventStatus.PUBLISHED and number % 5 == 2:
        return room + 9
    return int(room * year.chance.uniform(0.2, 0.75))


def _fill(year: Year, places: Places, event: Event, wanted: int) -> None:
    asked_at = event.published_at or event.created_at
    step = (min(year.now, event.starts_at) - asked_at) / (wanted + 1)
    mine: list[Rsvp] = []
    left = wanted
    while left > 0:
        asked_at += step
        party = min(left, year.chance.choices((1, 2, 3, 4), (60, 25, 10, 5))[0])
        left -= party
        mine.append(_place(year, places, event, party, asked_at))
    places.rsvps += mine
    if event.status in {EventStatus.LIVE, EventStatus.ENDED}:
        _welcome(year, places, event, mine)


def _place(year: Year, places: Places, event: Event, party: int, at: dt.datetime) -> Rsvp:
    # Reminders stay off: whoever tries the demo sees their own mail, not that of people who do not exist.
    place = Rsvp(
        agency=event.agency,
        event=event,
        party_size=party,
        language=year.chance.choices(("en", "es"), (80, 20))[0],
        remind=Remind.NONE.value,
        source=RsvpSource.MADE.value,
        checkin_code=new_code(),
        created_at=at,
        erase_after=people_erased_after(event.agency, event.ends_at),
    )
    if year.chance.random() < 0.85:
        place.email_contact = _contact(year, places, event, place, at)
    if year.chance.random() < 0.4:
        seal_name(place, _name(year))
    _seat(event, place, at)
    if year.chance.random() < 0.08 and place.status == RsvpStatus.CONFIRMED:
        places.needs.append((place, year.chance.choice(_NEEDS)))
    return place


def _seat(event: Event, place: Rsvp, at: dt.datetime) -> None:
    """The rule of domain.md, as it would have gone: who fits is seated while nobody waits."""
    room = event.capacity is None or event.seats_taken + place.party_size <= event.capacity
    event.last_join_fit = room and event.waiting == 0
    if event.last_join_fit:
        place.status, place.confirmed_at = RsvpStatus.CONFIRMED.value, at
        event.seats_taken += place.party_size
    else:
        event.waiting, event.queue_tail = event.waiting + 1, event.queue_tail + 1
        place.status, place.queue_number = RsvpStatus.WAITLISTED.value, event.queue_tail


def _name(year: Year) -> str:
    return f"{year.chance.choice(_FIRST.split())} {year.chance.choice(_LAST.split())}"


def _contact(year: Year, places: Places, event: Event, place: Rsvp, at: dt.datetime) -> Contact:
    typed = f"neighbor.{len(places.contacts) + 1}@mail.example"
    contact = Contact(
        agency=event.agency,
        channel=Channel.EMAIL.value,
        scope=Contact.Scope.EVENT.value,
        scope_id=event.pk,
        language=place.language,
        consented_at=at,
        confirmation_allowed_at=at,
        calendar_state=Contact.CalendarState.REQUESTED.value,
        proven_on=at.date() if year.chance.random() < 0.3 else None,
        erase_after=place.erase_after,
    )
    contact.sealed_address = seal(typed, row=contact.pk, agency=event.agency_id, **SEALED_IN)
    contact.fingerprint = fingerprint_for(
        agency_id=event.agency_id,
        scope=contact.scope,
        scope_id=event.pk,
        channel=contact.channel,
        address=typed,
    )
    places.contacts.append(contact)
    return contact


def _arrange(year: Year, place: Rsvp, need: Need) -> None:
    """What somebody needs, as far as the liaison has got with it. A week after the meeting nothing of it is kept."""
    event = place.event
    if needs_erased_after(event.ends_at) <= year.now:
        return
    (request,) = ask(event, place, [need], now=place.created_at)
    request.owner = event.created_by
    request.needed_by = event.local_starts_at.date() - dt.timedelta(days=2)
    if event.status == EventStatus.ENDED:
        request.status, request.outcome = AccessStatus.MET.value, "It was there on the evening."
    elif year.chance.random() < 0.5:
        request.status, request.outcome = AccessStatus.ARRANGED.value, "It is booked for this meeting."
    request.save(update_fields=["owner", "needed_by", "status", "outcome"])


def _welcome(year: Year, places: Places, event: Event, mine: list[Rsvp]) -> None:
    """Who came of those who had a place, who came without one, and how many the door counted."""
    live = event.status == EventStatus.LIVE
    share = 0.5 if live else 0.72
    came = [place for place in mine if place.status == RsvpStatus.CONFIRMED and year.chance.random() < share]
    walk_ins = year.chance.randint(3, 14)
    erase_after = people_erased_after(event.agency, event.ends_at)
    parties = [(place, place.party_size) for place in came] + [(None, 1)] * walk_ins
    for number, (place, party) in enumerate(parties):
        places.arrivals.append(
            CheckIn(
                agency=event.agency,
                event=event,
                rsvp=place,
                party=party,
                way=(ArrivalWay.CODE if place else ArrivalWay.WALK_IN).value,
                client_id=f"made-{number}",
                at=event.starts_at + dt.timedelta(minutes=year.chance.randint(-20, 20 if live else 25)),
                erase_after=erase_after,
            )
        )
    people = sum(party for _place, party in parties)
    # At an evening that still goes on, the device has counted those who gave no name, and nobody else yet.
    added, removed = (11, 1) if live else (people + 6, 2)
    places.counts.append(
        HeadCount(agency=event.agency, event=event, device="Door", added=added, removed=removed)
    )
    if event.totals_frozen_at:
        places.totals.append(_totals(event, mine, came=came, walk_ins=walk_ins, head_count=people + 4))


def _totals(
    event: Event, mine: list[Rsvp], *, came: list[Rsvp], walk_ins: int, head_count: int
) -> EventTotals:
    confirmed = [place for place in mine if place.status == RsvpStatus.CONFIRMED]
    return EventTotals(
        event=event,
        agency=event.agency,
        confirmed=sum(place.party_size for place in confirmed),
        confirmed_parties=len(confirmed),
        waitlisted=len(mine) - len(confirmed),
        came=sum(place.party_size for place in came),
        walk_ins=walk_ins,
        head_count=head_count,
        languages=dict(Counter(place.language for place in confirmed)),
        frozen_at=event.totals_frozen_at or event.ends_at,
    )


def _remembered(year: Year, event: Event, seats: int) -> EventTotals:
    """What is left of a meeting whose people's rows are gone."""
    came, walk_ins = int(seats * 0.7), year.chance.randint(2, 15)
    parties = max(1, int(seats / 1.5))
    over = event.status == EventStatus.ENDED
    return EventTotals(
        event=event,
        agency=event.agency,
        confirmed=seats,
        confirmed_parties=parties,
        came=came if over else 0,
        walk_ins=walk_ins if over else 0,
        head_count=came + walk_ins + 3 if over else 0,
        languages={"en": parties - parties // 5, "es": parties // 5},
        needs={"sign_language": 1, "childcare": 2},
        needs_results={"met": 3},
        frozen_at=event.totals_frozen_at or event.ends_at,
    )
