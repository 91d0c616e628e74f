"""Staff move a meeting while its residents and the worker are at it; a purge that is killed; a server told to end."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, ask, counted, mailed, residents
from bench.ground import ROOT


def _key(event: object) -> str:
    from django.utils import timezone

    from engage.roles.permissions import SCOPES_OF_ROLE
    from engage.roles.tokens import issue
    from tests.makers.agencies import a_person

    host = event.agency  # type: ignore[attr-defined]
    person = a_person(host, "liaison")
    scopes = sorted(SCOPES_OF_ROLE["liaison"])
    return issue(person=person, agency=host, scopes=scopes, label="", now=timezone.now())[1]


@drill("moves", fault="a meeting moved 80 times while places are saved and the worker announces", expected="no 5xx, each place there; no deadlock counted by the database")  # fmt: skip
def moves() -> Observed:
    from collections import Counter

    from django.db import connection

    with a_site() as site:
        event = an_event()
        headers = {"Authorization": f"Bearer {_key(event)}"}
        moved: Counter[int] = Counter()
        with residents(site, event, many=4, pause=0.02) as seen:
            for number in range(80):
                start = dt.datetime.fromisoformat("2027-03-01T18:00:00") + dt.timedelta(days=number)
                body = {
                    "starts_at": start.isoformat(), "ends_at": (start + dt.timedelta(hours=1)).isoformat(),
                    "timezone": "America/Chicago",
                }  # fmt: skip
                status, *_ = ask(
                    site.port, "PATCH", f"/api/v1/events/{event.pk}/?confirm=true", body, headers
                )
                if status == 400:
                    status, *_ = ask(site.port, "PATCH", f"/api/v1/events/{event.pk}/", body, headers)
                moved[status] += 1
        right, rows = counted(event, seen)
        with connection.cursor() as cursor:
            cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            (deadlocks,) = cursor.fetchone()
    held = (
        right
        and not any(status >= 500 or not status for status in [*moved, *seen.statuses])
        and not deadlocks
    )
    return Observed(held, f"moves {dict(moved)}; {seen}; {rows}; {deadlocks} deadlocks")


_PURGE = """
import django
django.setup()
from django.utils import timezone
from engage.retention.purge import purge
purge(now=timezone.now())
"""


@drill("purge_killed", fault="the purge killed in the middle of 20,000 people", expected="what is gone stands in the record of destructions")  # fmt: skip
def purge_killed() -> Observed:
    from django.utils import timezone

    with a_site("web"):
        from bench.people import invited_people
        from engage.contacts.models import Contact
        from engage.retention.models import Destruction
        from events.rsvps.models import Rsvp

        event = an_event()
        invited_people(event, 20_000)
        over = timezone.now() - dt.timedelta(days=2)
        for kind in (Contact, Rsvp):
            kind.objects.update(erase_after=over.date())
        before = Contact.objects.count() + Rsvp.objects.count()
        child = subprocess.Popen(
            [sys.executable, "-c", _PURGE], cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and Contact.objects.count() + Rsvp.objects.count() > before - 3000:
            if child.poll() is not None:
                return Observed(False, f"the purge ended by itself with {child.returncode}")
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        gone = before - Contact.objects.count() - Rsvp.objects.count()
        written = sum(sum(one.counts.values()) for one in Destruction.objects.all())
    return Observed(0 < gone <= written, f"{gone} rows gone, {written} written down")


@drill("ended_under_load", fault="SIGTERM to the web server under load, another started at once, 3 times", expected="nobody who was answered is lost or doubled; each letter once (that nobody is cut takes a second replica: proxy_rolling_restart)")  # fmt: skip
def ended_under_load() -> Observed:
    def turn(site: Site) -> None:
        site.kill("web", signal.SIGTERM)
        site.start("web")

    with a_site() as site:
        event = an_event()
        with residents(site, event) as seen:
            for _ in range(3):
                time.sleep(2)
                turn(site)
            time.sleep(2)
        right, rows = counted(event, seen)
        arrived, post = mailed(site, seen, seconds=60)
    return Observed(right and arrived, f"{seen}; {rows}; {post}")
