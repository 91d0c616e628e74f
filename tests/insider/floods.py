"""Many places from one network, saved through the public front door in a half hour that is over."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import time_machine
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.readings.models import ReadingRequest
from events.event.models import Event
from events.rsvps.floods import HALF_HOUR, Flood, floods_of
from tests.makers.agencies import a_person
from tests.makers.api_clients import the_public
from tests.makers.pages import html_of
from tests.web.desk.at_the_desk import desk

OURS, OTHERS = "203.0.113.9", "203.0.113.77"
# So many are a flood, and so few are none, whatever is added.
SURELY, SURELY_NOT = 22, 5
BY_DAY, AT_NIGHT = (dt.datetime(2027, 3, 3, hour, 30, tzinfo=dt.UTC) for hour in (18, 8))
_HIDDEN: Final = re.compile(r'name="flood"\s+value="([^"]*)"')


def earlier(half_hours: int = 1) -> dt.datetime:
    """The beginning of a half hour that is over, and settled."""
    length = HALF_HOUR.total_seconds()
    return dt.datetime.fromtimestamp((timezone.now().timestamp() // length - 1 - half_hours) * length, dt.UTC)


def flooded(
    event: Event, many: int, *, address: str = OURS, at: dt.datetime | None = None, **body: Any
) -> list[str]:
    """Places saved by one who says nothing of himself, one after the other: their links."""
    public = the_public(address=address)
    with time_machine.travel(at or earlier(), tick=False):
        answers = [public.post(f"/events/{event.pk}/rsvps/", {"party_size": 1} | body) for _ in range(many)]
    return [answer.json()["manage_token"] for answer in answers]


def shown(event: Event) -> list[Flood]:
    """To somebody new at its agency."""
    return floods_of(event, viewer=a_person(event.agency), now=timezone.now())


def list_of(agency: Agency, event: Event, more: str = "") -> str:
    return desk(agency, f"events/{event.pk}/rsvps/{more}")


def handles(client: Client, event: Event) -> list[str]:
    """What the forms of the page say."""
    answer = client.get(list_of(event.agency, event, "flood"))
    return _HIDDEN.findall(html_of(answer)) if answer.status_code == 200 else []


def ask(client: Client, event: Event, handle: str | None = None) -> Any:
    """To give the one flood back."""
    given = handle if handle is not None else handles(client, event)[0]
    return client.post(list_of(event.agency, event, "flood"), {"flood": given}, follow=True)


def say_yes(client: Client, event: Event) -> Any:
    """To what was asked last."""
    asked = ReadingRequest.objects.filter(event_id=event.pk).latest("asked_at", "pk")
    return client.post(desk(event.agency, f"readings/{asked.pk}/yes"), follow=True)
