"""A real worker and a real beat as users run them, to be killed; and the database and broker they share with us."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench.ground import ROOT


def wait_until(
    look: Callable[[], object],
    *,
    seconds: float,
    what: str,
    child: subprocess.Popen[bytes] | None = None,
    log: Path | None = None,
) -> None:
    """Raises TimeoutError that names ``what`` did not come, with the end of ``log`` as a note; at once where ``child`` ended."""
    until = time.monotonic() + seconds
    while not look():
        ended = None if child is None else child.poll()
        if ended is None and time.monotonic() <= until:
            time.sleep(0.02)
            continue
        why = f"within {seconds:.0f} s" if ended is None else f"before its process ended with {ended}"
        wrong = TimeoutError(f"{what} did not come {why}")
        if log is not None and log.exists():
            wrong.add_note(last_words(log))
        raise wrong


def last_words(log: Path) -> str:
    """What a child said last, for whoever reads why it did not do its work."""
    return f"{log.name}: {log.read_text(errors='replace')[-3000:]}"


@dataclass
class WorkerGroup:
    """``concurrency`` worker processes in a group of their own, and one beat."""

    mail_port: int
    concurrency: int = 2
    prefix: str = field(default_factory=lambda: f"drill-{secrets.token_hex(4)}")
    _worker: subprocess.Popen[bytes] | None = None
    _beat: subprocess.Popen[bytes] | None = None
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="engage-drill-")))

    def start_beat(self) -> None:
        self._beat = self._start("beat", "--schedule", str(self._folder / "schedule"), "--pidfile", "")

    def start_worker(self) -> None:
        alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._worker = self._start("worker", *alone, "--concurrency", str(self.concurrency))

    def kill_worker(self) -> None:
        """SIGKILL to the whole group, in the middle of whatever it does."""
        if self._worker is not None:
            os.killpg(self._worker.pid, signal.SIGKILL)
            self._worker.wait()
            self._worker = None

    def tell_worker_to_end(self, *, seconds: float = 30) -> None:
        """SIGTERM to the whole group, as systemd and a terminal do it; until it is gone. Raises TimeoutExpired."""
        if self._worker is not None:
            os.killpg(self._worker.pid, signal.SIGTERM)
            self._worker.wait(timeout=seconds)
            self._worker = None

    def flush_broker(self, *, everything: bool = False) -> int:
        """Forget what the broker holds for this group; with ``everything``, FLUSHALL (only on a server of our own)."""
        import redis
        from django.conf import settings

        broker = redis.from_url(str(settings.CACHES["default"]["LOCATION"]))
        if everything:
            broker.flushall()
            return -1
        keys = list(broker.scan_iter(f"{self.prefix}*"))
        return int(broker.delete(*keys)) if keys else 0

    def last_words(self) -> str:
        return "\n".join(last_words(log) for log in sorted(self._folder.glob("*.log")))

    def end(self) -> None:
        for child in (self._beat, self._worker):
            if child is not None and child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "--app",
                    "config",
                    "--quiet",
                    what,
                    "--loglevel",
                    "WARNING",
                    *arguments,
                ],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        from django.db import connections

        return os.environ | {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "CACHE_PREFIX": self.prefix,
            "DATABASE_URL": _url(connections["default"].settings_dict),
            "DATABASE_OWNER_URL": _url(connections["owner"].settings_dict),
        }


@contextlib.contextmanager
def a_worker_group(mail_port: int, *, concurrency: int = 2) -> Iterator[WorkerGroup]:
    """Where the block fails, what the worker and the beat said is a note of what is raised."""
    group = WorkerGroup(mail_port, concurrency)
    try:
        group.start_beat()
        group.start_worker()
        yield group
    except Exception as wrong:
        wrong.add_note(group.last_words())
        raise
    finally:
        group.end()


def _url(settings: dict[str, object]) -> str:
    host = quote(str(settings["HOST"] or ""), safe="")
    user, password = quote(str(settings["USER"])), quote(str(settings["PASSWORD"] or ""), safe="")
    secret = f":{password}" if password else ""
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}{secret}@/{settings['NAME']}?host={host}{port}"
