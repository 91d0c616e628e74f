"""What came of last time, on the page of the next meeting: the last summary of its dialogue, and its promises as they stand."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments import tracking
from engage.commitments.models import Commitment
from engage.listening.models import Dialogue
from events.event.models import Event
from events.planning.agenda import add_item
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import an_event, begins_at
from tests.makers.pages import html_of
from tests.makers.summaries import a_published_summary, an_event_that_is_over

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def dialogue(agency: Agency) -> Dialogue:
    return a_dialogue(agency, stage="open")


def held(agency: Agency, dialogue: Dialogue | None, ago: int, **fields: Any) -> Event:
    event = an_event_that_is_over(agency, dialogue=dialogue, **fields)
    begins_at(event, timezone.now() - ago * DAY)
    return event


def owed(agency: Agency, title: str, due: int, *, ago: int = 30) -> Commitment:
    day = today_of(agency) + due * DAY
    return a_commitment(agency, title=title, due_on=day, now=timezone.now() - ago * DAY)


def shown(client: Client, event: Event, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/events/{event.pk}")
    assert answer.status_code == 200
    return html_of(answer)


def part(html: str) -> str:
    found = re.search(r'<section class="section" aria-labelledby="last-time">.*?</section>', html)
    return found.group() if found else ""


def test_the_last_summary_is_a_link_and_each_commitment_says_how_it_stands_the_late_ones_first(
    client: Client, agency: Agency, dialogue: Dialogue
) -> None:
    long_ago, last = held(agency, dialogue, 90, title="Spring"), held(agency, dialogue, 20, title="Autumn")
    kept = owed(agency, "Print the form", 5)
    tracking.update(
        kept,
        actor=None,
        now=timezone.now(),
        status="kept",
        evidence=[{"url": "https://a.example/1", "title": "It"}],
    )
    moved = owed(agency, "Name the officer", -9)
    tracking.update(
        moved, actor=None, now=timezone.now(), due_on=today_of(agency) + 9 * DAY, reason="The vendor."
    )
    promised = [kept, owed(agency, "Light the stairs", 30), moved, owed(agency, "Say the reason", -4)]
    a_published_summary(last, will_do=[str(each.pk) for each in promised])
    # It came later, and is of an earlier evening.
    a_published_summary(long_ago)
    said = part(shown(client, an_event(agency, dialogue=dialogue)))
    assert f'<a href="/events/{last.pk}/summary"' in said
    assert "What we heard: Autumn" in said
    assert "Spring" not in said
    order = [
        said.index(each)
        for each in ("Say the reason", "Name the officer", "Print the form", "Light the stairs")
    ]
    assert order == sorted(order)
    for word in ("Late by 4 days", "Late on its first date", "Kept on time", "On track", "1 late"):
        assert word in said
    assert said.count(f'href="/agencies/{agency.slug}/promises/') == 4
    spanish = part(shown(client, an_event(agency, dialogue=dialogue), "/es"))
    assert f'href="/es/events/{last.pk}/summary"' in spanish
    assert "Qué salió de la última vez" in spanish


def test_a_point_that_reports_back_leads_to_its_commitment_and_a_draft_is_for_staff_alone(
    client: Client, agency: Agency
) -> None:
    event, late = an_event(agency), owed(agency, "Say the reason", -4)
    draft = a_commitment(agency, draft=True, title="Not yet said")
    now = timezone.now()
    add_item(event, actor=None, now=now, title="What we promised", minutes=10, commitment=late.pk)
    add_item(event, actor=None, now=now, title="Something new", commitment=draft.pk)
    html = shown(client, event)
    address = f"/agencies/{agency.slug}/promises/{late.number}/"
    assert re.search(rf'<a href="{address}">What we promised, 10 minutes</a>.*?Late by 4 days', html)
    assert "<li>Something new</li>" in html


def test_an_evening_that_nobody_has_reported_on_yet_is_said_before_the_older_summary(
    client: Client, agency: Agency, dialogue: Dialogue
) -> None:
    ahead = an_event(agency, dialogue=dialogue)
    assert part(shown(client, ahead)) == ""
    unreported = held(agency, dialogue, 30)
    said = part(shown(client, ahead))
    assert f'href="/events/{unreported.pk}"' in said
    assert "The summary is late." in said
    reported = held(agency, dialogue, 60, title="Spring")
    a_published_summary(reported)
    said = part(shown(client, ahead))
    assert said.index("The summary is late.") < said.index("What we heard: Spring")
    assert "No promise was made at this meeting." in said
    a_published_summary(unreported)
    said = part(shown(client, ahead))
    assert "The summary is" not in said
    assert f"/events/{unreported.pk}/summary" in said
    # History that was only imported was never to be reported on.
    Event.objects.filter(pk=held(agency, dialogue, 3).pk).update(imported=True, rsvp_mode="none")
    assert part(shown(client, ahead)) == said


def test_one_looks_back_from_a_past_evening_on_what_was_before_it_alone(
    client: Client, agency: Agency, dialogue: Dialogue
) -> None:
    first, second = held(agency, dialogue, 60, title="Spring"), held(agency, dialogue, 20, title="Autumn")
    for event in (first, second):
        a_published_summary(event)
    said = part(shown(client, second))
    assert "What came of the meeting before" in said
    add_item(second, actor=None, now=timezone.now(), title="Welcome")
    assert "What was planned" in shown(client, second)
    assert "What we heard: Spring" in said
    assert part(shown(client, first)) == ""


@pytest.mark.parametrize(
    "hidden",
    [{"audience": "staff"}, {"audience": "invited"}, {"discreet": True}],
    ids=["staff", "invited", "discreet"],
)
def test_what_a_page_that_may_be_kept_does_not_name_is_not_looked_back_on(
    client: Client, agency: Agency, dialogue: Dialogue, hidden: dict[str, Any]
) -> None:
    ahead, evening = (
        an_event(agency, dialogue=dialogue),
        held(agency, dialogue, 20, title="Survivors’ evening"),
    )
    owned = owed(agency, "Say the reason", 9)
    a_published_summary(evening, will_do=[str(owned.pk)])
    Event.objects.filter(pk=evening.pk).update(**hidden)
    answer = client.get(f"/events/{ahead.pk}")
    assert part(html_of(answer)) == ""
    assert answer["Cache-Control"] == "public, max-age=60"
    # The page of a discreet meeting is kept by nothing, and may name the one before it.
    Event.objects.filter(pk=ahead.pk).update(discreet=True)
    answer = client.get(f"/events/{ahead.pk}")
    assert ("Survivors’ evening" in part(html_of(answer))) == ("discreet" in hidden)
    assert answer["Cache-Control"] == "no-store"


def test_another_dialogue_and_another_agency_are_not_looked_back_on(
    client: Client, agency: Agency, dialogue: Dialogue
) -> None:
    a_published_summary(held(agency, a_dialogue(agency, stage="open"), 20))
    a_published_summary(held(agency, None, 20))
    assert part(shown(client, an_event(agency, dialogue=dialogue))) == ""
    assert part(shown(client, an_event(agency))) == ""


def test_looking_back_costs_as_many_queries_on_many_commitments_and_points_as_on_one(
    client: Client, agency: Agency, dialogue: Dialogue
) -> None:
    ahead, counted = an_event(agency, dialogue=dialogue), []
    without = queries(client, an_event(agency))
    for number, ago in ((1, 20), (9, 10)):
        promised = [owed(agency, f"Light lamp {each}", each - 3) for each in range(number)]
        a_published_summary(held(agency, dialogue, ago), will_do=[str(each.pk) for each in promised])
        held(agency, dialogue, ago - 1)
        for each in promised:
            add_item(ahead, actor=None, now=timezone.now(), title="Report", commitment=each.pk)
        counted.append(queries(client, ahead))
    assert counted == [without + 3] * 2
    assert "4 more promises" in part(shown(client, ahead))


def queries(client: Client, event: Event) -> int:
    client.get(f"/events/{event.pk}")
    with CaptureQueriesContext(connection) as asked:
        shown(client, event)
    return len(asked)
