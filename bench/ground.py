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
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


@contextlib.contextmanager
def servers() -> Iterator[None]:
    """PostgreSQL and Valkey as in the demo, migrated; Django is set up inside the block."""
    from config.embedded.throwaway import throwaway_servers

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENGAGE_ENV": "test",
        "THROTTLES": "off",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FINGERPRINT_KEY": _key(),
        "CONTACT_KEYS": f"1:{_key()}",
        "LINK_KEYS": f"1:{_key()}",
    }
    with throwaway_servers(os.environ, durable=True) as addresses:
        os.environ.update(addresses)
        command("migrate", "--database", "owner", "--verbosity", "0")
        import django

        django.setup()
        # A line a request would be measured too, and drown the table.
        logging.disable(logging.INFO)
        yield


def command(*arguments: str) -> None:
    """Run one of the project's commands. Raises CalledProcessError."""
    subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], check=True, cwd=ROOT)


@contextlib.contextmanager
def web(application: str = "config.asgi:application", *, workers: int = 2) -> Iterator[tuple[str, int]]:
    """The project's web server in front of ``application``; yields host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [
        "-m",
        "gunicorn",
        "-c",
        "python:config.web_serving",
        "--no-control-socket",
        "--workers",
        str(workers),
    ]
    child = subprocess.Popen(
        [sys.executable, *arguments, "--bind", f"127.0.0.1:{port}", application],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield "127.0.0.1", port
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=20)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status in {200, 404}:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError("The web server did not answer within a minute.")
