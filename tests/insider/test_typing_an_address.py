"""Somebody of the staff knows an address and wants to know whether its owner comes: they type it and look around."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from api.endpoint import Endpoint
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from tests.insider.walking import Town, _routes, differing
from tests.makers.api_clients import the_public

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]

HERS, OTHERS = "ana@mail.example", "zoe@mail.example"
_QUESTION: Final = {"kind": "question", "body": "Why was I stopped?"}
_SIGNED: Final = _QUESTION | {"anonymous": False, "email": HERS}


def _page(path: str, **fields: Any) -> Any:
    answer = Client(raise_request_exception=False).post(path, {"key": secrets.token_urlsafe(24)} | fields)
    assert answer.status_code in {200, 202, 302, 303}, (path, answer.status_code)


def _call(path: str, body: dict[str, Any]) -> None:
    answer = the_public().post(path, body)
    assert answer.status_code in {201, 202}, (path, answer.content)


# Every form and call in which anybody can type an address; in one act, so that none makes it known to the next.
ACTS: Final[dict[str, Callable[[Town], None]]] = {
    "event-rsvps-resend": lambda t: _call(f"/events/{t.event.pk}/rsvps/resend/", {"email": HERS}),
    "my_link": lambda t: _page(f"/events/{t.event.pk}/my-link", email=HERS),
    "subscriptions": lambda t: _call("/subscriptions/", {"agency": t.agency.slug, "email": HERS}),
    "follow": lambda t: _page(f"/agencies/{t.agency.slug}/follow", email=HERS, language="en"),
    "event-contributions": lambda t: _call(f"/events/{t.over.pk}/contributions/", _SIGNED),
    "ask_event": lambda t: _page(
        f"/events/{t.over.pk}/ask", kind="question", body="Why?", contact="email", email=HERS
    ),
    "agency-contributions": lambda t: _call(f"/agencies/{t.agency.slug}/contributions/", _SIGNED),
    "dialogue-contributions": lambda t: _call(f"/dialogues/{t.names['dialogue_id']}/contributions/", _SIGNED),
    "ask_us": lambda t: _page(
        f"/agencies/{t.agency.slug}/ask/", kind="question", body="Why?", contact="email", email=HERS
    ),
    "event-rsvps": lambda t: _call(f"/events/{t.event.pk}/rsvps/", {"email": HERS}),
    "save_rsvp": lambda t: _page(
        f"/events/{t.event.pk}/rsvp", party_size="1", contact="email", email=HERS, remind="on", language="en"
    ),
}
# What leaves no trace of its own anywhere must change nothing; what is one more place or question looks the same.
TRACELESS: Final = ("event-rsvps-resend", "my_link", "subscriptions", "follow")
_TOGETHER: Final = (
    (*TRACELESS, "agency-contributions", "dialogue-contributions", "ask_us"),
    ("event-contributions", "save_rsvp"),
    ("ask_event", "event-rsvps"),
)


def test_every_call_that_takes_an_address_from_anybody_is_tried_here() -> None:
    found = set()
    for name, pattern, _parts in _routes(get_resolver(), "", frozenset()):
        endpoint = getattr(pattern.callback, "view_class", None)
        if endpoint is not None and issubclass(endpoint, Endpoint):
            post = endpoint.operation_of("POST")
            if post and post.counted and post.body and "email" in post.body().fields:
                found.add(name.removeprefix("api:"))
        # At the door a device of the staff acts, and behind a link whoever holds it; "me too" takes a mark and nothing else.
        elif (
            getattr(pattern.callback, "csrf_exempt", False)
            and "token" not in _parts
            and "door" not in name
            and name != "me_too"
        ):
            found.add(name)
    assert found == set(ACTS)


def settle_and_sleep_over_it() -> None:
    """The worker writes and sends what is due; then it is two days later."""
    while announce(now=timezone.now()):
        continue
    two_days = dt.timedelta(days=2)
    Delivery.objects.filter(state="due").update(state="sent", settled_at=timezone.now())
    Delivery.objects.update(created_at=F("created_at") - two_days, settled_at=F("settled_at") - two_days)


@pytest.mark.parametrize(
    ("acts", "later"),
    [(_TOGETHER[0], True), (_TOGETHER[1], False), (_TOGETHER[2], True)],
    ids=lambda it: str(it)[:24],
)
def test_nothing_that_staff_read_differs_between_an_address_that_comes_and_one_that_does_not(
    acts: tuple[str, ...], later: bool
) -> None:
    known, unknown = (all_that_is_read_after(acts, address, later=later) for address in (HERS, OTHERS))
    assert differing(known, unknown) == {}


def all_that_is_read_after(acts: Iterable[str], address: str, *, later: bool) -> dict[str, str]:
    """In a town where somebody with this address comes. later: when the days are over that staff see counts of."""
    cache.clear()
    alone = transaction.savepoint()
    town = Town.with_rsvp_of(address)
    settle_and_sleep_over_it()
    for act in acts:
        ACTS[act](town)
    if later:
        settle_and_sleep_over_it()
    seen = town.everything()
    transaction.savepoint_rollback(alone)
    return seen


def test_what_leaves_no_trace_of_its_own_changes_no_byte_of_what_staff_read() -> None:
    town = Town.with_rsvp_of(HERS)
    settle_and_sleep_over_it()
    before = town.everything(to_the_byte=True)
    for act in TRACELESS:
        ACTS[act](town)
    while announce(now=timezone.now()):
        continue
    assert differing(before, town.everything(to_the_byte=True)) == {}
