"""``rediss://`` asks the broker for its certificate, for the cache and for the bell alike: else anybody in between has its password."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.makers.certificates import a_certificate
from tests.makers.web_servers import ROOT

# In a process of its own, since settings are read once.
_ASK = """
import django
django.setup()
from django.core.cache import cache
from config.celery import app
for ask in (lambda: cache.get("nothing"), lambda: app.send_task("outreach.tasks.look_now", retry=False)):
    try:
        ask()
        print("answered")
    except Exception as error:
        print("CERTIFICATE_VERIFY_FAILED" in str(error) and "not trusted")
"""


@contextlib.contextmanager
def _in_front_of(path: str, certificate: ssl.SSLContext) -> Iterator[int]:
    """A port of this machine that speaks TLS, and hands on to the server behind that socket."""
    ports: list[int] = []
    ready, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def hand_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65_536):
                sink.write(piece)
                await sink.drain()
        sink.close()

    async def serve(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_unix_connection(path)
        await asyncio.gather(hand_on(source, asks), hand_on(answers, sink))

    async def stand() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate) as standing:
            ports.append(standing.sockets[0].getsockname()[1])
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(stand(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


@pytest.mark.slow
@pytest.mark.parametrize(("is_trusted", "said"), [(True, "answered"), (False, "not trusted")])
def test_a_broker_over_tls_is_asked_who_it_is(tmp_path: Path, is_trusted: bool, said: str) -> None:
    certificate, trusted = a_certificate(tmp_path)
    with _in_front_of(urlsplit(os.environ["REDIS_URL"]).path, certificate) as port:
        named = {"REDIS_URL": f"rediss://localhost:{port}/9", "DJANGO_SETTINGS_MODULE": "config.settings"}
        authority = {"SSL_CERT_FILE": str(trusted)} if is_trusted else {}
        heard = subprocess.run(
            [sys.executable, "-c", _ASK],
            cwd=ROOT, env=os.environ | named | authority, stdout=subprocess.PIPE, text=True, check=True, timeout=60,
        ).stdout  # fmt: skip
    assert heard.splitlines() == [said, said]
