"""The first page of an agency: which meetings there are, and how the promises stand."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments import tracking
from outreach.summaries import writing
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import a_venue, an_event
from tests.makers.worlds import World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def home_of(agency: Agency) -> str:
    return f"/agencies/{agency.slug}/"


def test_each_language_has_its_own_address_whatever_the_browser_prefers(client: Client) -> None:
    an_agency()
    an_agency()
    for path, language in (("/", "en"), ("/es/", "es")):
        answer = client.get(path, headers={"Accept-Language": "es" if language == "en" else "en"})
        assert f'<html lang="{language}"'.encode() in answer.content
        assert answer["Cache-Control"] == "public, max-age=60"


def test_names_are_escaped(client: Client) -> None:
    an_agency(name="<b>Bold</b> Police")
    an_agency()
    assert b"<b>Bold" not in client.get("/").content


def test_the_next_events_stand_there_with_what_decides_whether_to_come(client: Client) -> None:
    agency = an_agency(languages=["en", "es"])
    an_event(
        agency, title="Coffee at the mill", venue=a_venue(agency, access_features=["step_free"]).pk,
        languages=["en", "so"], access_offered=["sign_language", "childcare"], capacity=1,
    )  # fmt: skip
    words = shown(client, home_of(agency))
    for each in (
        "Coffee at the mill",
        "Library, 12 Main St",
        "Soomaali",
        "Step-free entrance",
        "Childcare",
        "1 place left",
    ):
        assert each in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rsvp_mode": "none"}, "Walk in, no RSVP needed"),
        ({"rsvp_mode": "none", "format": "online"}, "Online, no RSVP needed"),
        ({"format": "online"}, "Online, no limit"),
        ({}, "There is room for everyone"),
        ({"capacity": 46}, "46 places left"),
    ],
)
def test_seats_are_told_in_words(client: Client, fields: dict[str, Any], words: str) -> None:
    agency = an_agency()
    an_event(agency, **fields)
    assert words in shown(client, home_of(agency))


def test_nothing_planned_says_where_to_hear_of_the_next(client: Client) -> None:
    words = shown(client, home_of(an_agency()))
    assert "No meeting is planned just now" in words
    assert 'href="#subscribe"' in words


def test_each_number_of_commitments_leads_to_those(client: Client) -> None:
    agency = an_agency()
    today = today_of(agency)
    for _each in range(2):
        a_commitment(agency)
    a_commitment(agency, title="Mend the <lamp>", due_on=today - dt.timedelta(days=67))
    a_commitment(agency, due_on=today - dt.timedelta(days=3))
    a_commitment(agency, draft=True)
    kept = a_commitment(agency)
    tracking.update(
        kept,
        actor=None,
        now=timezone.now(),
        status="kept",
        evidence=[{"url": "https://a.example/", "title": "It"}],
    )
    answer = client.get(home_of(agency))
    tally = answer.context["tally"]
    assert tally["marks"] == ["kept", "track", "track", "late", "late"]
    assert tally["longest"]["days"] == 67
    words = re.sub(r"\s+", " ", answer.content.decode())
    assert "Longest overdue, by 67 days:" in words
    assert "Mend the &lt;lamp&gt;" in words
    assert f"{home_of(agency)}promises/?status=late" in words


def test_a_thousand_commitments_are_counted_and_not_drawn(client: Client) -> None:
    agency = an_agency()
    a_commitment(agency)
    from engage.commitments.models import Commitment

    one = Commitment.objects.get()
    Commitment.objects.bulk_create(
        Commitment(
            agency=agency, number=number, title="x", done_means="x", owner_office="x", focus_area=one.focus_area,
            due_on=one.due_on, first_due_on=one.due_on,
        )
        for number in range(2, 300)
    )  # fmt: skip
    answer = client.get(home_of(agency))
    assert answer.context["tally"]["marks"] == []
    assert b"299 promises" in answer.content


def test_what_was_heard_last_stands_below(client: Client) -> None:
    world = World.made()
    event = world.ended()
    leader, now = a_person(world.agency, "leader"), timezone.now()
    version = writing.draft(event, actor=leader, now=now).version
    heard = [{"title": "Say why", "count": 7, "text": "", "quotes": ["Nobody told <me>."]}]
    version = writing.edit(version, actor=leader, fields={"heard": heard}, now=now)
    version = writing.approve(version, actor=leader, now=now)
    writing.publish(version, actor=leader, now=now)
    words = shown(client, home_of(world.agency))
    assert "What we heard last" in words
    assert "7 comments" in words
    assert "Nobody told &lt;me&gt;." in words
    assert f"/events/{event.pk}/summary" in words


def test_the_page_costs_the_same_however_much_there_is(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agency = an_agency()
    for number in range(7):
        an_event(agency, venue=a_venue(agency).pk, title=f"Evening {number}")
        a_commitment(agency, due_on=today_of(agency) - dt.timedelta(days=number + 1))
        a_community(agency)
    client.get(home_of(agency))
    with django_assert_max_num_queries(6):
        answer = client.get(home_of(agency))
    assert answer.content.count(b"Evening ") >= 5
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=60"


def test_another_agencys_things_are_not_there(client: Client) -> None:
    other = an_agency()
    an_event(other, title="Of somebody else")
    a_commitment(other)
    assert "Of somebody else" not in shown(client, home_of(an_agency()))
    assert client.get("/agencies/nobody/").status_code == 404
