"""A meeting is moved, a resident erased, letters announced, all at once and at the same addresses: each comes through."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone

from bench.worker_group import wait_until
from engage.activity.models import Activity
from engage.database import trying_again
from engage.retention.purge import erase_contacts
from events.event.models import Event
from events.rsvps.changing import change
from events.rsvps.erasure_dates import move_erasure_dates
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.announcing import sweep
from outreach.ledger.models import Delivery
from tests.makers.agencies import a_person
from tests.makers.api_clients import api_of
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def somebody_else() -> Iterator[psycopg.Connection[Any]]:
    """A session beside ours, which holds what it is told to hold."""
    at = connections["owner"].settings_dict
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"] or None, dbname=at["NAME"]
    ) as other:  # fmt: skip
        yield other


def beside(act: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    came: list[Any] = []

    def run() -> None:
        try:
            came.append(act())
        except Exception as raised:
            came.append(raised)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int((cursor.fetchone() or (0,))[0])


def until_waiting(number: int) -> None:
    wait_until(lambda: waiting() >= number, seconds=20, what=f"{number} who wait")


def hold(other: psycopg.Connection[Any], contact: UUID | None) -> None:
    other.execute("SELECT 1 FROM engage_contact WHERE id = %s FOR UPDATE", [contact])


def three_people() -> tuple[Event, list[Rsvp]]:
    """In the order of their contacts' ids. What they did so far is announced."""
    event = an_event()
    rsvps = [an_rsvp(event, email=f"{name}@mail.example") for name in ("ana", "binh", "cleo")]
    Activity.objects.update(announced_at=timezone.now())
    return event, sorted(rsvps, key=lambda rsvp: str(rsvp.email_contact_id))


def move_and_announce(other: psycopg.Connection[Any]) -> list[Any]:
    """The last one's act comes before the first one's, while somebody holds the one between them."""
    event, (first, between, last) = three_people()
    for rsvp in (last, first):
        change(rsvp.pk, party_size=2, now=timezone.now())
    event.ends_at += dt.timedelta(days=1)
    hold(other, between.email_contact_id)
    mover, moved = beside(lambda: in_a_transaction(lambda: move_erasure_dates(event)))
    until_waiting(1)
    announcer, announced = beside(lambda: sweep.announce(now=timezone.now()))
    until_waiting(2)
    other.rollback()
    mover.join()
    announcer.join()
    return moved + announced


def in_a_transaction(act: Callable[[], Any]) -> Any:
    from django.db import transaction

    with transaction.atomic():
        return act()


def test_a_move_and_the_announcer_never_wait_for_each_other(somebody_else: psycopg.Connection[Any]) -> None:
    assert not [one for one in move_and_announce(somebody_else) if isinstance(one, Exception)]
    assert Delivery.objects.filter(kind="place_changed").count() == 2


def test_without_the_one_order_they_do(
    somebody_else: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "hold_contacts", lambda activities: None)
    met = [one for one in move_and_announce(somebody_else) if isinstance(one, Exception)]
    assert [trying_again.met_another_change(one) for one in met] == [True]


def test_a_request_that_met_another_change_is_done_once_more_and_nobody_is_told(
    somebody_else: psycopg.Connection[Any],
) -> None:
    event, (first, _between, last) = three_people()
    liaison = api_of(event.agency)
    hold(somebody_else, last.email_contact_id)
    until = event.local_ends_at + dt.timedelta(hours=1)

    def meets_it() -> None:
        until_waiting(1)
        hold(somebody_else, first.email_contact_id)
        somebody_else.rollback()

    other, came = beside(meets_it)
    answer = liaison.patch(
        f"/events/{event.pk}/", {"ends_at": until.isoformat()}, If_Match=f'"{event.edit_version}"'
    )
    other.join()
    assert came == [None]
    assert answer.status_code == 200, answer.json()
    assert Event.objects.get(pk=event.pk).sequence == event.sequence + 1


def test_somebody_erased_while_letters_are_announced_keeps_back_nobody_elses(
    somebody_else: psycopg.Connection[Any],
) -> None:
    event, (held, other, _third) = three_people()
    gone = an_rsvp(event, email="dana@mail.example", needs=[Need("captions")])
    need = AccessRequest.objects.get(rsvp=gone)
    arrange(need, actor=a_person(event.agency), status="arranged", outcome="A screen.", now=timezone.now())
    for rsvp in (held, other):
        change(rsvp.pk, party_size=2, now=timezone.now())
    # Whoever is held makes the announcer wait in the middle of its work.
    hold(somebody_else, held.email_contact_id)
    announcer, announced = beside(lambda: sweep.announce(now=timezone.now()))
    until_waiting(1)
    eraser, erased = beside(lambda: erase_contacts([gone.email_contact_id], now=timezone.now()))  # type: ignore[list-item]
    eraser.join(timeout=1)
    somebody_else.rollback()
    announcer.join()
    eraser.join()
    assert not [one for one in announced + erased if isinstance(one, Exception)]
    told = Delivery.objects.filter(kind="place_changed").values_list("contact", flat=True)
    assert set(told) == {held.email_contact_id, other.email_contact_id}
    assert not Delivery.objects.filter(contact=gone.email_contact_id).exists()


def test_nobody_is_locked_whose_day_does_not_change(somebody_else: psycopg.Connection[Any]) -> None:
    event, rsvps = three_people()
    hold(somebody_else, rsvps[1].email_contact_id)
    in_a_transaction(lambda: move_erasure_dates(event))
