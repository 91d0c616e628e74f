"""What a resident's own link tells a program: the same as the page behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning.scheduling import edit
from events.rsvps.models import Rsvp
from tests.makers.api_clients import Api
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOUR = dt.timedelta(hours=1)


def own(rsvp: Rsvp, **headers: Any) -> Any:
    return Api().get(f"/rsvps/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}/", **headers)


def moved(event: Event, hour: int) -> None:
    day = event.local_starts_at.date()
    fields = {"starts_at": f"{day}T{hour}:00:00", "ends_at": f"{day}T{hour + 1}:30:00"}
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)


def test_it_tells_what_stood_when_it_was_made_until_its_holder_keeps_it(client: Any) -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    assert (own(rsvp).json()["moved_from"], own(rsvp).json()["event"]["moved_from"]) == (None, None)
    moved(event, 19)
    moved(event, 20)
    told, the_events = own(rsvp).json(), Api().get(f"/events/{event.pk}/").json()["moved_from"]
    assert dt.datetime.fromisoformat(told["moved_from"]["starts_at"]) == event.starts_at
    # The event's is its newest move.
    assert told["event"]["moved_from"] == the_events
    assert the_events != told["moved_from"]
    known = own(rsvp)["ETag"]
    client.post(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}/keep")
    kept = own(rsvp, If_None_Match=known)
    assert (kept.status_code, kept.json()["moved_from"]) == (200, None)


def test_who_is_in_needs_to_hear_of_no_move() -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    moved(event, 19)
    known = own(rsvp)["ETag"]
    check_in(event, client_id="a" * 22, rsvp_id=rsvp.pk, now=timezone.now())
    again = own(rsvp, If_None_Match=known)
    assert (again.status_code, again.json()["moved_from"]) == (200, None)


def test_who_asks_again_after_the_clock_turned_it_is_not_told_that_nothing_changed() -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    first = own(rsvp)
    assert own(rsvp, If_None_Match=first["ETag"]).status_code == 304
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - HOUR / 2, ends_at=timezone.now() + HOUR
    )
    again = own(rsvp, If_None_Match=first["ETag"])
    assert (again.status_code, again.json()["event"]["standing"]) == (200, "live")
