"""What an address went through before shows nowhere to whoever types it: bounced, "not me", full up or proven, all the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from events.rsvps import links, waitlisting
from events.rsvps.links import Reach
from events.rsvps.models import Rsvp
from outreach.ledger.models import Delivery
from outreach.sending import handed_over
from tests.attackers.conftest import EVENINGS
from tests.attackers.looking_for_her import ANOTHER, HER, Town, differences, twice
from tests.attackers.waiting_under_her_address import SCENES, SURFACES, a_small_event

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
Towns = Callable[..., Town]


def nobody_was_there(town: Town, whose: str) -> None:
    """Neither address was ever typed: the two records must be the same for a reason that has nothing to do with her."""


STATES = {"none": nobody_was_there} | {name: EVENINGS[name] for name in EVENINGS if name != "gave it back"}
TELLING = ["bounced", "said not me", "at its limit"]


def _takes_one(taken: list[str], to: str) -> str | None:
    """Her mailbox takes the letter that says she waits, and is gone when the offer comes."""
    if to not in {HER, ANOTHER}:
        return None
    taken.append(to)
    return "550 5.1.1 nobody of that name" if taken.count(to) > 1 else None


def told(town: Town, state: str, scene: str, surface: str, *, mailbox_goes: bool = False) -> list[str]:
    """What the scene tells of the state: where the record with hers differs from the one with another's."""
    a_small_event(town)

    def before(there: Town, whose: str) -> None:
        STATES[state](there, whose)
        if mailbox_goes:
            taken: list[str] = []
            there.post.at_recipient = partial(_takes_one, taken)

    found = differences(*twice(town, before, lambda there: SCENES[scene](there, SURFACES[surface])))
    town.post.at_recipient = lambda to: None
    return found


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("surface", SURFACES)
def test_a_stranger_who_types_it_sees_the_same(town: Towns, surface: str, scene: str, state: str) -> None:
    found = told(town(), state, scene, surface)
    assert found == [], "\n\n".join(found)


@pytest.mark.parametrize("state", TELLING)
@pytest.mark.parametrize("scene", ["a seat is free", "a seat comes free"])
def test_so_does_a_liaison(town: Towns, scene: str, state: str) -> None:
    found = told(town("liaison"), state, scene, "page")
    assert found == [], "\n\n".join(found)


@pytest.mark.parametrize("scene", SCENES)
def test_so_does_whoever_types_one_whose_mailbox_goes_in_between(town: Towns, scene: str) -> None:
    """That a letter comes back shows no more than that one had come back before, and none goes now."""
    found = told(town(), "bounced", scene, "API", mailbox_goes=True)
    assert found == [], "\n\n".join(found)


def test_seating_at_once_whom_no_letter_reaches_would_tell(town: Towns, monkeypatch: Any) -> None:
    def reachable(rsvp: Rsvp) -> bool:
        contact = rsvp.email_contact
        return contact is not None and contact.unreachable_since is None

    monkeypatch.setattr(waitlisting, "can_be_asked", reachable)
    there = town()
    for state in ("bounced", "said not me"):
        assert told(there, state, "a seat comes free", "page") != []


def test_a_new_link_on_the_screen_where_no_letter_goes_would_tell(town: Towns, monkeypatch: Any) -> None:
    honest = links.make_link_new

    def telling(reach: Reach, *, now: Any) -> str | None:
        made = honest(reach, now=now)
        contact = reach.rsvp.email_contact
        if contact is not None and contact.unreachable_since is not None:
            return mint(Purpose.RSVP_SCREEN, reach.rsvp.pk, reach.rsvp.link_version)
        return made

    monkeypatch.setattr("web.rsvps.manage.make_link_new", telling)
    assert told(town(), "bounced", "a seat is free", "page") != []


def test_an_offer_that_ends_with_its_letter_would_tell(town: Towns, monkeypatch: Any) -> None:
    honest = handed_over._give_up_on

    def telling(delivery: Delivery) -> None:
        honest(delivery)
        if delivery.kind == "offer" and delivery.subject_id:
            waitlisting.decline(delivery.subject_id, now=timezone.now())

    monkeypatch.setattr(handed_over, "_give_up_on", telling)
    assert told(town(), "bounced", "a seat comes free", "API", mailbox_goes=True) != []
