"""Loading the made-up year: in seconds, on any day, and never in production."""

from __future__ import annotations

import datetime as dt
import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from demo.made_year.agencies import MAIN
from demo.made_year.loading import load
from engage.agencies.models import Agency
from engage.commitments.figures import follow_through
from engage.local_time import local_day
from events.event.models import Event

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def cpu_seconds_of_reading_an_event(times: int) -> float:
    """What most of a load is made of, at the pace of this machine and of its neighbors just now."""
    pk = Event.objects.values_list("pk", flat=True).earliest("starts_at")
    began = time.process_time()
    for _time in range(times):
        Event.objects.select_related("agency", "venue").get(pk=pk)
    return time.process_time() - began


def test_it_is_there_in_seconds(now: dt.datetime) -> None:
    statements: list[str] = []

    def counted(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    began = time.process_time()
    with connection.execute_wrapper(counted):
        load(now=now)
    took = time.process_time() - began
    # As many acts as before, without a savepoint for each: 6,700 statements, where there were 9,800.
    assert len(statements) < 7_000
    # Seven and a half times as long, whatever else the machine does.
    assert took < 9 * cpu_seconds_of_reading_an_event(times=500)


def test_made_up_people_have_no_business_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    for command in ("load_demo", "demo_credentials"):
        with pytest.raises(CommandError):
            call_command(command, stdout=io.StringIO())
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    "day",
    [
        dt.datetime(2027, 3, 14, 12, tzinfo=dt.UTC),
        dt.datetime(2027, 11, 7, 5, 30, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 29, 3, tzinfo=dt.UTC),
        dt.datetime(2029, 1, 1, 0, 0, 1, tzinfo=dt.UTC),
    ],
)
def test_it_holds_on_any_day_of_the_year(day: dt.datetime) -> None:
    assert load(now=day)
    assert not Event.objects.filter(ends_at__lte=day, status="published").exists()
    agency = Agency.objects.get(slug=MAIN)
    told = follow_through(agency=agency, today=local_day(agency.timezone, day), public=False)["counts"]
    assert (told["total"], told["late"], told["at_risk"]) == (41, 5, 4)


def test_without_the_made_up_year_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="load_demo"):
        call_command("demo_credentials", output=tmp_path / "credentials.json")
    assert not (tmp_path / "credentials.json").exists()
