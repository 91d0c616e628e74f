"""Whoever goes before the answer comes costs whoever comes next nothing: neither a connection nor a place in the loop's list."""

from __future__ import annotations

import socket
import struct
import time

import pytest

from tests.makers.web_servers import a_web_server
from tests.serving.large_answers import LENGTH

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

_ASK = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# Close by a reset, as a phone does whose line breaks.
_AT_ONCE = struct.pack("ii", 1, 0)


def _asking(port: int) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=10)
    one.sendall(_ASK)
    return one


def _gone(port: int) -> None:
    one = _asking(port)
    time.sleep(0.02)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    one.close()


def _whole(one: socket.socket) -> int:
    """How many bytes of an answer came."""
    with one:
        came = 0
        while came < LENGTH and (piece := one.recv(65_536)):
            came += len(piece)
        return came


@pytest.mark.slow
def test_forty_that_go_before_a_large_answer_cut_off_nobody_who_comes_after() -> None:
    with a_web_server(application="tests.serving.large_answers:application") as web:
        for _ in range(5):
            for _one in range(8):
                _gone(web.port)
            time.sleep(0.3)
            staying = [_asking(web.port) for _ in range(16)]
            assert min(_whole(one) for one in staying) >= LENGTH
        log = web.log.read_text()
    assert "FileNotFoundError" not in log
    assert "Traceback" not in log
