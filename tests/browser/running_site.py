"""The whole of Engage behind a real socket, in this process: the tests' database, every middleware, static files as in the demo."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler

type Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# What a reverse proxy compresses (deploy/proxy/Caddyfile: `encode zstd gzip`), and the smallest body worth it.
_COMPRESSED: Final = ("text/", "application/javascript", "application/json", "image/svg+xml")
_SMALLEST: Final = 512  # bytes


@dataclass(frozen=True)
class Site:
    """url: http://localhost:…, without a slash at its end. A name, not a number: a passkey belongs to a name."""

    url: str


class _Handler(QuietWSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Tests say what went wrong; a browser that hangs up early is no news."""

    def handle(self) -> None:
        # A browser closes its connections without a word when its page is closed.
        with contextlib.suppress(ConnectionError):
            super().handle()


class _Server(ThreadedWSGIServer):
    request_queue_size = 128


@contextlib.contextmanager
def a_running_site(*, compressed: bool = False) -> Iterator[Site]:
    """compressed: with gzip, as a city serves it behind its proxy; the demo has no proxy, and sends bodies as they are."""
    server = _Server(("127.0.0.1", 0), _Handler, allow_reuse_address=False)
    site = Site(f"http://localhost:{server.server_address[1]}")
    with override_settings(PUBLIC_URL=site.url, SECURITY_CONTACT="mailto:security@harbor.example"):
        application: Wsgi = WSGIHandler()
        server.set_app(_zipped(application) if compressed else application)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            server.server_close()
            thread.join(timeout=10)


def _zipped(application: Wsgi) -> Wsgi:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *_more: Any) -> None:
            begun[:] = [status, headers]

        parts = application(environ, begin)
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        status, headers = begun
        kind = dict(headers).get("Content-Type", "")
        if (
            kind.startswith(_COMPRESSED)
            and len(body) >= _SMALLEST
            and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        ):
            body = gzip.compress(body, compresslevel=5)
            headers = [(name, value) for name, value in headers if name != "Content-Length"]
            headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    return answer
