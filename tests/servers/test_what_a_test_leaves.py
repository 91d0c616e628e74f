"""After a test that commits, the next one finds what a migration leaves, whatever was written and by whom."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connections
from django.utils import timezone

from config.startup.keys import remember_after_migrating
from demo.made_year.loading import load
from tests import emptying
from tests.emptying import empty_tables
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.web_servers import database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
STAYS = {"auth_permission", "django_content_type", "engage_keymark"}


def tables_with_rows() -> set[str]:
    found = set()
    with connections["owner"].cursor() as cursor:
        for table in connections["owner"].introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                found.add(table)
    return found - {"django_migrations"}


def marks_of_the_keys() -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT setting, number, mark FROM engage_keymark ORDER BY setting, number")
        return list(cursor.fetchall())


@pytest.mark.slow
def test_nothing_is_left_of_a_year_and_the_record_goes_too() -> None:
    load(now=timezone.now())
    assert {"engage_activity", "engage_commitmentupdate", "outreach_summaryversion"} <= tables_with_rows()
    empty_tables()
    assert tables_with_rows() == STAYS


def test_little_is_deleted_and_much_goes_with_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def files() -> Any:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT pg_relation_filenode('events_event')")
            return cursor.fetchone()

    before = files()
    an_rsvp(an_event())
    empty_tables()
    assert (tables_with_rows(), files()) == (STAYS, before)
    monkeypatch.setattr(emptying, "_LARGE", 0)
    an_rsvp(an_event())
    empty_tables()
    assert tables_with_rows() == STAYS
    assert files() != before


def test_the_marks_of_the_keys_are_those_of_the_settings_again() -> None:
    before = marks_of_the_keys()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE engage_keymark SET mark = 'another'")
    empty_tables()
    assert marks_of_the_keys() == before != []
    remember_after_migrating(using="owner")
    assert marks_of_the_keys() == before


def test_who_is_still_writing_is_waited_for() -> None:
    agency = an_agency()
    with psycopg.connect(database_urls()["DATABASE_OWNER_URL"]) as late:
        late.execute("UPDATE engage_agency SET name = 'late' WHERE id = %s", [agency.pk])
        late.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('late', '', now())"
        )
        threading.Timer(0.3, late.commit).start()
        began = time.monotonic()
        empty_tables()
        assert time.monotonic() - began > 0.2
    assert tables_with_rows() == STAYS


def test_every_table_of_ours_is_emptied() -> None:
    with connections["owner"].cursor() as cursor:
        emptied = emptying.sizes_of_tables(cursor).keys()
    ours = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    assert ours - emptied <= {"django_content_type", "auth_permission"}
