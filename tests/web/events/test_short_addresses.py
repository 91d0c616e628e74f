"""The address of a meeting that can be typed from a poster."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.event.models import Event
from events.event.short_addresses import ALPHABET, give_short_codes, short_address
from events.planning.lifecycle import cancel, publish
from outreach.worker import rounds
from tests.makers.agencies import an_agency
from tests.makers.api_clients import the_public
from tests.makers.events import a_draft, an_event

pytestmark = pytest.mark.django_db


def path_of(event: Event) -> str:
    return "/m/" + event.short_code


def seen(answer: Any) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status_code, headers, answer.content


def test_a_short_address_leads_to_the_events_page_in_the_readers_language() -> None:
    event = an_event()
    assert re.fullmatch(f"[{ALPHABET}]{{6}}", event.short_code)
    for path in (path_of(event), path_of(event).upper().replace("/M/", "/m/")):
        assert Client().get(path)["Location"] == f"/events/{event.pk}"
    in_spanish = Client(headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert in_spanish.get(path_of(event))["Location"] == f"/es/events/{event.pk}"
    # A poster in Spanish says so to whatever camera reads it.
    assert Client().get(path_of(event) + "?lang=es")["Location"] == f"/es/events/{event.pk}"
    assert Client().head(path_of(event)).status_code == 302
    assert Client().post(path_of(event)).status_code == 405


def test_what_is_not_for_everybody_has_the_same_answer_as_what_is_not_there() -> None:
    """Asked at one and the same address, before and after there is something behind it."""
    hidden = [an_event(audience="invited"), an_event(audience="staff"), an_event(), an_event()]
    codes = [event.short_code for event in hidden]
    assert all(codes)
    addresses = [f"/m/{code}" for code in codes]
    Event.objects.filter(pk=hidden[2].pk).update(status="draft")
    Event.objects.filter(pk=hidden[3].pk).update(audience="staff")
    while_there = [seen(Client().get(address)) for address in addresses]
    Event.objects.update(short_code="")
    assert [seen(Client().get(address)) for address in addresses] == while_there
    # Nor does the code itself stand in the answer: all of them are one.
    assert {answer[0] for answer in while_there} == {404}
    assert len({answer[2] for answer in while_there}) == 1
    assert seen(Client().get("/m/no-such-thing")) == while_there[0]
    assert not any(short_address(event) for event in Event.objects.filter(pk__in=[e.pk for e in hidden]))


def test_a_draft_has_none_and_keeps_the_one_of_its_first_publishing_for_ever() -> None:
    draft = a_draft()
    assert draft.short_code == ""
    assert the_public().get(f"/events/{draft.pk}/").status_code == 404
    event = publish(draft, actor=None, now=timezone.now()).event
    code = event.short_code
    shown = the_public().get(f"/events/{event.pk}/").json()["short_url"]
    assert shown == short_address(event)
    assert shown.endswith(f"/m/{code}")
    cancel(event, reason="Water in the hall", actor=None, now=timezone.now())
    assert Client().get(path_of(event))["Location"] == f"/events/{event.pk}"
    assert Event.objects.get(pk=event.pk).short_code == code


def test_whoever_guesses_is_slowed_and_whoever_knows_is_not(settings: Any) -> None:
    settings.THROTTLES, settings.RATES = "on", settings.RATES | {"token_guesses": (5, 600)}
    event = an_event()
    assert [Client().get("/m/bbbbbb").status_code for _ in range(7)] == [404] * 5 + [429] * 2
    assert Client().get(path_of(event)).status_code == 302


def test_no_two_have_the_same_and_none_says_a_word() -> None:
    events = [Event(published_at=timezone.now()) for _ in range(3000)]
    with CaptureQueriesContext(connection) as asked:
        give_short_codes(events)
    codes = [event.short_code for event in events]
    assert len(set(codes)) == 3000
    assert len(asked) <= 3
    assert not any(re.search(r"(.)\1|[aeiouy]|mrd|ngr", code) for code in codes)
    # What has one keeps it.
    give_short_codes(events)
    assert [event.short_code for event in events] == codes


def test_what_the_version_before_published_gets_its_address_within_a_minute() -> None:
    agency = an_agency()
    events = [an_event(agency), an_event(agency)]
    draft = a_draft(agency)
    Event.objects.update(short_code="")
    tag = the_public().get(f"/events/{events[0].pk}/")["ETag"]
    assert the_public().get(f"/events/{events[0].pk}/").json()["short_url"] is None
    rounds.go("short_addresses")
    for event in events:
        event.refresh_from_db()
        assert Client().get(path_of(event))["Location"] == f"/events/{event.pk}"
    draft.refresh_from_db()
    assert draft.short_code == ""
    # Whoever kept the answer without it learns that there is a new one.
    assert the_public().get(f"/events/{events[0].pk}/")["ETag"] != tag
    with CaptureQueriesContext(connection) as asked:
        rounds.ROUNDS["short_addresses"].go(timezone.now())
    assert len(asked) == 1
