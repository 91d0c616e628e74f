"""A page that says how many are told counts by what the announcing goes by: so many letters arrive, for each kind of act."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning import lifecycle
from outreach.ledger.models import Delivery
from outreach.summaries.writing import approve, draft
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, an_event
from tests.makers.followers import a_follower, stops_following
from tests.makers.mail_server import Post, a_mail_server, addressee_of
from tests.makers.rsvps import an_rsvp, given_back
from tests.web.desk.at_the_desk import at_the_desk, filled_in, page, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
_NUMBER = re.compile(r"(\d+) (?:person|people) (?:who|is told|are told)")


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with a_mail_server() as running:
        settings.MAIL_SERVER = running.server
        settings.MAIL_FROM = "meetings@harbor.example"
        yield running


@dataclass
class Town:
    """An event that was announced: some follow, some hold a place, some did and do no longer."""

    agency: Agency
    event: Event
    liaison: Client


def a_town() -> Town:
    agency = an_agency(slug="harbor-falls")
    gone = a_follower(agency, "gone@mail.example")
    for number in range(3):
        a_follower(agency, f"follows{number}@mail.example")
    event = an_event(agency, capacity=4)
    go_round()
    stops_following(gone)
    a_follower(agency, "late@mail.example")
    an_rsvp(event, 2, email="family@mail.example")
    an_rsvp(event, email="ana@mail.example")
    an_rsvp(event, 2, email="waits@mail.example")
    an_rsvp(event)
    given_back(an_rsvp(event, email="left@mail.example"), now=timezone.now())
    go_round()
    return Town(agency, event, at_the_desk(agency))


def publishing(town: Town) -> tuple[str, Callable[[], Any]]:
    draft = a_draft(town.agency)
    path = page(draft, "publish")
    return text_of(town.liaison.get(path)), lambda: town.liaison.post(path)


def cancelling(town: Town) -> tuple[str, Callable[[], Any]]:
    path = page(town.event, "cancel")
    asked = town.liaison.get(path)
    yes = {"reason": "Flood.", "confirm": asked.context["question"].digest}
    return text_of(asked), lambda: town.liaison.post(path, yes)


def reinstating(town: Town) -> tuple[str, Callable[[], Any]]:
    _words, act = cancelling(town)
    assert act().status_code == 302
    go_round()
    path = page(town.event, "reinstate")
    asked = town.liaison.get(path)
    yes = {"confirm": asked.context["question"].digest}
    return text_of(asked), lambda: town.liaison.post(path, yes)


def moving(town: Town) -> tuple[str, Callable[[], Any]]:
    path = page(town.event, "edit")
    asked = town.liaison.post(path, filled_in(town.liaison, path, starts="17:00"))
    again = dict(asked.context["sent"])
    return text_of(asked), lambda: town.liaison.post(path, again)


def a_summary(town: Town) -> tuple[str, Callable[[], Any]]:
    lifecycle.end(lifecycle.start(town.event, now=timezone.now()).event, now=timezone.now())
    version = draft(town.event, actor=None, now=timezone.now()).version
    version = approve(version, actor=a_person(town.agency, "leader"), now=timezone.now())
    where = {"slug": town.agency.slug, "event_id": town.event.pk}
    path = reverse("event_summary_publish", kwargs=where)
    sent = filled_in(town.liaison, path)
    return text_of(town.liaison.get(path)), lambda: town.liaison.post(path, sent)


def an_update(town: Town) -> tuple[str, Callable[[], Any]]:
    commitment = a_commitment(town.agency)
    for number in range(2):
        a_follower(town.agency, f"waits{number}@mail.example", "commitment", commitment.pk)
    stops_following(a_follower(town.agency, "enough@mail.example", "commitment", commitment.pk))
    where = {"slug": town.agency.slug, "commitment_id": commitment.pk}
    path = reverse("desk_commitment", kwargs=where)
    sent = filled_in(town.liaison, path, note="It is ordered.", status="in_progress")
    return text_of(town.liaison.get(path)), lambda: town.liaison.post(path, sent)


ACTS = {act.__name__: act for act in (publishing, cancelling, reinstating, moving, a_summary, an_update)}
KINDS = {
    "publishing": ["new_meeting"],
    "cancelling": ["event_cancelled", "meeting_cancelled"],
    "reinstating": ["event_reinstated", "meeting_reinstated"],
    "moving": ["event_moved", "meeting_moved"],
    "a_summary": ["summary"],
    "an_update": ["commitment_update"],
}


@pytest.mark.parametrize("name", [*ACTS])
def test_as_many_letters_arrive_as_the_page_said(post: Post, name: str) -> None:
    town = a_town()
    words, act = ACTS[name](town)
    told = [int(number) for number in _NUMBER.findall(words)]
    assert told, words
    go_round()
    before = len(post.letters)
    assert act().status_code == 302
    go_round()
    addresses = sorted(addressee_of(letter) for letter in post.letters[before:])
    assert sum(told) == len(addresses) == len(set(addresses)), (words, addresses)


@pytest.mark.parametrize("name", [*ACTS])
def test_where_an_address_is_there_twice_the_number_is_the_ledgers_and_tells_nothing_of_it(
    post: Post, name: str
) -> None:
    town = a_town()
    for address in ("ana@mail.example", "follows0@mail.example"):
        an_rsvp(town.event, email=address)
    go_round()
    words, act = ACTS[name](town)
    told = [int(number) for number in _NUMBER.findall(words)]
    go_round()
    assert act().status_code == 302
    seen = set(Delivery.objects.filter(kind__in=KINDS[name]).values_list("pk", flat=True))
    go_round()
    rows = Delivery.objects.filter(kind__in=KINDS[name]).exclude(pk__in=seen)
    assert sum(told) == rows.aggregate(n=Sum("places", default=0))["n"]
