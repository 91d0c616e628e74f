"""What a benchmark stands on: servers of its own that keep their promises (fsync on), and the project's web server."""

from __future__ import annotations

import base64
import contextlib
import http.client
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


@contextlib.contextmanager
def servers(*, durable: bool = True) -> Iterator[None]:
    """PostgreSQL and Valkey as in the demo, migrated; Django is set up inside the block.

    durable: whether a commit waits for the disk, as it must where times are measured.
    """
    from servers.throwaway import throwaway_servers

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENGAGE_ENV": "test",
        "THROTTLES": "off",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FINGERPRINT_KEY": _key(),
        "CONTACT_KEYS": f"1:{_key()}",
        "LINK_KEYS": f"1:{_key()}",
    }
    with throwaway_servers(os.environ, durable=durable) as addresses:
        os.environ.update(addresses)
        command("migrate", "--database", "owner", "--verbosity", "0")
        import django

        django.setup()
        # A line a request would be measured too, and drown the table.
        logging.disable(logging.INFO)
        yield


def free_port() -> int:
    """Of this machine, a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def command(*arguments: str) -> None:
    """Run one of the project's commands. Raises CalledProcessError."""
    subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], check=True, cwd=ROOT)


@contextlib.contextmanager
def web(application: str = "config.asgi:application", *, workers: int = 2) -> Iterator[tuple[str, int]]:
    """The project's web server in front of ``application``; yields host and port."""
    port = free_port()
    arguments = [
        "-m",
        "gunicorn",
        "-c",
        "python:config.web_serving",
        "--no-control-socket",
        "--workers",
        str(workers),
    ]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, *arguments, "--bind", f"127.0.0.1:{port}", application],
            cwd=ROOT,
            start_new_session=True,
            stdout=said,
            stderr=said,
        )
        try:
            _wait(port, child, said)
            yield "127.0.0.1", port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            child.wait(timeout=20)


def _wait(port: int, child: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status in {200, 404}:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    said.seek(0)
    raise TimeoutError(
        f"The web server did not answer within a minute: {said.read()[-3000:].decode(errors='replace')}"
    )
