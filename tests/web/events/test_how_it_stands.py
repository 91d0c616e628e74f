"""Each way a meeting can stand, shown once on every surface, in both languages, and read: the same answer everywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from events.event.models import Event
from events.event.standing import EventStanding, taking_of
from events.planning.scheduling import edit
from tests.makers.agencies import an_agency
from tests.makers.api_clients import Api
from tests.makers.events import a_venue, an_event
from tests.makers.pages import html_of
from tests.makers.ways_to_stand import COME, HOUR, STATES, said, said_in_the_bar, stands
from tests.web.desk.at_the_desk import at_the_desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SPOKEN = pytest.mark.parametrize("language", ["en", "es"])
EACH = pytest.mark.parametrize("standing", list(STATES))


def page(client: Client, path: str, language: str) -> str:
    answer = client.get(path if language == "en" else f"/{language}{path}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html_of(answer))


def visible(html: str) -> str:
    return re.sub(r"<script.*?</script>|<[^>]+>", " ", html)


def structured(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    return dict(json.loads(found.group(1)))


def test_every_way_to_stand_that_the_public_can_meet_is_here() -> None:
    assert set(STATES) == set(EventStanding) - {EventStanding.DRAFT}


@EACH
@SPOKEN
def test_the_page_says_it_first_and_its_bar_offers_the_act_that_follows(
    client: Client, standing: EventStanding, language: str
) -> None:
    shown, event = STATES[standing], stands(standing)
    html = page(client, f"/events/{event.pk}", language)
    notice = re.search(r'<section class="notice[^>]*aria-labelledby="state".*?</section>', html)
    bar = re.search(r'<div class="sticky.*?</div>', html)
    assert notice
    assert bar
    # Before the facts, so on a phone's first screen.
    assert html.index(notice.group()) < html.index('<dl class="facts"')
    if standing is not EventStanding.HELD_FOR_GROUP or language == "en":
        assert said(shown.head, language) in visible(notice.group())
    assert said_in_the_bar(shown.act, language) in visible(bar.group())
    words = visible(html)
    for invitation in COME:
        if said(invitation, language) in words:
            assert invitation in shown.invites
    for invitation in shown.invites:
        assert said(invitation, language) in words
    struck = re.search(r"<s><time", html)
    assert bool(struck) == (standing is EventStanding.CANCELLED)
    assert structured(html)["eventStatus"].endswith(f"/{shown.status}")


@EACH
def test_the_list_the_api_and_the_calendar_say_the_same(client: Client, standing: EventStanding) -> None:
    event = stands(standing)
    past = "?when=past" if standing.is_over else ""
    row = page(client, f"/agencies/{event.agency.slug}/meetings/{past}", "en")
    assert STATES[standing].row in visible(row)
    told = Api().get(f"/events/{event.pk}/").json()
    found = taking_of(event, timezone.now())
    assert (told["standing"], told["taking"]) == (standing.value, found and found.value)
    assert told["moved_from"] is None
    entry = icalendar.Calendar.from_ical(client.get(f"/events/{event.pk}/invite.ics").content).walk("VEVENT")[
        0
    ]
    assert str(entry["STATUS"]) == ("CANCELLED" if standing is EventStanding.CANCELLED else "CONFIRMED")


# What stands beside the square of the poster: what somebody who reads it can do now.
POSTER = {
    EventStanding.CANCELLED: "Read more, or send a question",
    EventStanding.REPORTED: "Read what came of it",
    EventStanding.OVER: "Read what came of it",
    EventStanding.LIVE: "No more places can be saved. You can still come",
    EventStanding.LISTED: "Read more, or send a question",
    EventStanding.WALK_IN: "Just come: no RSVP needed",
    EventStanding.NOT_YET: "Places can be saved from {day}",
    EventStanding.CLOSED: "No more places can be saved. You can still come",
    EventStanding.HELD_FOR_GROUP: "Join the waitlist, or send a question",
    EventStanding.FULL: "Full now: join the waitlist, or send a question",
    EventStanding.OPEN: "Save a place, or send a question",
}


@EACH
@SPOKEN
def test_the_poster_says_it_on_top_and_what_can_be_done_now_and_nothing_else(
    client: Client, standing: EventStanding, language: str
) -> None:
    event = stands(standing)
    html = page(client, f"/events/{event.pk}/poster", language)
    words = visible(html)
    tops = {
        "Cancelled": {EventStanding.CANCELLED},
        "This meeting is over": {EventStanding.OVER, EventStanding.REPORTED},
    }
    for top, whose in tops.items():
        with translation.override(language):
            label = pgettext("meeting", top) if top == "Cancelled" else gettext(top)
        assert (label in words) == (standing in whose)
    for act in set(POSTER.values()):
        assert (said(act, language).partition("{")[0] in words) == (act == POSTER[standing])
    assert ("<s>" in html) == (standing is EventStanding.CANCELLED)


@EACH
def test_the_wall_is_there_while_people_may_come_and_asks_for_rsvps_only_where_they_are_taken(
    standing: EventStanding,
) -> None:
    event = stands(standing)
    answer = at_the_desk(event.agency).get(f"/desk/{event.agency.slug}/events/{event.pk}/wall")
    if standing.is_over or standing is EventStanding.CANCELLED:
        assert answer.status_code == 409
        return
    words = " ".join(visible(html_of(answer)).split())
    saves = {EventStanding.HELD_FOR_GROUP, EventStanding.FULL, EventStanding.OPEN}
    for language in ("en", "es"):
        assert (said("Ask a question, or save a place", language) in words) == (standing in saves)
        assert said("Ask a question", language) in words


@EACH
@SPOKEN
def test_whose_clock_is_meant_is_said_in_the_bar_too(
    client: Client, standing: EventStanding, language: str
) -> None:
    event = stands(standing, format="online", online_url="https://meet.example/1", timezone="America/Denver")
    bar = re.search(r'<div class="sticky.*?</div>', page(client, f"/events/{event.pk}", language))
    assert bar
    zone = {"en": "Mountain Time", "es": "hora de la montaña"}[language]
    assert zone.lower() in visible(bar.group()).lower()


def test_who_may_still_come_is_the_agencys_word_and_the_events_own(client: Client) -> None:
    event = stands(EventStanding.CLOSED)
    may, may_not = COME[7], "Without one you cannot come in this time."

    def says() -> tuple[bool, bool]:
        words = visible(page(client, f"/events/{event.pk}", "en"))
        return may in words, may_not in words

    assert says() == (True, False)
    type(event.agency).objects.filter(pk=event.agency_id).update(walk_in_when_closed=False)
    assert says() == (False, True)
    Event.objects.filter(pk=event.pk).update(walk_in_when_closed=True)
    assert says() == (True, False)
    # No door leads into an online room.
    Event.objects.filter(pk=event.pk).update(format="online", online_url="https://meet.example/1")
    assert says() == (False, False)


@SPOKEN
def test_one_that_moved_says_what_it_was_until_it_is_moved_back(client: Client, language: str) -> None:
    agency = an_agency()
    here, there = a_venue(agency, name="Library"), a_venue(agency, name="School", address="1 Elm St")
    event = an_event(agency, venue=here.pk)
    day = event.local_starts_at.date()
    away = {"venue": there.pk, "starts_at": f"{day}T17:00:00", "ends_at": f"{day}T18:00:00"}
    back = {"venue": here.pk, "starts_at": f"{day}T18:00:00", "ends_at": f"{day}T19:30:00"}

    def marks() -> tuple[bool, bool, Any]:
        html = page(client, f"/events/{event.pk}", language)
        row = page(client, f"/agencies/{agency.slug}/meetings/", language)
        before = said("Moved from {before}", language).partition("{")[0]
        assert (structured(html)["eventStatus"].endswith("Rescheduled")) == ("previousStartDate" in html)
        return said("New time and place", language) in visible(html), before in visible(row), html

    assert marks()[:2] == (False, False)
    edit(event.pk, actor=None, now=timezone.now(), fields=away)
    *both, html = marks()
    assert both == [True, True]
    struck = " ".join(re.findall(r"<s>(.*?)</s>", html))
    assert "Library, 12 Main St" in struck
    assert "School" not in struck
    told = Api().get(f"/events/{event.pk}/").json()
    assert told["moved_from"] == {
        "starts_at": told["moved_from"]["starts_at"],
        "ends_at": told["moved_from"]["ends_at"], "timezone": "America/Chicago", "format": "in_person",
        "venue": str(here.pk), "where": "Library, 12 Main St",
    }  # fmt: skip
    assert dt.datetime.fromisoformat(told["moved_from"]["starts_at"]) == event.starts_at
    assert structured(html)["previousStartDate"] == told["moved_from"]["starts_at"]
    edit(event.pk, actor=None, now=timezone.now(), fields=back)
    assert marks()[:2] == (False, False)
    assert Api().get(f"/events/{event.pk}/").json()["moved_from"] is None


def test_who_asks_again_after_the_clock_turned_it_is_not_told_that_nothing_changed() -> None:
    event = an_event(discreet=True)
    first = Api().get(f"/events/{event.pk}/")
    assert Api().get(f"/events/{event.pk}/", If_None_Match=first["ETag"]).status_code == 304
    # Nobody edited it: its hour came.
    Event.objects.filter(pk=event.pk).update(
        starts_at=timezone.now() - HOUR / 2, ends_at=timezone.now() + HOUR
    )
    again = Api().get(f"/events/{event.pk}/", If_None_Match=first["ETag"])
    assert (again.status_code, again.json()["standing"]) == (200, "live")
