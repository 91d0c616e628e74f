"""Where a calendar's entry leads: the meeting in plain words, for everyone."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events.event_lifecycle import cancel
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, a_meeting, a_venue

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_it_says_what_when_and_where_in_the_clock_of_the_place(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agency = an_agency()
    meeting = a_meeting(
        agency, title="Town hall", venue=a_venue(agency).pk, agenda=[{"title": "Your questions"}]
    )
    with django_assert_max_num_queries(2):
        answer = client.get(f"/events/{meeting.pk}")
    shown = answer.content.decode()
    for word in ("Town hall", "6 p.m.", "7:30 p.m.", "Library", "Your questions"):
        assert word in shown
    assert not answer.cookies


def test_in_spanish_under_its_own_address(client: Client) -> None:
    shown = client.get(f"/es/events/{a_meeting().pk}").content.decode()
    assert '<html lang="es">' in shown
    assert "18:00" in shown


def test_one_called_off_says_why(client: Client) -> None:
    meeting = a_meeting()
    cancel(meeting, reason="The hall has no heating.", actor=None, now=timezone.now())
    assert b"The hall has no heating." in client.get(f"/events/{meeting.pk}").content


def test_what_is_not_for_everyone_is_not_there(client: Client) -> None:
    for event in (a_draft(), a_meeting(audience="staff"), a_meeting(audience="invited")):
        assert client.get(f"/events/{event.pk}").status_code == 404


def test_what_was_typed_is_escaped(client: Client) -> None:
    meeting = a_meeting(title="<img src=x>", description="<script>alert(1)</script>")
    shown = client.get(f"/events/{meeting.pk}").content
    assert b"<img src=x" not in shown
    assert b"<script>alert" not in shown
