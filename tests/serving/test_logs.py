"""What reaches a log, and what never does."""

import io
import json
import logging
import time
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from config.watching.log_writing import JsonLines, masked
from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that any logger writes, in the form in which it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_a_request_is_one_line_with_its_route_and_without_whoever_asked(
    client: Client, lines: io.StringIO
) -> None:
    rsvp = an_rsvp(an_event(), email="resident@home.example")
    token = mint(Purpose.RSVP_MAIL, rsvp.pk)
    client.get(f"/r/{token}", REMOTE_ADDR="203.0.113.9", headers={"User-Agent": "Browser of Ada"})
    written = lines.getvalue()
    request = next(json.loads(line) for line in written.splitlines() if "engage.requests" in line)
    assert (request["method"], request["route"], request["status"]) == ("GET", "manage", 200)
    for secret in (token, "203.0.113.9", "Browser of Ada", "resident@home.example", str(rsvp.pk), "/r/"):
        assert secret not in written


def test_a_path_that_leads_nowhere_is_not_written_down(client: Client, lines: io.StringIO) -> None:
    client.get("/r/" + "a" * 53 + "/nowhere?email=ada@home.example")
    assert "nowhere" not in lines.getvalue()
    assert "ada@home.example" not in lines.getvalue()


def test_the_time_an_answer_took_is_written_as_a_class_only(client: Client, lines: io.StringIO) -> None:
    client.get("/")
    request = next(json.loads(line) for line in lines.getvalue().splitlines() if "engage.requests" in line)
    assert request["speed"] in {"under 0.1 s", "under 0.5 s", "under 2 s", "under 10 s", "10 s and more"}
    # And nothing beside it that could say it more exactly.
    told = {"method", "route", "status", "speed", "id"}
    assert set(request) == {"at", "level", "logger", "event"} | told


def test_the_databases_complaint_does_not_reach_a_log(lines: io.StringIO) -> None:
    agency = Agency.objects.create(slug="secret-slug", name="A")
    try:
        Agency.objects.create(slug=agency.slug, name="B")
    except IntegrityError:
        logging.getLogger("somewhere").exception("it failed")
    written = lines.getvalue()
    assert "secret-slug" not in written
    assert "IntegrityError 23505" in written
    assert connection.vendor == "postgresql"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to ada.lovelace+x@home.example failed", "ada.lovelace"),
        ("GET /r/abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu done", "abcdefghijklmnop"),
        ("GET /accept/short-thing?x=1", "short-thing"),
        ("call +1 (202) 555-0123 now", "555"),
        ("from 203.0.113.9 came", "203.0.113.9"),
        ("Authorization: Bearer engage_abc", "engage_abc"),
        ("/C/7KQ4M2WD99", "7KQ4M2WD99"),
        ("Forbidden: /door/open/lMSeCReT_-0123456789abcdefghijklmnopqrstuvwxy", "lMSeCReT"),
        ("/accounts/login/?next=/door/code/7KQ4M2WD99", "7KQ4M2WD99"),
    ],
)
def test_what_names_or_reaches_somebody_is_masked(text: str, secret: str) -> None:
    assert secret not in masked(text)


def test_ordinary_words_and_numbers_stay() -> None:
    sentence = "planned 5006 notices in 12.5 s for 3 agencies"
    assert masked(sentence) == sentence


def test_a_long_line_is_masked_quickly_and_cut() -> None:
    began = time.process_time()
    assert len(masked("a.b-c" * 200_000)) <= 2000
    assert len(masked("+1 " * 200_000)) <= 2100
    assert time.process_time() - began < 0.5
