"""A purge may be killed anywhere: every row that is gone stands in a record, and the next run goes on."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from bench.worker_group import wait_until
from engage.contacts.models import Contact
from engage.retention import purge as retention
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.destruction import destroyed
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.web_servers import ROOT, database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

_SMALL_BATCHES = """
import datetime as dt
from django.utils import timezone
from engage.retention import purge as retention
retention.BATCH = 2
retention.purge(now=timezone.now() + dt.timedelta(days=400))
"""


def there() -> Counter[str]:
    return Counter(rsvp=Rsvp.objects.count(), contact=Contact.objects.count())


def written_down(agency_id: UUID) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in destroyed(agency_id).values():
        total.update(counts)
    return total


@pytest.mark.slow
def test_what_a_killed_purge_destroyed_is_written_down(tmp_path: Path) -> None:
    event = an_event(an_agency(), capacity=None)
    for number in range(80):
        an_rsvp(event, email=f"r{number}@mail.example")
    before = there()
    log = tmp_path / "purge.log"
    with log.open("wb") as said:
        purge = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", _SMALL_BATCHES], cwd=ROOT,
            env=os.environ | database_urls(), stdout=said, stderr=said,
        )  # fmt: skip
    wait_until(
        lambda: there()["rsvp"] < before["rsvp"],
        seconds=60,
        what="the purge's first batch",
        child=purge,
        log=log,
    )
    purge.send_signal(signal.SIGKILL)
    purge.wait()
    gone = before - there()
    assert gone["rsvp"] > 0
    assert written_down(event.agency_id) == gone
    retention.purge(now=timezone.now() + dt.timedelta(days=400))
    assert written_down(event.agency_id) == before
    assert not there().total()


def test_a_purge_that_has_taken_long_ends_by_itself_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = an_event(an_agency(), capacity=None)
    an_rsvp(event, email="ana@mail.example")
    later = timezone.now() + dt.timedelta(days=400)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "_A_RUN", 0.0)
        assert retention.purge(now=later) == {}
    assert retention.purge(now=later) == {"rsvp": 1, "contact": 1}
