"""The first page of a deployment: residents find their town, what comes next, and which promises are late."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from engage.agencies.models import Agency
from tests.makers.agencies import a_community, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import a_venue, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def shown(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def two_towns() -> tuple[Agency, Agency]:
    return (
        an_agency(
            slug="harbor-falls", name="Harbor Falls Police Department", region="Illinois",
            contact_address="1 Falls Plaza, Harbor Falls 61032",
        ),
        an_agency(slug="cedar-bend", name="Cedar Bend City Hall", region="Colorado"),
    )  # fmt: skip


def late(agency: Agency, days: int, title: str, **fields: Any) -> Any:
    return a_commitment(agency, title=title, due_on=today_of(agency) - dt.timedelta(days=days), **fields)


def towns_in(words: str) -> list[str]:
    return re.findall(r'<h3><a href="/agencies/([\w-]+)/">', words)


def test_several_agencies_are_listed_and_the_doors_for_staff_and_programs_stand_in_the_foot(
    client: Client,
) -> None:
    two_towns()
    words = shown(client)
    assert towns_in(words) == ["cedar-bend", "harbor-falls"]
    assert "/calendars/" in words
    main, _, foot = words.partition("<footer")
    for door in ("/api/v1/docs/", "/accounts/login/"):
        assert door in foot
        assert door not in main


def test_one_agency_is_the_first_page(client: Client) -> None:
    agency = an_agency()
    assert client.get("/").headers["Location"] == f"/agencies/{agency.slug}/"
    assert client.get("/es/").headers["Location"] == f"/es/agencies/{agency.slug}/"


def test_an_empty_deployment_says_how_to_begin(client: Client) -> None:
    assert b"create_agency" in client.get("/").content


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("harbor", ["harbor-falls"]),
        ("Cedar Bend, Colorado", ["cedar-bend"]),
        ("61032", ["harbor-falls"]),
        ("mill quarter", ["cedar-bend"]),
        ("80301", ["cedar-bend"]),
        ("harbor colorado", []),
        ("Springfield", []),
        ("%", []),
        ("  ", ["cedar-bend", "harbor-falls"]),
        ("\0", ["cedar-bend", "harbor-falls"]),
    ],
)
def test_a_resident_finds_the_town_by_name_state_neighborhood_or_zip(
    client: Client, typed: str, found: list[str]
) -> None:
    _harbor, cedar = two_towns()
    a_community(cedar, name="Mill Quarter")
    an_event(cedar, venue=a_venue(cedar, address="4 Grain Street, Cedar Bend, CO 80301").pk)
    answer = client.get("/", {"q": typed})
    words = re.sub(r"\s+", " ", answer.content.decode())
    assert towns_in(words) == found
    assert ("Nobody here goes by that name" in words) is (not found)


def test_a_neighborhood_leads_to_its_own_events(client: Client) -> None:
    _harbor, cedar = two_towns()
    mill = a_community(cedar, name="Mill <Quarter>")
    words = shown(client, "/?q=mill")
    assert f"/agencies/cedar-bend/meetings/?near={mill.pk}" in words
    assert "Meetings in Mill &lt;Quarter&gt;" in words


def test_the_next_events_anywhere_stand_there_with_whose_they_are_and_a_search_narrows_them(
    client: Client,
) -> None:
    harbor, cedar = two_towns()
    an_event(harbor, title="Coffee at the mill")
    an_event(cedar, title="Budget evening")
    an_event(harbor, title="Survivors’ evening", discreet=True)
    words = shown(client)
    assert words.index("Coffee at the mill") < words.index("Next meetings") + 10_000
    assert "Budget evening" in words
    assert "Survivors" not in words
    words = shown(client, "/?q=cedar")
    assert "Budget evening" in words
    assert "Coffee at the mill" not in words
    assert "No meeting is planned" not in shown(client, "/?q=nowhere")


def test_the_commitments_longest_late_stand_there_and_each_town_says_how_many_of_its_are(
    client: Client,
) -> None:
    harbor, cedar = two_towns()
    for days in (3, 67, 20):
        late(harbor, days, f"Late for {days}")
    late(cedar, 40, "Of the city")
    late(cedar, 90, "Not yet a promise", draft=True)
    a_commitment(cedar, title="On its way")
    hidden = an_event(cedar, discreet=True)
    late(cedar, 80, "From a discreet evening", event=hidden.pk)
    words = shown(client)
    told = words[words.index("Promises that are late") :]
    assert [told.index(title) for title in ("Late for 67", "Of the city", "Late for 20")] == sorted(
        told.index(title) for title in ("Late for 67", "Of the city", "Late for 20")
    )
    assert "Late by 67 days" in told
    for title in ("Late for 3<", "Not yet a promise", "On its way", "From a discreet evening"):
        assert title not in words
    assert "3 promises are late" in words
    assert "/agencies/harbor-falls/promises/?status=late" in words


def test_the_page_costs_the_same_however_many_towns_there_are(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        agency = an_agency(name=f"Town {number}")
        an_event(agency, venue=a_venue(agency).pk)
        late(agency, number + 1, f"Late {number}")
        a_community(agency, name=f"Ward {number}")
    client.get("/")
    with django_assert_max_num_queries(4):
        answer = client.get("/")
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=60"
    with django_assert_max_num_queries(6):
        client.get("/?q=ward")


def test_a_late_commitment_says_in_which_language_its_agency_wrote_it(client: Client) -> None:
    harbor, cedar = two_towns()
    late(harbor, 20, "Print a card", translations={"es": {"title": "Imprimir una tarjeta"}})
    late(cedar, 30, "Open the hall")
    spanish = client.get("/es/").content.decode()
    assert "Imprimir una tarjeta" in spanish
    assert re.search(r'<span lang="en" dir="ltr">\s*Open the hall', spanish)
