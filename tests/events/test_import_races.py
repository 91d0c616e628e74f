"""Two people import the same file at the same time, each in a transaction of their own."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from events.event.models import Event, Venue
from events.imports.importing import import_file
from tests.makers.agencies import an_agency


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_imports_of_one_file_at_once_make_each_event_once(tmp_path: Path) -> None:
    agency = an_agency()
    path = tmp_path / "notices.json"
    days = [dt.datetime(2027, 1, 1, 18) + dt.timedelta(days=number) for number in range(300)]
    path.write_text(
        json.dumps([{"title": "Beat Meeting", "start": day.isoformat()} for day in days]), encoding="utf-8"
    )
    made: list[int] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            made.append(import_file(path, agency=agency, now=timezone.now()).outcomes["created"])
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(made) == [0, 0, 0, 300]
    assert Event.objects.count() == 300
    assert Venue.objects.count() == 1
