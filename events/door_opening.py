"""Opening the door's list of names on one screen: an act with a reason, on the record, which residents can see.

It is written once, when the screen is opened; every search on it afterwards is part of that one look.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from engage.contact_reading import record_read
from engage.models import ContactRead, Person, ReadPurpose
from events.door_links import trade
from events.door_times import must_take_arrivals
from events.models import DoorLink, Event


@transaction.atomic
def open_by_link(secret: str, *, now: dt.datetime) -> tuple[DoorLink, str]:
    """The link and a session for its device; whoever made the link answers for the look.

    Raises Unknown, SecondPersonNeeded.
    """
    link, session = trade(secret, now=now)
    _written_down(link.event, link.created_by, now)
    return link, session


def open_by_staff(event: Event, person: Person, *, now: dt.datetime) -> str:
    """A name for this person's screen, under which it counts heads. Raises WrongState, SecondPersonNeeded."""
    must_take_arrivals(event, now)
    _written_down(event, person, now)
    return f"desk {secrets.token_urlsafe(12)}"


def _written_down(event: Event, reader: Person, now: dt.datetime) -> None:
    record_read(
        reader,
        agency=event.agency,
        what=ContactRead.What.DOOR,
        purpose=ReadPurpose.DOOR,
        event_id=event.pk,
        now=now,
    )
