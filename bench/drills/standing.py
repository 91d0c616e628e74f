"""A whole Engage to break: its own PostgreSQL, Valkey, web server, worker, beat and mail server, each to be killed,
stopped or started again; and residents who go on asking all the while."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.ground import ROOT, _key, command, free_port
from bench.worker_group import wait_until

if TYPE_CHECKING:
    from servers.postgres import Postgres
    from servers.valkey import Valkey
    from tests.makers.mail_server import Post


@dataclass
class Site:
    """What stands, by name: ``postgres``, ``valkey``, ``web``, ``worker``, ``beat``. ``mail``: what was sent."""

    folder: Path
    postgres: Postgres
    valkey: Valkey
    mail: Post
    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, **more: str) -> subprocess.Popen[bytes]:
        """more: of its environment."""
        if name in {"postgres", "valkey"}:
            server = self.postgres if name == "postgres" else self.valkey
            server.prepare()
            self.children[name] = server.start()
            wait_until(server.is_ready, seconds=60, what=name)
            return self.children[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", *self._command(name)],
                cwd=ROOT, env=os.environ | more, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.children[name] = child
        if name == "web":
            wait_until(
                lambda: self.get("/healthz")[0] == 200,
                seconds=60,
                what="the web server",
                child=child,
                log=self.folder / "web.log",
            )
        return child

    def kill(self, name: str, number: int = signal.SIGKILL, *, wait: bool = True) -> None:
        """The signal to the whole group; with ``wait``, until it is gone."""
        child = self.children[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        if wait:
            child.wait(timeout=60)

    def held_still(self, name: str, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after ``seconds``."""
        self.kill(name, signal.SIGSTOP, wait=False)
        time.sleep(seconds)
        self.kill(name, signal.SIGCONT, wait=False)

    def get(self, path: str, *, timeout: float = 60) -> tuple[int, float]:
        """Status (0: no answer) and seconds."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status, time.monotonic() - began
        except (OSError, http.client.HTTPException):
            return 0, time.monotonic() - began
        finally:
            connection.close()

    def log_of(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _command(self, name: str) -> list[str]:
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        celery = ["celery", "--app", "config", "--quiet"]
        return {
            "web": ["gunicorn", "-c", "python:config.web_serving", "--no-control-socket",
                    "--bind", f"127.0.0.1:{self.port}", "config.asgi:application"],
            "worker": [*celery, "worker", *alone, "--concurrency", "2", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "schedule"), "--pidfile", "",
                     "--loglevel", "WARNING"],
        }[name.partition("-")[0]]  # fmt: skip


@contextlib.contextmanager
def a_site(
    *parts: str, throttles: str = "off", disk: Path | None = None, **environment: str
) -> Iterator[Site]:
    """Everything, or only the ``parts`` named beside the two servers (``none``: neither); Django is set up inside the block.

    disk: where PostgreSQL keeps its data, if not beside the rest.
    """
    from servers.postgres import APP, OWNER, Postgres
    from servers.valkey import Valkey
    from tests.makers.mail_server import a_mail_server

    folder = Path(tempfile.mkdtemp(prefix="engage-drill-"))
    with contextlib.ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        mail = closing.enter_context(a_mail_server())
        postgres = Postgres(disk or folder, folder / "postgres.log")
        valkey = Valkey(folder, folder / "valkey.log")
        site = Site(folder, postgres, valkey, mail, free_port())
        closing.callback(_end, site)
        for server in ("valkey", "postgres"):
            site.start(server)
        postgres.make_roles()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings", "ENGAGE_ENV": "test", "THROTTLES": throttles,
            "SECRET_KEY": secrets.token_urlsafe(64), "FINGERPRINT_KEY": _key(),
            "CONTACT_KEYS": f"1:{_key()}", "LINK_KEYS": f"1:{_key()}",
            "DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER),
            "REDIS_URL": valkey.url(), "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "PUBLIC_URL": f"http://127.0.0.1:{site.port}",
        } | environment  # fmt: skip
        command("migrate", "--database", "owner", "--verbosity", "0")
        import django

        django.setup()
        # The mail server and what is tried here would drown the table.
        logging.disable(logging.WARNING)
        for name in parts or ("web", "worker", "beat"):
            if name != "none":
                site.start(name)
        yield site


def _end(site: Site) -> None:
    from django.db import connections

    with contextlib.suppress(Exception):
        connections.close_all()
    for name in ("beat", "worker", "web"):
        for child in [one for key, one in site.children.items() if key.partition("-")[0] == name]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    for name in ("postgres", "valkey"):
        server = site.children.get(name)
        if server is not None and server.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGCONT)
            (site.postgres if name == "postgres" else site.valkey).stop(server)


@dataclass
class Traffic:
    """What residents met. places: by Idempotency-Key, the id of the place they were told of."""

    statuses: Counter[int] = field(default_factory=Counter)
    rsvps: dict[str, str] = field(default_factory=dict)
    # Moments of answers with success, and the seconds of the slowest answer of any kind.
    successes: list[float] = field(default_factory=list)
    slowest: float = 0.0
    changed_answers: int = 0
    without_retry_after: int = 0

    @property
    def longest_gap(self) -> float:
        """Seconds without a single success."""
        moments = sorted(self.successes)
        return max((later - sooner for sooner, later in itertools.pairwise(moments)), default=0.0)

    def __str__(self) -> str:
        cut, away = self.statuses.get(0, 0), self.statuses.get(503, 0)
        return (
            f"{len(self.rsvps)} places told of, {cut} cut, {away} × 503, "
            f"longest gap {self.longest_gap:.1f} s, slowest {self.slowest:.1f} s"
        )


@contextlib.contextmanager
def residents(
    site: Site, event: Any, *, many: int = 4, pause: float = 0.05, mail: bool = True
) -> Iterator[Traffic]:
    """``many`` save places, one after another, each with a key and again until it is answered with success."""
    seen, over, lock = Traffic(), threading.Event(), threading.Lock()
    threads = [
        threading.Thread(target=_save_rsvps, args=(site, event, seen, over, lock, pause, mail), daemon=True)
        for _ in range(many)
    ]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=90)


def _save_rsvps(
    site: Site, event: Any, seen: Traffic, over: threading.Event, lock: Any, pause: float, mail: bool
) -> None:
    while not over.is_set():
        key = str(uuid.uuid4())
        body = {"party_size": 1} | ({"email": f"p{key[:13]}@mail.example"} if mail else {})
        until = time.monotonic() + 60
        # Whoever began goes on until answered, also after the fault is over.
        while time.monotonic() < until:
            status, headers, answer, seconds = ask(
                site.port, "POST", f"/api/v1/events/{event.pk}/rsvps/", body, {"Idempotency-Key": key}
            )
            with lock:
                seen.statuses[status] += 1
                seen.slowest = max(seen.slowest, seconds)
                seen.without_retry_after += status == 503 and "retry-after" not in headers
                if status in {200, 201}:
                    seen.successes.append(time.monotonic())
                    seen.changed_answers += seen.rsvps.get(key, answer["id"]) != answer["id"]
                    seen.rsvps[key] = answer["id"]
                    break
            time.sleep(0.2)
        time.sleep(pause)


def ask(
    port: int,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
    *,
    timeout: float = 40,
) -> tuple[int, dict[str, str], Any, float]:
    """Status (0: cut or refused), headers in small letters, the JSON, and the seconds."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"} | (headers or {}))
        answer = connection.getresponse()
        text = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        is_json = "json" in found.get("content-type", "")
        return answer.status, found, json.loads(text) if is_json and text else None, time.monotonic() - began
    except (OSError, http.client.HTTPException):
        return 0, {}, None, time.monotonic() - began
    finally:
        connection.close()


def an_event(**more: Any) -> Any:
    """A published meeting of an agency of its own, a month ahead."""
    from bench.made_events import agency, event

    return event(agency(), **more)


def counted(event: Any, seen: Traffic) -> tuple[bool, str]:
    """Whether the tables hold just what residents were told of."""
    from django.db import connections

    from events.rsvps.models import Rsvp

    connections.close_all()  # the database may have been killed meanwhile
    rows = {str(pk) for pk in Rsvp.objects.filter(event=event).values_list("pk", flat=True)}
    told = set(seen.rsvps.values())
    return rows == told and not seen.changed_answers, f"{len(told - rows)} lost, {len(rows - told)} too many"


def mailed(site: Site, seen: Traffic, *, seconds: float) -> tuple[bool, str]:
    """Whether each got one letter, within ``seconds`` from now."""
    began, wanted = time.monotonic(), len(seen.rsvps)
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: len(site.mail.letters) >= wanted, seconds=seconds, what="mail")
    waited = time.monotonic() - began
    marks = Counter(str(letter["Message-ID"]) for letter in site.mail.letters)
    whom = Counter(str(letter["To"]).strip("<>") for letter in site.mail.letters)
    doubled = sum(whom.values()) - len(whom)
    held = len(whom) == wanted and doubled == 0
    return (
        held,
        f"{len(whom)} of {wanted} letters after {waited:.0f} s, {doubled} doubled, {len(marks)} Message-IDs",
    )
