"""The list of an agency's meetings: filters that work as links, page by page, whole or as a part for htmx."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning.lifecycle import cancel
from tests.makers.agencies import a_community, an_agency
from tests.makers.events import a_draft, a_venue, an_event, begins_at
from tests.makers.pages import html_of

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
    answer = client.get(f"/agencies/{agency.slug}/meetings/", {"near": "online"})
    assert re.search(r'value="online" selected', html_of(answer))
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
    found = html_of(client.get(path, {"q": "mill"}))
    assert "<span>1 meeting</span>" in found
    assert "<span>“mill”</span>" in found


def test_in_spanish_the_links_lead_to_spanish_pages(client: Client) -> None:
    event = an_event()
    answer = client.get(f"/es/agencies/{event.agency.slug}/meetings/")
    assert f"/es/events/{event.pk}".encode() in answer.content


def on_day(agency: Agency, day: dt.date, title: str, *, hour: int = 18, lasting: int = 2) -> Event:
    """By the clock of Chicago."""
    event, zone = an_event(agency, title=title), ZoneInfo(agency.timezone)
    at = dt.datetime.combine(day, dt.time(hour), zone)
    begins_at(event, at, lasting=dt.timedelta(hours=lasting))
    return event


def test_both_days_count_on_the_clock_of_the_venue_and_of_several_days_any_will_do(client: Client) -> None:
    agency, first = an_agency(), dt.date(2040, 1, 10)
    day = dt.timedelta(days=1)
    # Late in Chicago it is the next day in Greenwich.
    on_day(agency, first - day, "Evening before", hour=23, lasting=1)
    on_day(agency, first - day, "Three days", lasting=48)
    on_day(agency, first, "First", hour=0)
    on_day(agency, first + day, "Last", hour=23)
    on_day(agency, first + 2 * day, "Morning after", hour=0)
    asked = {"from": str(first), "to": str(first + day)}
    assert titles(client, agency, **asked) == ["Three days", "First", "Last"]
    assert titles(client, agency, **{"from": str(first + day)}) == ["Three days", "Last", "Morning after"]
    assert titles(client, agency, to=str(first - day)) == ["Three days", "Evening before"]
    found = html_of(client.get(f"/agencies/{agency.slug}/meetings/", asked))
    assert (
        "<span>from Tuesday, January 10, 2040</span><span>until Wednesday, January 11, 2040</span>"
        in found.replace("> <", "><")
    )
    for past in ({}, {"when": "past"}):
        answer = client.get(
            f"/agencies/{agency.slug}/meetings/", {"from": "2001-01-01", "to": "2001-01-31"} | past
        )
        assert "No meeting matches" in html_of(answer)


def test_days_that_are_none_are_refused_with_the_rule_at_their_field(client: Client) -> None:
    agency = an_agency()
    an_event(agency, title="Evening")
    path = f"/agencies/{agency.slug}/meetings/"
    for asked, name, rule in (
        ({"from": "2040-02-30"}, "from", "Give a day that exists, such as 2027-03-14."),
        ({"to": "\0"}, "to", "Give a day"),
        ({"from": "0900-01-01"}, "from", "Give a day between 1900 and 2200."),
        ({"from": "2040-02-03", "to": "2040-02-02"}, "to", "Give Friday, February 3, 2040, or a later one."),
    ):
        answer = client.get(path, asked)
        words = html_of(answer)
        assert answer.status_code == 400, asked
        assert re.search(rf'<a href="#id_{name}">[^<]*{re.escape(rule)}', words), asked
        assert re.search(rf'<span class="usa-error-message" id="id_{name}_error">', words)
        assert '<details class="disclose" data-open-wide open>' in words
        assert "Evening" not in words
        part = client.get(path, asked, headers={"HX-Request": "true"})
        assert part.status_code == 400
        assert rule in html_of(part)
    assert "Reuniones" in html_of(client.get(f"/es{path}", {"from": "2040-02-30"}))


def test_the_list_says_each_month_and_from_which_day_the_next_page_goes_on(client: Client) -> None:
    agency, first = an_agency(), dt.date(2040, 1, 25)
    for number in range(22):
        on_day(agency, first + dt.timedelta(days=number), f"{number:02}")
    path = f"/agencies/{agency.slug}/meetings/"
    answer = client.get(path)
    words = html_of(answer)
    assert re.findall(r'<h2 class="month">(.*?)</h2>', words) == ["January 2040", "February 2040"]
    assert words.index("February 2040") < words.index(">07</a>")
    assert re.search(r'rel="next">Meetings from February 14, 2040</a>', words)
    rest = html_of(client.get(path + answer.context["more"]))
    assert re.findall(r'<h2 class="month">(.*?)</h2>', rest) == ["February 2040"]
    assert ">20</a>" in rest
    assert "22 meetings" in rest
    spanish = html_of(client.get(f"/es{path}"))
    assert '<h2 class="month">Enero de 2040</h2>' in spanish
    assert "Reuniones desde el 14 de febrero de 2040" in spanish


def test_past_events_are_listed_the_same_way(client: Client) -> None:
    agency = an_agency()
    for number in range(21):
        in_the_past(an_event(agency, title=f"{number:02}"), 40 * number + 1)
    words = html_of(client.get(f"/agencies/{agency.slug}/meetings/", {"when": "past"}))
    months = re.findall(r'<h2 class="month">(.*?)</h2>', words)
    assert len(months) == 20
    assert "21 meetings" in words
    assert re.search(r'rel="next">Meetings on .* and earlier</a>', words)


def test_groups_stand_beside_neighborhoods_as_somewhere_to_look(client: Client) -> None:
    agency = an_agency()
    ward = a_community(agency, name="Northbank")
    elders = a_community(agency, name="Somali elders", kind="age")
    an_event(agency, title="Supper").communities.add(elders)
    an_event(agency, title="Walk").communities.add(ward)
    words = html_of(client.get(f"/agencies/{agency.slug}/meetings/"))
    assert re.search(r'<optgroup label="Neighborhood"> ?<option value="[^"]*">Northbank', words)
    assert re.search(r'<optgroup label="Age group"> ?<option value="[^"]*">Somali elders', words)
    assert titles(client, agency, near=str(elders.pk)) == ["Supper"]
