"""What a resident typed is nowhere to be read: not in a log, a table, a file of the database, nor at the broker.

The demo's mailbox is no part of the product: it is the residents' own post, and the only place left out.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis

from servers.postgres import DATABASE
from servers.valkey import Valkey
from tests.journeys.frightened_resident import (
    ADDRESS,
    KEY,
    RUN,
    SHELTERED,
    an_event,
    asks_many_times_at_once,
    asks_wrongly,
    enough,
    ok,
    owner_url,
    servers,
    staff_look,
    the_database_refuses,
    walks_every_link,
    wish,
)
from tests.journeys.running_demo import Demo, wait_for
from tests.journeys.searching_in_clear import Overhearing, Search, bare_hashes

pytestmark = pytest.mark.slow

logging.getLogger("httpx").setLevel(logging.WARNING)

# Where the keys and tokens of the demo itself are kept, by design.
LEFT_OUT = frozenset({"mailbox", "credentials.json", "secrets.json"})


@contextmanager
def everything_overheard(demo: Demo) -> Iterator[Overhearing | None]:
    """What is said to the demo's own broker; None where the run was given one that others use too."""
    with ExitStack() as stack:
        own = "REDIS_URL" not in demo.settings
        socket = Valkey(demo.folder, demo.folder / "log" / "valkey.log").socket
        yield stack.enter_context(Overhearing(socket)) if own else None


def broker_url(demo: Demo) -> str:
    given = demo.settings.get("REDIS_URL")
    return given or Valkey(demo.folder, demo.folder / "log" / "valkey.log").url()


def written_to_disk(demo: Demo) -> None:
    """What the database knows stands in its files; those of a server that was named are not ours to read."""
    if "DATABASE_URL" not in demo.settings:
        with psycopg.connect(servers(demo).url("postgres", DATABASE), autocommit=True) as superuser:
            superuser.execute("CHECKPOINT")


@pytest.fixture(scope="module")
def told(demo: Demo) -> dict[str, Any]:
    """A resident has done all there is to do, and it has gone wrong in every way we know; here are their secrets."""
    event = an_event(demo)
    path = f"/events/{event['id']}/rsvps/"
    with everything_overheard(demo) as overheard, demo.api() as public:
        rsvp = ok(public.post(path, json=wish(), headers={"Idempotency-Key": KEY}))
        asks_wrongly(public, path)
        asks_many_times_at_once(demo, path)
        tokens = {"the screen's link": rsvp["manage_token"]}
        tokens["the calendar's link"] = rsvp["calendar_url"].rpartition("/")[2].removesuffix(".ics")
        slug = demo.person("liaison")["agency"]
        ok(public.post("/subscriptions/", json={"agency": slug, "email": ADDRESS}))
        for letter in wait_for(lambda: enough(demo), seconds=30, what="confirmation and question"):
            for link in re.findall(r"\b[a-z2-7]{53}\b", letter["text"] + (letter["html"] or "")):
                if link not in tokens.values():
                    tokens[f"link {len(tokens)} of a letter"] = link
        assert len(tokens) > 3
        walks_every_link(demo, tokens.values())
        staff_look(demo, event, rsvp)
        the_database_refuses(demo, path)
        ok(public.patch(f"/rsvps/{rsvp['manage_token']}/", json={"party_size": 3}))
    secret: dict[str, Any] = {"overheard": overheard.heard if overheard else b"", "event": event}
    return secret | {"tokens": tokens}


def looked_for(tokens: dict[str, str]) -> Search:
    words: dict[str, str | bytes] = {
        "the address": f"frightened.{RUN}",
        "the name": f"Vane{RUN}",
        "the first name": "Wilhelmina",
        "the number": "2025550123",
        "the number as typed": "(202) 555-0123",
        "the detail": f"detail{RUN}",
        "the signed question": f"signed{RUN}",
        "the key of the request": KEY,
        "the key of the request, as a number": bytes.fromhex(KEY.replace("-", "")),
    }
    words |= bare_hashes("the address", ADDRESS.lower()) | bare_hashes("the number", "+12025550123")
    words |= bare_hashes("the number's digits", "12025550123")
    # The last half of a link, by itself: the part that only the keys can make.
    macs = {
        f"{name}, its MAC": base64.b32decode(f"{token.upper()}===")[-16:] for name, token in tokens.items()
    }
    return Search(words | tokens | macs)


def test_no_table_holds_it_in_clear(demo: Demo, told: dict[str, Any]) -> None:
    assert looked_for(told["tokens"]).tables(owner_url(demo)) == set()


def test_no_log_and_no_file_holds_it_in_clear(demo: Demo, told: dict[str, Any]) -> None:
    written_to_disk(demo)
    search = looked_for(told["tokens"])
    assert (demo.folder / "log" / "web.log").stat().st_size > 0
    if "DATABASE_URL" not in demo.settings:
        assert any((demo.folder / "postgres" / "pg_wal").iterdir())
    assert search.files(demo.folder, but_for=LEFT_OUT) == set()
    said = demo.folder.parent / f"{demo.folder.name}.out"
    assert search.inside(said.read_bytes()) == set()


def test_the_broker_neither_holds_nor_ever_heard_it(demo: Demo, told: dict[str, Any]) -> None:
    search = looked_for(told["tokens"])
    assert search.broker(broker_url(demo)) == set()
    assert search.inside(told["overheard"]) == set()
    if "REDIS_URL" not in demo.settings:
        assert b"outreach" in told["overheard"]


def test_a_refused_anonymous_question_stands_in_no_log(demo: Demo, told: dict[str, Any]) -> None:
    assert Search({"unsaid": f"unsaid{RUN}"}).files(demo.folder / "log") == set()
    assert Search({"unsaid": f"unsaid{RUN}"}).tables(owner_url(demo)) == set()


def test_an_anonymous_question_that_waits_stands_in_clear_nowhere(demo: Demo, told: dict[str, Any]) -> None:
    """No file, the log of writes among them: a question that came with a place is sealed as it comes in."""
    with demo.api() as public:
        sent = {"question": SHELTERED, "anonymous_question": True}
        ok(
            public.post(
                f"/events/{told['event']['id']}/rsvps/", json=sent, headers={"Idempotency-Key": str(uuid4())}
            )
        )
    written_to_disk(demo)
    search = Search({"sheltered": f"sheltered{RUN}"})
    # Only the next day, or in its hour on the day itself, does it become part of the record.
    assert search.tables(owner_url(demo)) == set()
    assert search.files(demo.folder, but_for=LEFT_OUT) == set()


def test_the_search_finds_what_is_there(demo: Demo, told: dict[str, Any]) -> None:
    """The pair to the tests above: the title of a meeting does stand in clear."""
    with demo.api("liaison") as liaison:
        ok(
            liaison.patch(
                f"/events/{told['event']['id']}/",
                json={"title": f"Town hall, titled{RUN}"},
                headers={"If-Match": liaison.get(f"/events/{told['event']['id']}/").headers["ETag"]},
            )
        )
    search = Search({"titled": f"titled{RUN}"})
    assert "events_event" in {table for table, _ in search.tables(owner_url(demo))}
    written_to_disk(demo)
    if "DATABASE_URL" not in demo.settings:
        files = {file for file, _ in search.files(demo.folder, but_for=LEFT_OUT)}
        assert {file.split("/")[1] for file in files} >= {"base", "pg_wal"}
    assert looked_for(told["tokens"]).files(demo.folder / "mailbox")


def test_the_search_finds_a_task_that_says_too_much(demo: Demo) -> None:
    word = f"tattling{RUN}"
    body = base64.b64encode(f'[["{word}"], {{}}]'.encode())
    client: Any = redis.Redis.from_url(broker_url(demo))
    with everything_overheard(demo) as overheard:
        client.rpush(f"test-{RUN}", body)
        try:
            assert Search({"word": word}).broker(broker_url(demo)) == {(f"test-{RUN}", "word, base64")}
        finally:
            client.delete(f"test-{RUN}")
    if overheard:
        assert Search({"word": word}).inside(overheard.heard) == {"word, base64"}


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_the_search_knows_every_spelling(tmp_path: Path, before: str) -> None:
    search = Search({"word": f"plain{RUN}", "bytes": b"\x00\x01\xff\xfe" * 4})
    for number, text in enumerate(
        (
            f"{before}PLAIN{RUN}".encode(),
            f"{before}plain{RUN}x".encode().hex().upper().encode(),
            base64.b64encode(f"{before}plain{RUN}xyz".encode()),
            base64.urlsafe_b64encode(before.encode() + b"\x00\x01\xff\xfe" * 4 + b"z"),
        )
    ):
        (tmp_path / str(number)).write_bytes(b"something before " + text + b" and after")
    assert {file for file, _ in search.files(tmp_path)} == {"0", "1", "2", "3"}
    assert search.inside(f"plain {RUN}".encode()) == set()
