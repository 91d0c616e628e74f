"""However many meetings an agency has behind it, its pages find what they show along an index."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, an_event
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def agency() -> Agency:
    """With 5,000 imported meetings that are over, and a few of its own."""
    found, now = an_agency(), timezone.now()
    rows = []
    for number in range(5000):
        then = now - dt.timedelta(hours=24 + number)
        rows.append(
            Event(
                agency=found, title=f"Notice {number}", timezone=found.timezone, status="ended", imported=True,
                uid=f"{number}@long-ago", starts_at=then, ends_at=then + dt.timedelta(hours=1), published_at=then,
                local_starts_at=then.replace(tzinfo=None), local_ends_at=then.replace(tzinfo=None),
            )
        )  # fmt: skip
    Event.objects.bulk_create(rows, batch_size=1000)
    a_draft(found)
    an_event(found)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE events_event")
    return found


def plans(client: Client, address: str) -> str:
    """How the server would answer each question about meetings that the page asks."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    told: list[Any] = []
    with connection.cursor() as cursor:
        for row in asked.captured_queries:
            if 'FROM "events_event"' in row["sql"]:
                cursor.execute("EXPLAIN " + row["sql"])
                told += [line for (line,) in cursor.fetchall()]
    return "\n".join(told)


@pytest.mark.slow
def test_the_board_reads_no_imported_history(agency: Agency) -> None:
    plan = plans(staff(agency), f"/desk/{agency.slug}/")
    assert "event_on_the_board" in plan
    assert "Seq Scan on events_event" not in plan


@pytest.mark.slow
def test_lists_of_events_go_along_their_index_page_after_page(agency: Agency) -> None:
    liaison, public = staff(agency), Client()
    listed = liaison.get(f"/desk/{agency.slug}/events/?which=history")
    past = f"/agencies/{agency.slug}/meetings/?when=past"
    for client, address in (
        (liaison, f"/desk/{agency.slug}/events/?{listed.context['next']}"),
        (public, past),
        (public, f"/agencies/{agency.slug}/meetings/"),
        (public, f"/agencies/{agency.slug}/"),
    ):
        plan = plans(client, address)
        assert "event_list" in plan, address
        assert "Seq Scan on events_event" not in plan, address
