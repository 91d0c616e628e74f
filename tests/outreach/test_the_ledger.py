"""Claim, begin, outcome: what must hold whoever dies, and however many work at once."""

from __future__ import annotations

import datetime as dt
import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from engage.contacts.keeping import keep_contact
from engage.contacts.models import Contact
from outreach.ledger import outcomes as outcome
from outreach.ledger.claiming import begin, claim, recover_lost, release
from outreach.ledger.models import Delivery
from outreach.ledger.suppressing import suppress
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def a_contact(event: object = None) -> Contact:
    event = event or an_event()
    return keep_contact(
        agency=event.agency,  # type: ignore[attr-defined]
        scope=Contact.Scope.EVENT,
        scope_id=event.pk,  # type: ignore[attr-defined]
        channel="email",
        address=f"{uuid4().hex}@mail.example",
        language="en",
        now=timezone.now(),
        erase_after=None,
    )


def rows(count: int, **fields: object) -> list[UUID]:
    contact = a_contact()
    made = [
        Delivery(
            agency_id=contact.agency_id,
            occasion=f"test:{uuid4()}",
            kind="confirmation",
            contact=contact,
            **({"due_at": timezone.now() - dt.timedelta(minutes=1)} | fields),
        )
        for _ in range(count)
    ]
    return [row.pk for row in Delivery.objects.bulk_create(made)]


def lease_over() -> None:
    Delivery.objects.filter(claimed_until__isnull=False).update(
        claimed_until=timezone.now() - dt.timedelta(seconds=1)
    )


def test_ten_workers_at_once_claim_each_row_once() -> None:
    made = set(rows(200))
    claimed: list[UUID] = []
    start = threading.Barrier(10)

    def work() -> None:
        start.wait()
        try:
            while batch := claim(7).ids:
                claimed.extend(batch)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 200
    assert set(claimed) == made


def test_an_answer_to_a_click_goes_before_a_reminder_and_a_reminder_before_a_broadcast() -> None:
    earlier = timezone.now() - dt.timedelta(hours=2)
    broadcasts = rows(60, lane=2, due_at=earlier)
    reminders = rows(3, lane=1)
    answers = rows(2, lane=0)
    first = claim().ids
    assert (set(first[:2]), set(first[2:5])) == (set(answers), set(reminders))
    assert len(first) == 50
    assert set(first[5:]) < set(broadcasts)


def test_what_is_due_tomorrow_stays_where_it_is() -> None:
    rows(3, due_at=timezone.now() + dt.timedelta(days=1))
    assert claim().ids == []


def test_a_claimed_row_whose_worker_died_is_due_again_and_counts_no_attempt() -> None:
    (row,) = rows(1)
    claim()
    assert claim().ids == []
    lease_over()
    assert recover_lost() == 1
    found = Delivery.objects.get(pk=row)
    assert (found.state, found.attempts, found.reason) == ("due", 0, "")


def test_a_row_whose_worker_died_while_sending_is_repeated_alone_and_at_most_five_times() -> None:
    (row,) = rows(1, lane=0, due_at=timezone.now() - dt.timedelta(hours=1))
    others = set(rows(3))
    for attempt in range(1, 7):
        batch = claim()
        assert batch.ids[0] == row
        assert set(batch.ids[1:]) == (others if attempt == 1 else set())
        assert begin(row, batch.token)
        lease_over()
        recover_lost()
    found = Delivery.objects.get(pk=row)
    assert (found.state, found.attempts, found.reason) == ("failed", 6, "worker_lost")
    assert set(claim().ids) == others


def test_nothing_is_begun_on_the_last_seconds_of_a_lease() -> None:
    (row,) = rows(1)
    batch = claim()
    Delivery.objects.filter(pk=row).update(claimed_until=timezone.now() + dt.timedelta(seconds=80))
    assert begin(row, batch.token) is None


def test_a_worker_that_lost_its_lease_writes_nothing_over_the_next_one() -> None:
    (row,) = rows(1)
    slow = claim()
    assert begin(row, slow.token)
    lease_over()
    recover_lost()
    quick = claim()
    assert begin(row, quick.token)
    assert not outcome.sent(row, slow.token)
    assert outcome.sent(row, quick.token)
    assert not outcome.failed(row, slow.token, reason="smtp_550")
    assert Delivery.objects.get(pk=row).state == "sent"


def test_what_is_suppressed_after_the_claim_is_never_begun() -> None:
    (row,) = rows(1)
    batch = claim()
    assert suppress(Delivery.objects.filter(pk=row), reason="unsubscribed", now=timezone.now()) == 1
    assert begin(row, batch.token) is None
    assert claim().ids == []


def test_what_a_batch_did_not_begin_is_given_back() -> None:
    made = rows(3)
    batch = claim()
    assert begin(batch.ids[0], batch.token)
    outcome.sent(batch.ids[0], batch.token)
    assert release(batch.token) == 2
    assert set(claim().ids) == set(made) - {batch.ids[0]}


def test_backoff_grows_has_jitter_and_ends() -> None:
    pauses = [[outcome.pause_after(attempt) for _ in range(50)] for attempt in range(1, 20)]
    assert all(len(set(some)) > 40 for some in pauses)
    assert max(pauses[0]) <= 30
    assert max(pauses[-1]) <= 2700
    (row,) = rows(1, attempts=outcome.MOST_ATTEMPTS - 1)
    batch = claim()
    begin(row, batch.token)
    outcome.again_later(row, batch.token, reason="smtp_450", attempts=outcome.MOST_ATTEMPTS)
    found = Delivery.objects.get(pk=row)
    assert (found.state, found.reason) == ("failed", "smtp_450")


def test_the_same_occasion_reaches_a_contact_once() -> None:
    contact = a_contact()
    for _ in range(2):
        Delivery.objects.bulk_create(
            [
                Delivery(
                    agency_id=contact.agency_id, occasion="activity:1", kind="confirmation", contact=contact
                )
            ],
            ignore_conflicts=True,
        )
    assert Delivery.objects.count() == 1


def test_claiming_reads_the_index_of_what_is_due_and_not_the_ledger() -> None:
    rows(300, state="sent")
    rows(300, lane=2, due_at=timezone.now() + dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM outreach_delivery WHERE state = 'due' AND lane = 0 AND due_at <= now()"
            " ORDER BY due_at, id LIMIT 50"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "delivery_due" in plan
