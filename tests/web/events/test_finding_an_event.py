"""The list of an agency's meetings: filters that work as links, page by page, whole or as a part for htmx."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning.lifecycle import cancel
from tests.makers.agencies import a_community, an_agency
from tests.makers.events import a_draft, a_venue, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def titles(client: Client, agency: Agency, **asked: Any) -> list[str]:
    answer = client.get(f"/agencies/{agency.slug}/meetings/", asked)
    assert answer.status_code == 200
    return [row.title for row in answer.context["rows"]]


def in_the_past(event: Event, days: int) -> Event:
    begins = timezone.now() - dt.timedelta(days=days)
    Event.objects.filter(pk=event.pk).update(
        starts_at=begins, ends_at=begins + dt.timedelta(hours=1), status="ended", local_starts_at=begins.replace(tzinfo=None),
        local_ends_at=begins.replace(tzinfo=None) + dt.timedelta(hours=1),
    )  # fmt: skip
    return event


def test_what_is_ahead_and_what_is_over(client: Client) -> None:
    agency = an_agency()
    an_event(agency, title="Ahead")
    in_the_past(an_event(agency, title="Long ago"), 40)
    in_the_past(an_event(agency, title="Lately"), 2)
    a_draft(agency, title="Draft")
    an_event(agency, title="Staff", audience="staff")
    assert titles(client, agency) == ["Ahead"]
    assert titles(client, agency, when="past") == ["Lately", "Long ago"]


def test_one_called_off_stays_in_the_list_and_says_so(client: Client) -> None:
    event = an_event(title="Evening")
    cancel(event, reason="Snow.", actor=None, now=timezone.now())
    answer = client.get(f"/agencies/{event.agency.slug}/meetings/")
    assert b"Called off" in answer.content


def test_each_filter_narrows_the_list(client: Client) -> None:
    agency = an_agency()
    ward, other = a_community(agency), a_community(agency)
    one = an_event(
        agency, title="Walk by the mill", kind="walk", focus_area="procedural_justice", languages=["en", "vi"],
        access_offered=["sign_language"], venue=a_venue(agency, name="Quay House").pk,
    )  # fmt: skip
    one.communities.add(ward)
    an_event(agency, title="Questions", format="online")
    for asked in (
        {"near": str(ward.pk)},
        {"language": "vi"},
        {"language": "sign_language"},
        {"kind": "walk"},
        {"about": "procedural_justice"},
        {"q": "MILL"},
        {"q": "quay"},
        {"near": str(ward.pk), "language": "vi", "kind": "walk"},
    ):
        assert titles(client, agency, **asked) == ["Walk by the mill"], asked
    assert titles(client, agency, near="online") == ["Questions"]
    assert titles(client, agency, near=str(other.pk)) == []


def test_what_makes_no_sense_is_not_asked_about(client: Client) -> None:
    agency = an_agency()
    an_event(agency, title="Evening")
    for asked in (
        {"near": "x"},
        {"kind": "party"},
        {"about": "x"},
        {"after": "x~y"},
        {"q": "\0"},
        {"language": "\0"},
    ):
        assert titles(client, agency, **asked) == ["Evening"], asked
    assert titles(client, agency, after="9999-12-31T23:59:59+00:00~nothing") == ["Evening"]


def test_nothing_found_says_what_to_do(client: Client) -> None:
    agency = an_agency()
    ward = a_community(agency, name="Hill <top>")
    answer = client.get(f"/agencies/{agency.slug}/meetings/", {"near": str(ward.pk), "language": "so"})
    assert "Nothing in Hill &lt;top&gt; with Somali yet." in answer.content.decode()


def test_every_event_is_on_exactly_one_page_though_many_begin_at_once(client: Client) -> None:
    agency = an_agency()
    for number in range(45):
        an_event(agency, title=f"{number:02}")
    seen: list[str] = []
    path = f"/agencies/{agency.slug}/meetings/"
    link = ""
    while True:
        answer = client.get(path + link)
        seen += [row.title for row in answer.context["rows"]]
        link = answer.context["more"]
        if not link:
            break
    assert len(seen) == 45
    assert len(set(seen)) == 45


def test_the_same_address_gives_htmx_the_results_alone(client: Client) -> None:
    agency = an_agency()
    an_event(agency, title="Evening")
    path = f"/agencies/{agency.slug}/meetings/"
    whole, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert b"Evening" in part.content
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]


def test_more_events_cost_no_more_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    agency = an_agency()
    for _each in range(25):
        an_event(agency, venue=a_venue(agency).pk)
    with django_assert_max_num_queries(4):
        assert len(titles(client, agency)) == 20


def test_a_list_says_how_many_events_it_found_on_all_its_pages(client: Client) -> None:
    agency = an_agency()
    for _each in range(24):
        an_event(agency)
    an_event(agency, title="Walk by the mill")
    path = f"/agencies/{agency.slug}/meetings/"
    assert "25 meetings" in client.get(path).content.decode()
    assert "1 meeting " in " ".join(client.get(path, {"q": "mill"}).content.decode().split())


def test_in_spanish_the_links_lead_to_spanish_pages(client: Client) -> None:
    event = an_event()
    answer = client.get(f"/es/agencies/{event.agency.slug}/meetings/")
    assert f"/es/events/{event.pk}".encode() in answer.content
