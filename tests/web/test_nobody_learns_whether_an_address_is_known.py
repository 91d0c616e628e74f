"""Whoever types somebody's address gets the same answer, link, page and calendar, whatever that address did before."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose
from engage.contacts.models import Contact
from engage.contacts.unproven import EVENTS_A_DAY, block
from events.event.models import Event
from events.rsvps.changing import cancel, change
from events.rsvps.links import prove_by
from events.rsvps.waitlisting import lapse_offers
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.subscriptions.subscribing import subscribe
from tests.makers.agencies import an_agency
from tests.makers.both_answers import observed
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, as_it_is, by_link, contact_of, states

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
_numbers = count(1)
# A ticket shows the first letter of each part, which is what was typed.
KNOWN, UNKNOWN = "known.maya@mail.example", "knobs.here@mail.example"


@pytest.fixture
def event() -> Event:
    """A meeting at which one address has done all that an address can do, and so at another."""
    agency = an_agency()
    event, other = an_event(agency, capacity=None), an_event(agency, capacity=None)
    assert len(KNOWN) == len(UNKNOWN)
    for each in (other, event):
        rsvp = an_rsvp(
            each, email=KNOWN, name="Maya", language="es", question="Who?", anonymous_question=False
        )
        stays = an_rsvp(each, 2, email=KNOWN)
        prove_by(by_link(stays, Purpose.RSVP_MAIL), now=timezone.now())
        cancel(rsvp.pk, by="resident", now=timezone.now())
        announce(now=timezone.now())
        # As the letters leave it that told the calendar to come, to go, and to come again.
        Contact.objects.filter(pk=contact_of(stays).pk).update(calendar_bumps=3, calendar_state="requested")
        subscribe(agency=agency, target="event", target_id=each.pk, email=KNOWN, now=timezone.now())
    subscribe(agency=agency, target="agency", target_id=agency.pk, email=KNOWN, now=timezone.now())
    return event


def _api(client: Client, path: str, body: dict[str, Any]) -> Any:
    headers = {"Idempotency-Key": str(uuid4())}
    return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def _form(client: Client, path: str, **given: Any) -> Any:
    return client.post(path, {"key": secrets.token_urlsafe(24), **given})


def _save_by_api(client: Client, event: Event, email: str) -> Iterator[Any]:
    """The answer, and everything that its links open."""
    answer = _api(
        client, f"/events/{event.pk}/rsvps/", {"email": email, "access_requests": [{"kind": "captions"}]}
    )
    assert answer.status_code == 201
    yield answer
    yield from _behind(client, answer.json()["manage_token"], answer.json()["calendar_url"])


def _save_by_form(client: Client, event: Event, email: str) -> Iterator[Any]:
    answer = _form(
        client, f"/events/{event.pk}/rsvp", party_size="1", contact="email", email=email, remind="on", language="en"
    )  # fmt: skip
    assert answer.status_code == 303
    yield answer
    yield client.get(answer["Location"])
    yield from _behind(client, answer["Location"].partition("?")[0].rpartition("/")[2])


def _behind(client: Client, token: str, calendar: str = "") -> Iterator[Any]:
    if calendar:
        answer = client.get(calendar.partition("testserver")[2] or calendar.partition(":8000")[2] or calendar)
        assert answer.status_code == 200
        yield answer
    for page in ("", "/data", "/erase", "/cancel", "/not-me"):
        yield client.get(f"/r/{token}{page}")
    for page in ("", "data/"):
        yield client.get(f"/api/v1/rsvps/{token}/{page}")
    yield client.patch(f"/api/v1/rsvps/{token}/", {"party_size": 2}, content_type="application/json")
    yield _form(client, f"/r/{token}/cancel")
    yield client.get(f"/r/{token}")
    yield _form(client, f"/r/{token}/erase")
    yield client.get(f"/r/{token}")


def _link_again(client: Client, event: Event, email: str) -> Iterator[Any]:
    yield _api(client, f"/events/{event.pk}/rsvps/resend/", {"email": email})
    yield _form(client, f"/events/{event.pk}/my-link", email=email)
    yield client.get(f"/events/{event.pk}/my-link")


def _follow(client: Client, event: Event, email: str) -> Iterator[Any]:
    slug = event.agency.slug
    for target, pk in (("event", event.pk), ("agency", event.agency_id)):
        body = {"agency": slug, "target": target, "target_id": str(pk), "email": email}
        yield _api(client, "/subscriptions/", body)
        yield _form(client, f"/agencies/{slug}/follow", target=target, id=str(pk), email=email, language="en")


def _ask(client: Client, event: Event, email: str) -> Iterator[Any]:
    body = {"anonymous": False, "kind": "question", "body": "Who decides?", "email": email}
    for path in (f"/events/{event.pk}/contributions/", f"/agencies/{event.agency.slug}/contributions/"):
        yield _api(client, path, body)
    for path in (f"/events/{event.pk}/ask", f"/agencies/{event.agency.slug}/ask"):
        answer = _form(client, path, kind="question", body="Who decides?", contact="email", email=email)
        yield answer
        yield client.get(answer["Location"])


_ACTS: list[Callable[[Client, Event, str], Iterator[Any]]] = [
    _save_by_api, _save_by_form, _link_again, _follow, _ask,
]  # fmt: skip


def _outsider() -> Client:
    """Each from a network of its own: how often that one asked is no news of the address."""
    return Client(REMOTE_ADDR=f"198.51.100.{next(_numbers)}")


def _seen(act: Callable[[Client, Event, str], Iterator[Any]], event: Event, email: str) -> list[Any]:
    return [observed(answer, email, email.lower()) for answer in act(_outsider(), event, email)]


def _alike(known: list[Any], unknown: list[Any]) -> None:
    assert len(known) == len(unknown) >= 3
    for number, (one, other) in enumerate(zip(known, unknown, strict=True)):
        for name, part, its_like in zip(("status", "headers", "body", "length"), one, other, strict=True):
            differs = "\n".join(
                unified_diff(str(part).splitlines(), str(its_like).splitlines(), lineterm="", n=0)
            )
            assert part == its_like, f"answer {number}, {name}: {differs}"
        assert one[0] < 500


@pytest.mark.parametrize("act", _ACTS, ids=[act.__name__.strip("_") for act in _ACTS])
def test_a_known_and_an_unknown_address_are_answered_alike(
    act: Callable[[Client, Event, str], Iterator[Any]], event: Event
) -> None:
    _alike(_seen(act, event, KNOWN), _seen(act, event, UNKNOWN))


@pytest.mark.slow
def test_so_is_one_whose_owner_said_not_me_and_one_that_is_spelled_another_way(event: Event) -> None:
    for email in ("KNOWN.maya@mail.example", "known.maya+x@mail.example"):
        other = "k" * (len(email) - len("@mail.example")) + "@mail.example"
        _alike(_seen(_save_by_api, event, email), _seen(_save_by_api, event, other))
    block(KNOWN, now=timezone.now())
    _alike(_seen(_save_by_api, event, KNOWN), _seen(_save_by_api, event, UNKNOWN))
    _alike(_seen(_follow, event, KNOWN), _seen(_follow, event, UNKNOWN))


def _sequences(client: Client, event: Event, email: str) -> list[str]:
    made = _api(client, f"/events/{event.pk}/rsvps/", {"email": email}).json()
    calendars = [made["calendar_url"], f"/events/{event.pk}/invite.ics"]
    texts = [
        client.get("/" + each.partition("://")[2].partition("/")[2] if "://" in each else each)
        for each in calendars
    ]
    return [
        line for text in texts for line in text.content.decode().splitlines() if line.startswith("SEQUENCE")
    ]


def test_the_number_in_a_calendar_is_the_events_own_wherever_a_form_leads(event: Event) -> None:
    assert set(_sequences(Client(), event, KNOWN)) == {f"SEQUENCE:{event.sequence}"}
    assert set(_sequences(Client(), event, UNKNOWN)) == {f"SEQUENCE:{event.sequence}"}


def _used_up_elsewhere(email: str) -> None:
    """As often as anybody can: from now on a meeting that never wrote to the address will not confirm a place."""
    elsewhere = an_agency()
    for _ in range(EVENTS_A_DAY):
        an_rsvp(an_event(elsewhere), email=email)
    announce(now=timezone.now())


@pytest.mark.parametrize("days_before", [20, 0])
def test_what_becomes_of_an_rsvp_in_the_queue_is_the_same_for_both(days_before: int) -> None:
    """Whoever fills a meeting, waits under somebody's address, and gives a seat back, reads it on their own screen."""
    event = an_event(capacity=2)
    holder = an_rsvp(event, email=KNOWN)
    prove_by(by_link(holder, Purpose.RSVP_MAIL), now=timezone.now())
    announce(now=timezone.now())
    seats = [an_rsvp(event)]
    change(holder.pk, party_size=1, now=timezone.now())
    for email in (KNOWN, UNKNOWN):
        _used_up_elsewhere(email)
    waiting = [an_rsvp(event, email=email) for email in (KNOWN, UNKNOWN)]
    announce(now=timezone.now())
    now = max(event.starts_at - dt.timedelta(days=days_before), timezone.now())
    for rsvp in (holder, *seats):
        cancel(rsvp.pk, by="resident", now=now)
    first = states(*waiting)
    assert len(set(first)) == 1
    announce(now=now)
    told = Delivery.objects.filter(
        subject_id__in=[rsvp.pk for rsvp in waiting], kind__in=["offer", "promoted"]
    )
    assert sorted(told.values_list("state", flat=True)) == ["due", "due"]
    if days_before:
        told.update(state="sent", settled_at=now)
        assert first == ["offered", "offered"]
        lapse_offers(now=event.starts_at - dt.timedelta(hours=5))
        assert {(row.status, row.offers_lapsed) for row in map(as_it_is, waiting)} == {("offered", 1)}
