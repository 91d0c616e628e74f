"""A live meeting and screens at its door, as staff and as a device."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from events.door.links import open_link
from events.event.models import Event
from events.planning.lifecycle import start
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.pages import html_of


def a_live_event(agency: Agency | None = None, **fields: Any) -> Event:
    return start(an_event(agency or an_agency(), **fields), now=timezone.now()).event


class Screen:
    """A browser at one door. What it posts it has read from a page before, as a browser without scripts does."""

    def __init__(self, event: Event, client: Client) -> None:
        self.event, self.client = event, client

    def at(self, path: str = "") -> str:
        return f"/door/{self.event.pk}/{path}"

    def get(self, path: str = "", **headers: Any) -> Any:
        return self.client.get(self.at(path), **headers)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, follow: bool = False, **headers: Any
    ) -> Any:
        return self.client.post(self.at(path), fields or {}, follow=follow, **headers)

    def tap(self, path: str, fields: dict[str, Any]) -> str:
        """Post, follow, and read the page that comes of it."""
        answer = self.post(path, fields, follow=True)
        assert answer.status_code == 200, answer.status_code
        return words_of(answer)

    def find(self, typed: str, key: str = "k") -> str:
        return self.tap("find", {"q": typed, "key": key})

    def numbers(self) -> tuple[int, ...]:
        """Here, and where there are RSVPs: still to come."""
        return tuple(int(number) for number in re.findall(r"<dd>(\d+)</dd>", html_of(self.get()))[:2])


def staff_at(event: Event, kind: str = "liaison", **more: Any) -> Screen:
    """Somebody of the agency's, signed in, who has opened the list."""
    screen = Screen(event, signed_in(event.agency, kind, **more))
    assert screen.post("open").status_code == 302
    return screen


def device_at(event: Event, device: str = "Front desk") -> Screen:
    """A device that has traded a door link for its cookie."""
    screen = Screen(event, Client())
    assert screen.client.post(f"/door/open/{a_secret(event, device)}").status_code == 302
    return screen


def a_secret(event: Event, device: str = "Front desk", **more: Any) -> str:
    given = {"actor": a_person(event.agency), "now": timezone.now()}
    return open_link(event, device=device, **(given | more))[1]


def signed_in(agency: Agency, kind: str = "liaison", **more: Any) -> Client:
    client = Client(**more)
    client.force_login(a_person(agency, kind))
    return client


def words_of(answer: Any) -> str:
    """What stands on a page, without its marks."""
    apart = re.sub(r"</(?!mark|b>)", " </", answer.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", "", apart)).split())
