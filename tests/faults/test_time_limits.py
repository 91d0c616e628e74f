"""A row or a table that somebody holds stops what needs it, for some seconds, and nothing else."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction

from config import time_limits
from config.serving import crowded_threads
from config.serving.crowded_threads import CrowdedThreads
from engage.agencies.models import Agency
from engage.database.faults import fault_of
from engage.listening.models import Contribution
from events.event.models import Event
from events.rsvps.models import Rsvp
from tests.makers.api_clients import the_public
from tests.makers.events import an_event
from tests.makers.web_servers import ROOT, Answer, a_web_server, database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@contextlib.contextmanager
def somebody_holds(statement: str, *values: Any) -> Iterator[None]:
    """A second connection that takes a lock and keeps it until the block ends."""
    with psycopg.connect(database_urls()["DATABASE_OWNER_URL"]) as other:
        other.execute(statement, values)
        yield
        other.rollback()


@contextlib.contextmanager
def limits_here(limits: time_limits.TimeLimits) -> Iterator[None]:
    """This process' own, so that a test need not wait for the real ones (which the first test does)."""
    usual = time_limits.of_this_process()
    time_limits.this_process_does(limits)
    connection.close()
    connection.settings_dict["OPTIONS"]["options"] = limits.as_options()
    try:
        yield
    finally:
        time_limits.this_process_does(usual)
        connection.settings_dict["OPTIONS"]["options"] = usual.as_options()
        connection.close()


def holding_the_row_of(event: Event) -> contextlib.AbstractContextManager[None]:
    return somebody_holds("SELECT 1 FROM events_event WHERE id = %s FOR UPDATE", event.pk)


def is_told_to_come_again(answer: Answer) -> bool:
    told = answer.status == 503 and 1 <= int(answer.headers["retry-after"]) <= 60
    return told and answer.json()["code"] == "busy"


@pytest.mark.slow
def test_twenty_people_at_an_event_whose_row_is_held_stop_nobody_else() -> None:
    held, free = an_event(capacity=None), an_event(capacity=None)
    with a_web_server(processes=2) as web, holding_the_row_of(held):
        web.ask(
            "POST", f"/api/v1/events/{free.pk}/rsvps/", {}
        )  # the first of each process reads the templates
        web.ask("POST", f"/api/v1/events/{free.pk}/rsvps/", {})
        refused: list[Answer] = []
        crowd = threading.Thread(
            target=lambda: refused.extend(
                web.all_ask([lambda: web.ask("POST", f"/api/v1/events/{held.pk}/rsvps/", {})] * 20)
            )
        )
        crowd.start()
        others = []
        while crowd.is_alive():
            others += [
                web.ask("POST", f"/api/v1/events/{free.pk}/rsvps/", {}),
                web.ask("GET", "/api/v1/events/"),
                web.ask("GET", "/healthz"),
            ]
        crowd.join()
    assert [answer.status for answer in others] == [201, 200, 200] * (len(others) // 3)
    assert max(answer.seconds for answer in others) < 2.5
    assert all(is_told_to_come_again(answer) for answer in refused), [answer.status for answer in refused]
    assert max(answer.seconds for answer in refused) < 6
    assert Rsvp.objects.filter(event=held).count() == 0


_ONE_SECOND = time_limits.TimeLimits(lock=1, statement=15, idle=30)
_NONE = time_limits.TimeLimits(lock=0, statement=0, idle=0)


@pytest.mark.parametrize("table", ["engage_activity", "engage_contact"])
def test_a_table_that_is_locked_holds_an_rsvp_for_the_limit_and_not_longer(table: str) -> None:
    event = an_event(capacity=None)
    with limits_here(_ONE_SECOND), somebody_holds(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"):
        begun = time.monotonic()
        answer = the_public().post(f"/events/{event.pk}/rsvps/", {"email": "ana@mail.example"})
        took = time.monotonic() - begun
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert 0.9 < took < 5
    again = the_public().post(f"/events/{event.pk}/rsvps/", {"email": "ana@mail.example"})
    assert again.status_code == 201


def test_a_page_says_it_too_in_the_readers_language(client: Any) -> None:
    event = an_event(capacity=None)
    client.raise_request_exception = False
    held = somebody_holds("LOCK TABLE events_event IN ACCESS EXCLUSIVE MODE")
    with limits_here(_ONE_SECOND), held:
        answer = client.get(f"/es/events/{event.pk}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "cambiando lo mismo" in answer.content.decode()


@pytest.mark.slow
def test_without_limits_the_same_row_holds_an_rsvp_for_as_long_as_it_is_held() -> None:
    """The danger, with the guard off."""
    event = an_event(capacity=None)
    answers: list[Any] = []

    def ask() -> None:
        answers.append(the_public().post(f"/events/{event.pk}/rsvps/", {}))
        connection.close()

    asking = threading.Thread(target=ask)
    with limits_here(_NONE):
        with holding_the_row_of(event):
            asking.start()
            asking.join(timeout=4)
            assert not answers
        asking.join(timeout=20)
    assert [answer.status_code for answer in answers] == [201]


def test_the_half_of_the_threads_that_came_last_wait_only_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event(capacity=None)
    monkeypatch.setattr(crowded_threads, "_under_way", crowded_threads._THREADS // 2)
    with holding_the_row_of(event):
        begun = time.monotonic()
        answer = the_public().post(f"/events/{event.pk}/rsvps/", {})
    assert answer.status_code == 503
    assert time.monotonic() - begun < 1.7
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("2s",)  # it held for that transaction only


def test_requests_of_a_quiet_process_cost_no_statement_more(django_assert_num_queries: Any) -> None:
    def asked(_request: Any) -> Any:
        with transaction.atomic():
            return list(Agency.objects.all())

    with django_assert_num_queries(3):  # BEGIN, SELECT, COMMIT
        CrowdedThreads(asked)(None)  # type: ignore[arg-type]


def limits_of(*command: str) -> list[str]:
    """What a process of the project's own asks for, by its entrance."""
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | database_urls(), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


_SHOW = (
    "from django.db import connections\n"
    "for name in ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'):\n"
    "    with connections[{alias!r}].cursor() as cursor:\n"
    "        cursor.execute('SHOW ' + name)\n"
    "        print(cursor.fetchone()[0])\n"
)
_WEB = "import config.wsgi\n" + _SHOW.format(alias="default")
_WORKER = (
    "import config\nconfig.celery_app.set_default()\n"
    "from celery.signals import worker_init\nimport django\ndjango.setup()\n"
    "worker_init.send(sender=None)\n" + _SHOW.format(alias="default")
)


@pytest.mark.slow
def test_web_worker_commands_and_migrations_each_have_their_own() -> None:
    assert limits_of(sys.executable, "-c", _WEB) == ["2s", "15s", "30s"]
    assert limits_of(sys.executable, "-c", _WORKER) == ["20s", "5min", "2min"]
    both = _SHOW.format(alias="default") + _SHOW.format(alias="owner")
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", both]
    assert limits_of(*shell) == ["20s", "0", "10min", "10s", "0", "10min"]


def test_an_options_word_in_the_address_still_wins() -> None:
    database: dict[str, Any] = {"OPTIONS": {"options": "-c lock_timeout=9s"}}
    time_limits.give(database, time_limits.REQUESTS)
    time_limits.give(database, time_limits.WORK)
    assert database["OPTIONS"]["options"].endswith("-c lock_timeout=9s")
    assert database["OPTIONS"]["options"].count("lock_timeout") == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("55P03", "busy"), ("40P01", "busy"), ("40001", "busy"),
        ("57014", "too_slow"), ("25P03", "too_slow"), ("25P04", "too_slow"),
        ("53300", "too_many_at_once"),
        ("53100", "no_room"), ("53200", "no_room"), ("53400", "no_room"),
        ("25006", "read_only"),
        ("57P01", "unavailable"), ("57P02", "unavailable"), ("57P03", "unavailable"), ("57P05", "unavailable"),
        ("08006", "unavailable"), ("58030", "unavailable"), ("53000", "unavailable"),
    ],
)  # fmt: skip
def test_every_fault_of_the_moment_is_503_with_a_code_of_its_own(state: str, code: str) -> None:
    """Raised by the server itself, through the API and through a page."""
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'ana@mail.example' USING ERRCODE = '{state}'; END $$")
    fault = fault_of(raised.value)
    assert fault is not None
    assert fault.code == code
    assert 1 <= fault.come_back_in <= 60


@pytest.mark.parametrize("state", ["23502", "42P01", "42501", "22P02", "54001", "XX000", "P0001"])
def test_a_fault_that_would_come_again_is_not_said_to_be_one_of_the_moment(state: str) -> None:
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    assert fault_of(raised.value) is None


def test_a_server_that_said_nothing_at_all_is_away() -> None:
    for error in (OperationalError("gone"), InterfaceError("closed")):
        fault = fault_of(error)
        assert fault is not None
        assert fault.code == "unavailable"
    assert fault_of(IntegrityError("x")) is None
    assert fault_of(ValueError("x")) is None
    assert fault_of(None) is None


def test_a_value_that_our_code_forgot_to_write_is_our_fault_and_no_conflict() -> None:
    event = an_event(capacity=None)
    with connection.cursor() as cursor, _a_column_the_code_does_not_know():
        answer = the_public().post(
            f"/events/{event.pk}/rsvps/",
            {"name": "Ana", "question": "Why is the light out?", "anonymous_question": False},
        )
        cursor.execute("SELECT 1")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert not Contribution.objects.exists()


@contextlib.contextmanager
def _a_column_the_code_does_not_know() -> Iterator[None]:
    with psycopg.connect(database_urls()["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ALTER TABLE engage_contribution ADD COLUMN newer text NOT NULL")
        try:
            yield
        finally:
            owner.execute("ALTER TABLE engage_contribution DROP COLUMN newer")


def test_a_statement_that_takes_too_long_is_stopped_and_said() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        with pytest.raises(OperationalError) as stopped:
            cursor.execute("SELECT pg_sleep(5)")
        transaction.set_rollback(True)
    fault = fault_of(stopped.value)
    assert fault is not None
    assert fault.code == "too_slow"
