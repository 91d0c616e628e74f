"""The project's web server as production starts it, over the tests' own database; and people who ask it, all at once."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connections

from bench.worker_group import last_words

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """seconds: from the first byte sent to the last byte read."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class WebServer:
    port: int
    log: Path
    headers: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    listening: socket.socket | None = None

    def stop_listening(self) -> None:
        """Close our own copy of the door, so that the server alone holds it."""
        if self.listening is not None:
            self.listening.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """body: JSON, or bytes as they are. headers: ``If_Match="…"`` for ``If-Match``."""
        named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if data is not None:
            named.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        begun = time.monotonic()
        try:
            connection.request(method, path, data, named)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        seconds = time.monotonic() - begun
        return Answer(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, content, seconds
        )

    def all_ask(self, asking: list[Callable[[], Answer]]) -> list[Answer]:
        """All of them at once, each on a connection of its own."""
        with ThreadPoolExecutor(max_workers=len(asking)) as people:
            return [asked.result() for asked in [people.submit(ask) for ask in asking]]


def database_urls() -> dict[str, str]:
    """The tests' database for a program beside this one: as the role that serves, and as the owner."""
    return {
        "DATABASE_URL": url_of(connections["default"].settings_dict),
        "DATABASE_OWNER_URL": url_of(connections["owner"].settings_dict),
    }


def url_of(settings: dict[str, Any], *, database: str = "") -> str:
    host = quote(str(settings["HOST"] or ""), safe="")
    user, password = quote(str(settings["USER"])), quote(str(settings["PASSWORD"] or ""), safe="")
    secret = f":{password}" if password else ""
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}{secret}@/{database or settings['NAME']}?host={host}{port}"


@contextlib.contextmanager
def a_web_server(
    *,
    processes: int = 1,
    code: Path = ROOT,
    environment: dict[str, str] | None = None,
    application: str = "config.asgi:application",
    arguments: Sequence[str] = (),
    before: str = "",
) -> Iterator[WebServer]:
    """gunicorn over ``code`` until the block ends; what it said last is a note of whatever the block raises.

    application: ``config.wsgi:application`` in releases whose threads read bodies themselves. arguments: more for
    gunicorn. before: Python that runs in the server's first process, to make its limits small enough to be met.
    """
    with socket.socket() as listening, tempfile.TemporaryDirectory() as folder:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        log = Path(folder) / "web.log"
        server = WebServer(listening.getsockname()[1], log)
        words = ["--workers", str(processes), "--bind", f"fd://{listening.fileno()}", *arguments, application]
        child = _start(listening, log, words, code, environment or {}, before)
        try:
            _wait_until_it_answers(server, child)
            yield replace(server, process=child, listening=listening)
        except Exception as wrong:
            wrong.add_note(last_words(log))
            raise
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _start(
    listening: socket.socket,
    log: Path,
    words: list[str],
    code: Path,
    environment: dict[str, str],
    before: str,
) -> subprocess.Popen[bytes]:
    program = f"{before}\nfrom gunicorn.app.wsgiapp import run\nrun()"
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-c", program, "-c", "python:config.web_serving", "--no-control-socket", *words],
            cwd=code,
            env=os.environ | database_urls() | {"PYTHONPATH": ""} | environment,
            pass_fds=[listening.fileno()],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _wait_until_it_answers(server: WebServer, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.ask("GET", "/healthz").status == 200:
                return
        time.sleep(0.05)
    raise TimeoutError("the web server did not answer")
