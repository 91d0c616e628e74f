"""Both servers in a temporary folder, for a test run or a benchmark; gone when it ends."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from servers.child_starting import end_group
from servers.folder_keeping import FolderIsTaken, keep
from servers.postgres import APP, OWNER, Postgres
from servers.valkey import Valkey

_PREFIX = "engage-throwaway-"
_PATIENCE = 60.0  # seconds for a server to start
_YOUNG = 60.0  # seconds


class ServerDidNotStart(Exception):
    """A server ended, or did not answer in time; the text holds the end of what it wrote."""


@contextlib.contextmanager
def throwaway_servers(environment: Mapping[str, str], *, durable: bool = False) -> Iterator[dict[str, str]]:
    """Start what ``environment`` does not name already, and yield the settings that name it.

    ``DATABASE_URL`` or ``REDIS_URL`` in ``environment`` means that server is somebody else's and is left alone.
    """
    _sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    settings: dict[str, str] = {}
    with contextlib.ExitStack() as closing:
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        closing.enter_context(keep(folder))
        if not environment.get("REDIS_URL"):
            valkey = Valkey(folder, folder / "valkey.log")
            closing.callback(_leave, valkey.socket.parent)
            closing.enter_context(running(valkey))
            settings["REDIS_URL"] = valkey.url()
        if not environment.get("DATABASE_URL"):
            postgres = Postgres(folder, folder / "postgres.log", durable=durable)
            closing.callback(_leave, postgres.sockets)
            closing.enter_context(running(postgres))
            postgres.make_roles()
            settings |= {"DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER)}
        yield settings


@contextlib.contextmanager
def running(server: Postgres | Valkey) -> Iterator[subprocess.Popen[bytes]]:
    """Run one server until the block ends; its folder's lock is the caller's. Raises ServerDidNotStart."""
    server.prepare()
    child = server.start()
    try:
        _wait_until_ready(server, child)
        yield child
    finally:
        if child.poll() is None:
            server.stop(child)
        end_group(child)
        child.wait()


def _leave(sockets: Path) -> None:
    # Where the path was too long, the sockets' folder lies outside the one that is thrown away.
    with contextlib.suppress(OSError):
        sockets.rmdir()


def _wait_until_ready(server: Postgres | Valkey, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while not server.is_ready():
        if child.poll() is not None or time.monotonic() > until:
            said = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ServerDidNotStart(f"{server.name} did not start. {said}")
        time.sleep(0.02)


def _sweep_abandoned() -> None:
    # A run that was killed could not clear up; its lock went with it.
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(FolderIsTaken, OSError):
            # A young folder may be another run's that has not locked it yet.
            if time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            with keep(folder):
                shutil.rmtree(folder, ignore_errors=True)
