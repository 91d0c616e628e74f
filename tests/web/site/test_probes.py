"""What supervisors, load balancers and scrapers ask."""

from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from web.site import health

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_process_is_up_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_ready_once_database_migrations_and_broker_answer(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "database": "ok",
        "migrations": "ok",
        "keys": "ok",
        "storage": "ok",
        "broker": "ok",
        "assets": "ok",
        # Told and no more: without a worker, pages are as ready as ever.
        "sweep": "late",
        "mail": "ok",
    }


def test_not_ready_without_the_broker_and_says_so(client: Client, settings: Any) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.json()["broker"] == "down"
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    health._nothing_to_migrate.cache_clear()
    recorder = MigrationRecorder(connections["owner"])
    last = recorder.migration_qs.filter(app="outreach").latest("pk")
    recorder.record_unapplied(last.app, last.name)
    try:
        answer = client.get("/readyz")
    finally:
        recorder.record_applied(last.app, last.name)
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "down"


def test_the_numbers_are_for_this_machine_only(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_does_not_open_the_numbers_to_the_world(client: Client, header: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1", headers={header: "203.0.113.9"})
    assert answer.status_code == 404


def test_a_scraper_with_the_token_reads_the_numbers(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "scrape-me"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    right, wrong = {"Authorization": "Bearer scrape-me"}, {"Authorization": "Bearer scrape-you"}
    answer = client.get("/metrics", headers=right, **elsewhere)
    assert answer.status_code == 200
    assert b"engage_deliveries_open" in answer.content
    assert client.get("/metrics", headers=wrong, **elsewhere).status_code == 404


def test_an_empty_token_setting_lets_nobody_in(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="203.0.113.9").status_code
        == 404
    )


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_not_ready_while_the_disk_has_no_room_or_the_server_only_reads(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_WRITE_EVERY", -1.0)
    assert client.get("/readyz").json()["storage"] == "ok"
    for setting in ("temp_file_limit = '64kB'", "default_transaction_read_only = on"):
        _set_for_the_web(f"SET {setting}")
        connections["default"].close()
        try:
            answer = client.get("/readyz")
        finally:
            _set_for_the_web(f"RESET {setting.split(' ', 1)[0]}")
            connections["default"].close()
        assert (answer.status_code, answer.json()["storage"]) == (503, "down"), setting


def _set_for_the_web(change: str) -> None:
    """As the superuser of the tests' own server: for every new connection of the role that serves, to this database."""
    web = connections["default"].settings_dict
    with psycopg.connect(
        host=web["HOST"], port=web["PORT"] or None, user="postgres", dbname="postgres", autocommit=True
    ) as su:
        su.execute(f'ALTER ROLE "{web["USER"]}" IN DATABASE "{web["NAME"]}" {change}')
