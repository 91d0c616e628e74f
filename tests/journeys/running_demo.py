"""A whole Engage, started as a user starts it: servers, web, worker, beat and mailbox in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
# Secrets that belong to the test process, not to the demo, which makes and keeps its own.
_NOT_PASSED_ON = (
    "ENGAGE_ENV",
    "SECRET_KEY",
    "FINGERPRINT_KEY",
    "CONTACT_KEYS",
    "LINK_KEYS",
    "CACHE_PREFIX",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DEMO_DATA",
)


@contextlib.contextmanager
def servers_named_by_the_user() -> Iterator[dict[str, str]]:
    """Settings for a demo on the servers that the test run was given: a database of its own there, dropped after.

    Yields nothing where the run was given none; the demo then brings its own.
    """
    named = os.environ.get("ENGAGE_TEST_NAMED_SERVERS", "").split(",")
    settings: dict[str, str] = {}
    if "REDIS_URL" in named:
        settings |= {"REDIS_URL": os.environ["REDIS_URL"], "CACHE_PREFIX": f"demo-{secrets.token_hex(4)}"}
    if "DATABASE_URL" not in named:
        yield settings
        return
    app = os.environ["DATABASE_URL"]
    owner = os.environ.get("DATABASE_OWNER_URL") or app
    name = f"engage_demo_{secrets.token_hex(4)}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield settings | {"DATABASE_URL": _in(name, app), "DATABASE_OWNER_URL": _in(name, owner)}
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _in(database: str, url: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@dataclass
class Demo:
    """A running demo. ``start`` returns once ``credentials.json`` is there, which is once it answers."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    child: subprocess.Popen[str] | None = None
    credentials: dict[str, Any] = field(default_factory=dict)

    def start(self, *, patience: float = 120) -> float:
        """Start it; returns the seconds until it answered. Raises AssertionError with what it said."""
        began = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        environment |= {"DEMO_FOLDER": str(self.folder)} | self.settings
        with (self.folder.parent / f"{self.folder.name}.out").open("a") as said:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "demo"],
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        file = self.folder / "credentials.json"
        while not file.exists():
            assert self.child.poll() is None, Path(said.name).read_text(encoding="utf-8")
            assert time.monotonic() - began < patience, Path(said.name).read_text(encoding="utf-8")
            time.sleep(0.1)
        self.credentials = json.loads(file.read_text(encoding="utf-8"))
        return time.monotonic() - began

    def stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            self.child.wait(timeout=40)

    def token(self, role: str, agency: str | None = None) -> str:
        return str(self.person(role, agency)["token"])

    def person(self, role: str, agency: str | None = None) -> dict[str, Any]:
        """The first with that role: of the main agency, or of ``agency``."""
        people: list[dict[str, Any]] = self.credentials["people"]
        return next(one for one in people if one["role"] == role and agency in {None, one["agency"]})

    def api(self, role: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(role)}"} if role else {}
        return httpx.Client(base_url=f"{self.credentials['base_url']}/api/v1", headers=headers, timeout=30)

    def letters(self, to: str) -> list[dict[str, Any]]:
        """What arrived for ``to``, oldest first, taken apart."""
        box = self.credentials["mailbox_url"]
        found = httpx.get(f"{box}/messages.json", params={"to": to}, timeout=30).json()
        return [httpx.get(f"{box}/messages/{one['id']}.json", timeout=30).json() for one in reversed(found)]

    def calendar(self, letter: dict[str, Any]) -> str:
        """The letter's calendar part, unfolded; empty where it has none."""
        for part in letter["parts"]:
            if part["content_type"] == "text/calendar":
                url = f"{self.credentials['mailbox_url']}/messages/{letter['id']}/parts/{part['number']}"
                return httpx.get(url, timeout=30).text.replace("\r\n ", "")
        return ""


def wait_for[T](look: Callable[[], T], *, seconds: float, what: str) -> T:
    """Look until there is something. Raises AssertionError that names ``what`` was missed."""
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < until, f"{what} did not come within {seconds:.0f} s"
        time.sleep(0.25)
