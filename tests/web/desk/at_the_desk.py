"""Somebody at their desk, and what a browser would send from it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.people.models import Person
from events.event.models import Event
from tests.makers.agencies import a_person
from tests.makers.pages import html_of

DAY = timezone.now().date() + dt.timedelta(days=40)


def at_the_desk(agency: Agency, kind: str = "liaison", **fields: Any) -> Client:
    """A browser in which somebody with that role at the agency is signed in."""
    client = Client()
    client.force_login(a_person(agency, kind, **fields))
    return client


def person_of(client: Client) -> Person:
    return Person.objects.get(pk=client.session["_auth_user_id"])


def desk(agency: Agency, more: str = "") -> str:
    return f"/desk/{agency.slug}/{more}"


def page(event: Event, more: str = "") -> str:
    return f"/desk/{event.agency.slug}/events/{event.pk}/{more}"


def text_of(answer: Any) -> str:
    """The page's words, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html_of(answer)))


def said_yes(client: Client, path: str, **sent: Any) -> Any:
    """What follows the second press, after the page has said what it would set off (engage.confirming)."""
    asked = client.post(path, sent)
    return client.post(path, sent | {"confirm": asked.context["question"].digest}, follow=True)


def filled_in(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends that got the form of the page and changed something in it; None leaves a field out."""
    form = client.get(path).context["form"]
    sent: dict[str, Any] = {}
    for bound in form:
        shown = bound.field.widget.format_value(bound.value())
        if bound.field.widget.__class__.__name__ == "CheckboxInput":
            if bound.value():
                sent[bound.html_name] = "on"
        elif shown not in (None, "", [], [""]):
            sent[bound.html_name] = shown
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def a_plan(**changes: Any) -> dict[str, Any]:
    """The least that a new event needs, as the form sends it."""
    given = {
        "title": "Town hall about stops",
        "kind": "town_hall",
        "format": "in_person",
        "audience": "public",
        "date": DAY.isoformat(),
        "starts": "18:00",
        "ends": "19:30",
        "timezone": "America/Chicago",
        "rsvp_mode": "open",
        "languages": ["en"],
    }
    return {name: value for name, value in (given | changes).items() if value is not None}
