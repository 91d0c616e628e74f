"""The log of writes, a plain dump, the cache and the web's log together do not say who asked what, or where one comes again.

In pairs: the danger with a guard off, then the same attack with the guards on (docs/privacy.md).
"""

from __future__ import annotations

import bisect
import datetime as dt
import json
import logging
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.watching.log_writing import JsonLines
from engage.contacts import unproven
from engage.contacts.models import Contact
from engage.listening import intake
from engage.listening.intake import empty_intake
from engage.sealing.intake import Words
from events.event.models import Event
from outreach.announcing.sweep import announce
from tests.makers.agencies import an_agency
from tests.makers.evenings import ASKERS, Evening, an_evening
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.server_disks import cached, plain_dump, positions_of, server_is_ours, the_log_of_writes

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
# Twenty texts laid at random beside twenty askers: one is right on average, and seven or more in 1 of 12,000 evenings.
BY_CHANCE = 6


def _named_by_the_next_rsvp(evening: Evening, log: bytes) -> int:
    """How many texts are their true author's by the rule: whose place is written next after the text."""
    positions = positions_of([pk.bytes for pk in evening.rsvps], log)
    order = sorted((position, pk) for pk, position in positions.items())
    texts = positions_of([text.encode() for text in evening.author], log)
    right = 0
    for text, position in texts.items():
        following = bisect.bisect(order, (position, b""))
        right += following < len(order) and UUID(bytes=order[following][1]) == evening.author[text.decode()]
    return right


def _named_by_order(evening: Evening, texts: Sequence[str]) -> int:
    """How many are right if the texts, as they stand, are given to those who asked in the order of their places."""
    askers = [pk for pk in evening.rsvps if pk in evening.askers]
    return sum(evening.author[text] == asker for text, asker in zip(texts, askers, strict=True))


def _in_clear(said: Words, **_: object) -> bytes:
    return said.body.encode()


def test_danger_in_clear_the_log_of_writes_names_every_author(monkeypatch):
    monkeypatch.setattr(intake, "seal_for_the_worker", _in_clear)
    if not server_is_ours():
        return
    with the_log_of_writes() as log:
        evening = an_evening(people=60)
        assert _named_by_the_next_rsvp(evening, log.content()) >= ASKERS - 1


@pytest.mark.slow
def test_with_no_key_neither_the_log_of_writes_nor_a_dump_at_any_moment_names_an_author():
    if not server_is_ours():
        return
    with the_log_of_writes() as log:
        evening = an_evening()
        texts = [text.encode() for text in evening.author]
        assert positions_of(texts, log.content()) == {}
        assert not any(text in plain_dump("contribution_intake") for text in evening.author)
        moved = empty_intake(now=timezone.now(), live_event_ids=[evening.event.pk], event_ids_today=[])
        assert moved == ASKERS
        written = positions_of(texts, content := log.content())
    assert len(written) == ASKERS
    # The log says who asked, and in what order; it must not say what. Every text stands behind the last place.
    assert _named_by_the_next_rsvp(evening, content) == 0
    in_the_log = [text.decode() for text in sorted(written, key=lambda text: written[text])]
    dumped = plain_dump("engage_contribution")
    in_the_dump = sorted(evening.author, key=dumped.index)
    for order in (in_the_log, in_the_dump):
        assert _named_by_order(evening, order) <= BY_CHANCE
        assert _named_by_order(evening, order[::-1]) <= BY_CHANCE


# --- times ------------------------------------------------------------------------------------------------------------


def _every_time_written() -> dict[str, set[int]]:
    """For each column of what a place writes: the fractions of a second in it, ids of version 7 included."""
    timed = {
        "events_rsvp": ("id", "created_at", "confirmed_at"),
        "engage_contact": ("id", "consented_at"),
        "events_accessrequest": ("id", "created_at"),
        "engage_activity": ("id", "at"),
        "engage_idempotentanswer": ("expires_at",),
    }
    found: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        for table, columns in timed.items():
            which = " WHERE verb = 'rsvp.made'" if table == "engage_activity" else ""
            for column in columns:
                cursor.execute(f"SELECT {column} FROM {table}{which}")
                found[f"{table}.{column}"] = {_fraction(value) for (value,) in cursor.fetchall()}
    return found


def _fraction(value: UUID | dt.datetime) -> int:
    return (value.int >> 80) % 1000 if isinstance(value, UUID) else value.microsecond


def test_every_row_of_an_rsvp_tells_the_second_and_no_more(client: Client):
    event = an_event(an_agency(), capacity=None)
    for number in range(12):
        body = {
            "email": f"resident{number}@example.org",
            "access_requests": [{"kind": "captions"}],
            "question": "Who decides?" if number % 3 == 0 else "",
        }
        answer = client.post(
            f"/api/v1/events/{event.pk}/rsvps/", body, content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
    found = _every_time_written()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT length(sealed) FROM engage_idempotentanswer")
        assert len(cursor.fetchall()) == 1
    assert found == {column: {0} for column in found}


def test_what_an_rsvp_says_it_was_saved_at_is_after_the_questions_step(monkeypatch):
    """A step that takes long does not show as a place that was saved before it began."""
    from events.rsvps import responding

    slow, event = responding.take_in, an_event(an_agency())
    ended = []

    def take_in_slowly(**given):
        import time

        time.sleep(1.1)
        slow(**given)
        ended.append(timezone.now())

    monkeypatch.setattr(responding, "take_in", take_in_slowly)
    rsvp = an_rsvp(event, email="a@example.org", question="Who decides?")
    assert rsvp.created_at >= ended[0].replace(microsecond=0)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Each line that the web writes into its log, as it is written."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    handler = Keep()
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_the_webs_log_has_no_finer_clock_than_its_classes_of_speed(client: Client, lines: list[str]):
    event = an_event(an_agency())
    for question in ("", "Who decides?"):
        client.post(
            f"/api/v1/events/{event.pk}/rsvps/", {"question": question}, content_type="application/json"
        )
    requests = [json.loads(line) for line in lines if "engage.requests" in line]
    assert len(requests) == 2
    for one in requests:
        assert dt.datetime.fromisoformat(one["at"]).microsecond == 0
        assert "." not in one["at"]
    # Nothing but the moment and the random id tells the one that asked from the other.
    assert {name for name in requests[0] if requests[0][name] != requests[1][name]} <= {"at", "id", "speed"}


# --- the cache --------------------------------------------------------------------------------------------------------


def _two_evenings(residents: int) -> tuple[Event, Event]:
    """Each resident saves a place at both, under one address; the worker lets each confirmation out."""
    first, second = (an_event(an_agency(), capacity=None) for _ in range(2))
    for event in (first, second):
        for number in range(residents):
            an_rsvp(event, email=f"resident{number:02}@example.org")
        announce(now=timezone.now())
    return first, second


def _marks_that_came_twice() -> int:
    """Keys of the cache that count something to two: the beginning of joining two rows."""
    server = cache._cache.get_client(None, write=True)
    keys = [key for key in server.scan_iter("*") if server.type(key) == b"string"]
    return sum(server.get(key) == b"2" for key in keys)


def test_danger_a_key_for_each_address_joins_both_evenings_of_each_resident(monkeypatch):
    def a_key_each(purpose: str, *marks: str, limit: int, now: dt.datetime) -> bool:
        key = f"{purpose}:{'/'.join(marks)}"
        cache.add(key, 0, timeout=86_400)
        return cache.incr(key) <= limit

    monkeypatch.setattr(unproven, "within_the_day", a_key_each)
    before = len(cached())
    _two_evenings(10)
    assert _marks_that_came_twice() == 10
    assert len(cached()) >= before + 10


def test_the_cache_is_the_same_whoever_came_however_often():
    _two_evenings(1)
    few = cached()
    cache.clear()
    _two_evenings(10)
    many = cached()
    assert Contact.objects.filter(confirmation_allowed_at__isnull=False).count() == 22
    assert _marks_that_came_twice() == 0
    # A ring for the worker ("look now", the same for everybody) may be on its way at either look.
    rings = {key for key in few | many if key.endswith((":celery", ":doorbell"))}
    assert few.keys() - rings == many.keys() - rings
    sketches = [key for key in many if "day-sketch" in key]
    assert len(sketches) == 1
    # One time to live, the day's own: it tells neither when the first came nor when the last did.
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    [(kind, length, left)] = [many[key] for key in sketches]
    assert (kind, length) == few[sketches[0]][:2]
    assert abs((midnight + dt.timedelta(days=2) - timezone.now()).total_seconds() - left) < 5
