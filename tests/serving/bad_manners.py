"""Clients that are slow, silent, greedy or rude, many at a time, over raw sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_HOST = "Host: 127.0.0.1\r\n"


def _post(path: str, *, length: int) -> bytes:
    head = f"POST {path} HTTP/1.1\r\n{_HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    return head.encode()


def opening(kind: str, path: str) -> bytes:
    """What one such client sends at once."""
    return {
        "a body that trickles": _post(path, length=2_000_000) + b"a" * 65_536,
        "a small body that never ends": _post(path, length=40) + b"a",
        "a body in chunks without an end": f"POST {path} HTTP/1.1\r\n{_HOST}Transfer-Encoding: chunked\r\n\r\n".encode() + b"4\r\naaaa\r\n",
        "nothing at all": b"",
        "half a head": f"POST {path} HTTP/1.1\r\n{_HOST}X-Half: ".encode(),
        "a head that has no end": f"GET / HTTP/1.1\r\n{_HOST}".encode() + b"X-Flood: " + b"a" * 4_000 + b"\r\n",
        "a body that nobody asked for": _post(path, length=50_000_000) + b"a" * 65_536,
        "a body to a page that is read": b"GET / HTTP/1.1\r\n" + _HOST.encode() + b"Content-Length: 1000000\r\n\r\n" + b"a" * 1000,
        "an answer that is never taken": (b"GET /static/web/built/engage.css HTTP/1.1\r\n" + _HOST.encode() + b"\r\n") * 40,
        "a silence between two requests": b"GET /healthz HTTP/1.1\r\n" + _HOST.encode() + b"\r\n",
    }[kind]  # fmt: skip


MORE = {
    "a body that trickles": b"a" * 5_000,
    "a body in chunks without an end": b"4\r\naaaa\r\n",
    "half a head": b"a",
    "a head that has no end": b"X-Flood: " + b"a" * 4_000 + b"\r\n",
    "a body that nobody asked for": b"a" * 65_536,
    "a body to a page that is read": b"a" * 100,
}
KINDS = (
    "a body that trickles", "a small body that never ends", "a body in chunks without an end", "nothing at all",
    "half a head", "a head that has no end", "a body that nobody asked for", "a body to a page that is read",
    "an answer that is never taken", "a silence between two requests",
)  # fmt: skip


@contextmanager
def many(
    port: int, kind: str, path: str, *, number: int = 40, address: str = "127.0.0.1"
) -> Iterator[list[socket.socket]]:
    """``number`` such clients until the block ends; every half second each sends a little more, and comes back if cut off."""
    clients = [_one(port, kind, path, address) for _ in range(number)]
    over = threading.Event()

    def go_on() -> None:
        more = MORE.get(kind, b"")
        while more and not over.wait(0.5):
            for at, client in enumerate(clients):
                try:
                    client.sendall(more)
                except OSError:
                    client.close()
                    with contextlib.suppress(OSError):
                        clients[at] = _one(port, kind, path, address)

    trickle = threading.Thread(target=go_on, daemon=True)
    trickle.start()
    try:
        yield clients
    finally:
        over.set()
        trickle.join()
        for client in clients:
            client.close()


def _one(port: int, kind: str, path: str, address: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(address, 0))
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError, OSError):
        client.send(opening(kind, path))
    return client


def ends_within(
    client: socket.socket, seconds: float, more: Callable[[], bytes] = lambda: b""
) -> bytes | None:
    """What a client is told before its connection is closed; None where it still stands after ``seconds``."""
    said, until = b"", time.monotonic() + seconds
    client.settimeout(min(seconds, 0.2))
    while time.monotonic() < until:
        try:
            if rest := more():
                client.sendall(rest)
            part = client.recv(65_536)
        except TimeoutError:
            continue
        except OSError:
            return said
        if not part:
            return said
        said += part
    return None
