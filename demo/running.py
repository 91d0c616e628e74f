"""The demo's processes: which there are, how each is started, and in which order they come and go."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from demo.announcing import announcement
from servers.child_starting import start_child
from servers.postgres import Postgres
from servers.supervising import Child, Supervisor
from servers.valkey import Valkey

_BIGGEST_LOG = 5_000_000  # bytes, before a start moves it aside
_SERVER_PATIENCE = 60.0  # seconds
_WEB_PATIENCE = 90.0
_CHANCES = 4


class DemoDidNotStart(Exception):
    """Something the demo needs did not come up; the text is the sentence to show."""


@dataclass
class Demo:
    """One demo in ``folder``. The sockets listen already; ``None`` stands for what the user named elsewhere."""

    supervisor: Supervisor
    folder: Path
    environment: dict[str, str]
    postgres: Postgres | None
    valkey: Valkey | None
    web: list[socket.socket]
    smtp: list[socket.socket] = field(default_factory=list)
    mailbox: list[socket.socket] = field(default_factory=list)

    @property
    def mailbox_url(self) -> str | None:
        return f"http://localhost:{self.mailbox[0].getsockname()[1]}" if self.mailbox else None

    @property
    def credentials(self) -> Path:
        return self.folder / "credentials.json"

    def run(self) -> None:
        """Start everything and keep it running. Raises Stopping, StepFailed or DemoDidNotStart."""
        self._start_servers()
        self._start_mailbox()
        self.supervisor.run_step("prepare", partial(self._python, "prepare", "-m", "demo.preparing"))
        self._start_web()
        self._start_queue()
        self._write_credentials()
        base_url = self.environment["PUBLIC_URL"].rstrip("/")
        self.supervisor.say(
            announcement(
                self.credentials, base_url=base_url, mailbox_url=self.mailbox_url, folder=self.folder
            )
        )
        self.supervisor.run_until_stopped()

    def stop(self) -> None:
        """First who makes work, then who does it, then what they stand on."""
        self.supervisor.stop(["beat", "worker", "web"], grace=10)
        self.supervisor.stop(["mailbox"], grace=3)
        self.supervisor.stop(["Valkey"])
        self.supervisor.stop(["PostgreSQL"])

    def _start_servers(self) -> None:
        servers = [server for server in (self.valkey, self.postgres) if server]
        started = []
        for server in servers:
            _move_aside(server.log)
            child = Child(server.name, server.log, server.start, prepare=server.prepare, stop=server.stop)
            started.append((self.supervisor.keep(child), server.is_ready))
        for child, is_ready in started:
            self._wait_until(is_ready, child, seconds=_SERVER_PATIENCE)
        if self.postgres:
            self.postgres.make_roles()

    def _start_mailbox(self) -> None:
        if not self.mailbox:
            return
        arguments = ["-m", "demo.mailbox", "--folder", str(self.folder / "mailbox")]
        arguments += [word for opened in self.smtp for word in ("--smtp", str(opened.fileno()))]
        arguments += [word for opened in self.mailbox for word in ("--http", str(opened.fileno()))]
        self._keep("mailbox", *arguments, sockets=[*self.smtp, *self.mailbox])

    def _start_web(self) -> None:
        binds = [word for opened in self.web for word in ("--bind", f"fd://{opened.fileno()}")]
        settings = ["-c", "python:config.web_serving", "--no-control-socket"]
        web = self._keep(
            "web", "-m", "gunicorn", *settings, *binds, "config.asgi:application", sockets=self.web
        )
        self._wait_until(self._web_answers, web, seconds=_WEB_PATIENCE)

    def _start_queue(self) -> None:
        celery = ["-m", "celery", "--app", "config", "--quiet"]
        quietly = ["--loglevel", "WARNING"]
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "2"]
        self._keep("worker", *celery, "worker", *quietly, *alone)
        schedule = self.folder / "beat" / "schedule"
        schedule.parent.mkdir(mode=0o700, exist_ok=True)
        # What is due each night is remembered over a stop; `--pidfile` none: a killed beat must not block the next.
        self._keep(
            "beat",
            *celery,
            "beat",
            *quietly,
            "--schedule",
            str(schedule),
            "--pidfile",
            "",
        )

    def _write_credentials(self) -> None:
        arguments = [
            "--base-url",
            self.environment["PUBLIC_URL"].rstrip("/"),
            "--output",
            str(self.credentials),
        ]
        arguments += ["--mailbox-url", self.mailbox_url or ""]
        self.supervisor.run_step(
            "credentials", partial(self._python, "credentials", "manage.py", "demo_credentials", *arguments)
        )

    def _wait_until(self, ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
        # Later it is started again for ever; but what never once came up has a cause that waiting does not mend.
        came = self.supervisor.wait_for(lambda: child.deaths >= _CHANCES or ready(), seconds=seconds)
        if not came or child.deaths >= _CHANCES:
            raise DemoDidNotStart(f"{child.name} does not answer; {child.log} says why.")

    def _keep(self, name: str, *arguments: str, sockets: Sequence[socket.socket] = ()) -> Child:
        _move_aside(self._log(name))
        fds = [opened.fileno() for opened in sockets]
        return self.supervisor.keep(
            Child(name, self._log(name), partial(self._python, name, *arguments, pass_fds=fds))
        )

    def _python(self, name: str, *arguments: str, pass_fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        return start_child(
            [sys.executable, *arguments], log=self._log(name), environment=self.environment, pass_fds=pass_fds
        )

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _web_answers(self) -> bool:
        address, port = self.web[0].getsockname()[:2]
        connection = http.client.HTTPConnection(address, port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def last_words(log: Path) -> str:
    """The last line of a step's log, which is the sentence it ended with."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def _move_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > _BIGGEST_LOG:
        os.replace(log, log.with_suffix(".log.1"))  # noqa: PTH105 - Path.replace reads like a text's
