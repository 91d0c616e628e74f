"""Lists of the desk that have no test of their own for it: ten lines cost as many queries as two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engage.agencies.models import Agency
from engage.agencies.pledges import sign_pledge
from engage.listening.theming import make_theme
from engage.readings.granting import ask_for_more
from engage.readings.recording import record_read
from engage.roles.tokens import issue
from events.door.links import open_link
from events.event.models import Event
from outreach.reminders.setting import add_rule
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, an_event
from tests.web.staff_clients import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _read(agency: Agency, event: Event, number: int) -> None:
    reader, event = a_person(agency), an_event(agency, title=f"Evening {number}")
    record_read(
        reader, agency=agency, what="list", purpose="prepare_door", event_id=event.pk, now=timezone.now()
    )


def _key(agency: Agency, event: Event, number: int) -> None:
    issue(
        person=a_person(agency, "admin"), agency=agency, scopes=["admin"], label=f"Key {number}", now=timezone.now()
    )  # fmt: skip


def _pledge(agency: Agency, event: Event, number: int) -> None:
    admin = a_person(agency, "admin")
    sign_pledge(agency, actor=admin, code=f"pledge_{number}", text="Our word.", now=timezone.now())


def _request(agency: Agency, event: Event, number: int) -> None:
    ask_for_more(agency, reader=a_person(agency), purpose="prepare_door", now=timezone.now())


def _reminder(agency: Agency, event: Event, number: int) -> None:
    add_rule(agency=agency, actor=None, now=timezone.now(), minutes_before=60 + number)


def _door(agency: Agency, event: Event, number: int) -> None:
    open_link(event, device=f"Door {number}", actor=a_person(agency), now=timezone.now())


def _theme(agency: Agency, event: Event, number: int) -> None:
    make_theme(actor=a_person(agency), event=event, title=f"Theme {number}")


def _draft(agency: Agency, event: Event, number: int) -> None:
    event = a_draft(agency, title=f"Evening {number}")
    a_commitment(agency, draft=True, event=event, owner=a_person(agency), title=f"Lamp {number}")


# By the name of the page: whose role opens it, and what makes one line more of it.
LISTS: Final[dict[str, tuple[str, Callable[[Agency, Event, int], object]]]] = {
    "office_communities": (
        "admin",
        lambda agency, _event, number: a_community(agency, name=f"Ward {number}"),
    ),
    "office_tokens": ("admin", _key),
    "office_pledges": ("admin", _pledge),
    "office_readings": ("admin", _read),
    "more_readings": ("leader", _request),
    "reminders": ("liaison", _reminder),
    "door_links": ("liaison", _door),
    "event_themes": ("liaison", _theme),
    "approvals": ("leader", _draft),
}


@pytest.fixture
def event() -> Event:
    return an_event(an_agency())


@pytest.mark.parametrize("name", LISTS)
def test_ten_lines_cost_as_many_queries_as_two(name: str, event: Event) -> None:
    kind, one_more = LISTS[name]
    agency = event.agency
    browser = signed_in(a_person(agency, kind))
    path = reverse(name, kwargs=_parts(name, event))
    counted = []
    for numbers in (range(2), range(2, 10)):
        for number in numbers:
            one_more(agency, event, number)
        counted.append(_queries(browser, path))
    assert counted[0] == counted[1]


def _parts(name: str, event: Event) -> dict[str, object]:
    of_event = {"event_id": event.pk} if name in {"door_links", "event_themes"} else {}
    return {"slug": event.agency.slug} | of_event


def _queries(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
