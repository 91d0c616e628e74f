"""A stranger, and a liaison who was her partner, look everywhere for whether she has a place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from engage.activity.models import Activity
from engage.contacts.models import Contact
from events.calendars import export
from events.event.models import Event
from events.planning.foreseeing import Told
from events.rsvps.models import Rsvp
from tests.attackers.conftest import EVENINGS
from tests.attackers.looking_for_her import (
    Town,
    calls_with_an_address,
    differences,
    routes_that_take_an_address,
    twice,
    what_is_seen,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
Towns = Callable[..., Town]


@pytest.mark.parametrize("evening", EVENINGS)
@pytest.mark.parametrize("who", ["", "liaison"], ids=["a stranger", "a liaison"])
def test_nothing_tells_whether_the_rsvp_is_hers(town: Towns, who: str, evening: str) -> None:
    known, unknown = twice(town(who), EVENINGS[evening], what_is_seen)
    assert len(known) > 100
    found = differences(known, unknown)
    assert found == [], "\n\n".join(found)


def test_the_walk_types_her_address_wherever_the_api_takes_one() -> None:
    assert routes_that_take_an_address() == set(calls_with_an_address())


def found_with(town: Town, evening: str, *routes: str) -> list[str]:
    """What one way of typing and one place to look tell."""
    return differences(*twice(town, EVENINGS[evening], partial(what_is_seen, only=frozenset(routes))))


def test_a_feed_with_residents_acts_would_tell_a_liaison(town: Towns, monkeypatch: Any) -> None:
    there = town("liaison")
    ways = ("api:event-rsvps-resend", "api:activity")
    assert found_with(there, "comes", *ways) == []
    monkeypatch.setattr("api.v1.insights.acts_shown_to", lambda _viewer: Activity.objects.all())
    assert found_with(there, "comes", *ways) != []


def test_a_count_of_addresses_would_tell_a_liaison(town: Towns, monkeypatch: Any) -> None:
    def addresses(event: Event, _act: str) -> Told:
        return Told(Contact.objects.filter(scope_id=event.pk).count())

    there = town("liaison")
    ways = ("api:event-rsvps", "cancel_event")
    assert found_with(there, "comes", *ways) == []
    monkeypatch.setattr("events.planning.foreseeing.told_of", addresses)
    assert found_with(there, "comes", *ways) != []


def test_a_calendar_that_counts_the_turns_of_an_address_would_tell_a_stranger(
    town: Towns, monkeypatch: Any
) -> None:
    honest = export.rsvp_calendar

    def telling(rsvp: Rsvp, **choices: Any) -> bytes:
        turns = rsvp.email_contact.calendar_bumps if rsvp.email_contact else 0
        rsvp.event.sequence += turns
        return honest(rsvp, **choices)

    there = town()
    ways = ("api:event-rsvps", "rsvp_calendar")
    assert found_with(there, "gave it back", *ways) == []
    monkeypatch.setattr("web.events.calendars.rsvp_calendar", telling)
    assert found_with(there, "gave it back", *ways) != []
