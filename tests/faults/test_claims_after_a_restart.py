"""The database goes away under a batch: what was claimed is given back when it is there again, not when a lease ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.utils import InterfaceError

from outreach.ledger.models import Delivery
from outreach.sending import owed_writes
from outreach.sending.batch import send_due
from outreach.worker.rounds import go_round
from tests.faults.test_the_channels_faults import people, states
from tests.makers.mail_server import CurtPost
from tests.outreach.test_a_batch_under_way import Meanwhile

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def cut(pid: int) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def my_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int((cursor.fetchone() or (0,))[0])


def test_a_database_that_restarts_under_a_batch_leaves_no_claim_behind(relay: CurtPost) -> None:
    people(5)
    pid = my_backend()
    send_until_settled(lambda: cut(pid))
    assert not Delivery.objects.filter(state__in=["claimed", "sending"]).exists()
    go_round()
    assert states() == {("sent", "", 1)}
    assert len({identity for _to, identity in relay.letters}) == len(relay.letters) == 5


def send_until_settled(happens: Callable[[], object]) -> None:
    from engage.database.clock import database_now
    from outreach.announcing.sweep import announce

    announce(now=database_now())
    send_due(open_channel=lambda: Meanwhile(happens))


def test_what_could_not_be_written_is_written_before_anything_else_is_claimed(
    relay: CurtPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed_writes, "_PAUSES", ())
    people(5)
    real = connection.ensure_connection
    away: list[int] = []

    def not_there(*_: Any, **__: Any) -> None:
        if away:
            raise OperationalError("the database system is starting up")
        real()

    monkeypatch.setattr(connection, "ensure_connection", not_there)
    pid = my_backend()
    with pytest.raises((OperationalError, InterfaceError)):
        send_until_settled(lambda: (away.append(1), cut(pid)))
    with pytest.raises((OperationalError, InterfaceError)):
        go_round()
    away.clear()
    assert Delivery.objects.filter(state__in=["claimed", "sending"]).count() == 5
    go_round()
    assert states() == {("sent", "", 1)}
    assert len({identity for _to, identity in relay.letters}) == len(relay.letters) == 5
