"""A web process that has just started lets nobody in before it can answer at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.makers.web_servers import ROOT, database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

# In a process of its own, as a web worker is one: what the first request still has to read from the disk.
_READ_BY_THE_FIRST = """
import sys
import config.asgi
ours = ("api", "config", "engage", "events", "outreach", "web")
before = set(sys.modules)
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
for path in ("/no-such-page", "/api/v1/agencies/"):
    client.get(path)
print(len([name for name in sys.modules if name in before and name.partition(".")[0] in ours]))
print(*sorted(name for name in set(sys.modules) - before if name.partition(".")[0] in ours))
"""


# As gunicorn's parent reads it, before it makes a worker of itself.
_SHARED_BY_A_FORK = """
import gc, socket, threading
import config.web_serving, config.asgi
from django.core.cache import cache
from django.db import connections
print(*(thread.name for thread in threading.enumerate()))
print([connections[name].connection for name in connections], cache._cache._pools)
print([one for one in gc.get_objects() if issubclass(type(one), socket.socket) and one.fileno() >= 0])
"""


@pytest.mark.slow
def test_what_is_read_before_the_fork_is_no_thread_and_no_connection() -> None:
    """A fork loses the one and shares the other: two processes would read each other's answers."""
    said = subprocess.run(
        [sys.executable, "-c", _SHARED_BY_A_FORK],
        cwd=ROOT, env=os.environ | database_urls(), stdout=subprocess.PIPE, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert said.splitlines() == ["MainThread", "[None, None] {}", "[]"]


@pytest.mark.slow
def test_the_first_request_of_a_process_waits_for_no_page_to_be_read() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _READ_BY_THE_FIRST],
        cwd=ROOT, env=os.environ | database_urls(), stdout=subprocess.PIPE, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    known, read_late = said.splitlines()
    assert int(known) > 100
    # A middleware or two may still read a small one; the pages and endpoints alone take seconds.
    assert len(read_late.split()) <= 5, read_late
