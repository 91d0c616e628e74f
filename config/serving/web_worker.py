"""gunicorn's event loop worker, for connections that are slow, silent, greedy or many, and for an end that drops nobody.

A connection that is not in the middle of a request that came whole is *idle* here, whatever it is doing: silent between
two requests, at half a head, at half a body. Idle ones make room for newcomers, the longest idle first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections import Counter
from ipaddress import ip_address
from typing import Any, Final

from gunicorn.asgi import protocol
from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers.gasgi import ASGIWorker

from config.serving import draining
from config.serving.unreadable_requests import problem_answer
from engage.counting.rates import client_network

HEAD_WITHIN: Final = 10.0  # seconds from the first moment of a connection to the end of its first head
TAKEN_WITHIN: Final = 60.0  # seconds in which a reader must take what its connection holds ready
LARGEST_HEAD: Final = 32 * 1024  # bytes, as the proxy's max_header_size
MOST_OF_A_NETWORK: Final = 400  # connections in one process, from a peer that is not one of our proxies
_LINGER: Final = (
    2.0  # seconds in which what a refused client still sends is thrown away, so that it can read why
)
_SILENT_FOR: Final = (
    1.0  # seconds after which a silent connection may be closed at the end: what it sends is on its way
)
_ACCEPT_AT_ONCE: Final = 8  # so that the first process to wake does not take everybody
# One write for every answer. gunicorn hands large ones to asyncio's ``writelines``, which in the Pythons of today writes to a
# client that has gone (cpython gh-136234: its file stays in the loop's list, and the next client with that number is cut
# off) and tells nobody that a client does not take what it holds ready (gh-127655: no TAKEN_WITHIN).
protocol._NO_COPY_BODY_SIZE = sys.maxsize


class Lobby:
    """The connections of one process: how many there are, of which network, and which of them are idle."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: dict[Connection, str] = {}
        self._idle: dict[Connection, None] = {}  # the longest idle first
        self._of: Counter[str] = Counter()

    def enter(self, connection: Connection, network: str) -> bool:
        """Let one in, at the price of the longest idle one where there is no room; False where nobody is idle."""
        if network and self._of[network] >= MOST_OF_A_NETWORK and not self._end_one_idle(network):
            return False
        if len(self._all) >= self._most and not self._end_one_idle():
            return False
        self._all[connection] = network
        self._of[network] += 1
        self._idle[connection] = None
        return True

    def leave(self, connection: Connection) -> None:
        network = self._all.pop(connection, None)
        self._idle.pop(connection, None)
        if network is not None:
            self._of[network] -= 1
            if not self._of[network]:
                del self._of[network]

    def is_busy(self, connection: Connection) -> None:
        self._idle.pop(connection, None)

    def is_idle(self, connection: Connection) -> None:
        if connection in self._all:
            self._idle.pop(connection, None)
            self._idle[connection] = None

    def end_the_silent(self, before: float) -> None:
        """Close the idle connections on which nothing of a request has come since ``before``."""
        for connection in list(self._idle):
            if connection.is_silent and connection.idle_since < before:
                connection.end()

    @property
    def is_empty(self) -> bool:
        return not self._all

    def _end_one_idle(self, network: str | None = None) -> bool:
        for connection in self._idle:
            if network is None or self._all[connection] == network:
                connection.end()
                self.leave(connection)
                return True
        return False


class Connection(ASGIProtocol):
    """One client, with a time for its head and for taking its answer, and a limit to the head's size."""

    worker: WebWorker
    _closed: bool

    def __init__(self, worker: WebWorker) -> None:
        super().__init__(worker)
        self.idle_since = worker.loop.time()
        self._head_bytes = 0
        self._within: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if not self.worker.lobby.enter(self, self.worker.network_of(transport.get_extra_info("peername"))):
            self.end()
            return
        self._within = self.worker.loop.call_later(HEAD_WITHIN, self.end)

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.lobby.leave(self)
        self._forget_times()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._closed:
            return  # lingering: read and thrown away
        awaits_a_head = self._current_request is None
        if awaits_a_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if awaits_a_head and self._current_request is None and self._head_bytes > LARGEST_HEAD:
            self._send_error_response(431, "")
            self.end()

    @property
    def is_silent(self) -> bool:
        return self._current_request is None and not self._head_bytes

    def end(self) -> None:
        """Close at once, whatever the client is doing."""
        super()._close_transport()
        if self._request_ready is not None:
            self._request_ready.set()
        if self._body_receiver is not None:
            self._body_receiver.signal_disconnect()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._taking is None:
            self._taking = self.worker.loop.call_later(TAKEN_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        super().resume_writing()

    def _on_headers_complete(self) -> Any:
        self._head_bytes = 0
        if self._within is not None:
            self._within.cancel()
            self._within = None
        return super()._on_headers_complete()

    def _on_message_complete(self) -> None:
        self.worker.lobby.is_busy(self)
        super()._on_message_complete()

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        # gunicorn's own message quotes the request.
        self._safe_write(problem_answer(status))

    def _arm_keepalive_timer(self) -> None:
        # Called where the next request of this connection is waited for.
        self.idle_since = self.worker.loop.time()
        self.worker.lobby.is_idle(self)
        super()._arm_keepalive_timer()

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return draining.is_under_way() or bool(super()._will_close(request, response_requires_close))

    def _close_transport(self) -> None:
        receiver = self._body_receiver
        unread = receiver is not None and not receiver._complete and not receiver._closed
        if not unread or self._closed or self.transport is None or self.transport.is_closing():
            super()._close_transport()
            return
        # A close with something unread in it would reset the connection before the client has read why.
        self._closed = True
        with contextlib.suppress(OSError, RuntimeError, AttributeError):
            self.transport.write_eof()
            self.transport.resume_reading()
        self.worker.loop.call_later(_LINGER, self.transport.close)

    def _forget_times(self) -> None:
        for handle in (self._within, self._taking):
            if handle is not None:
                handle.cancel()


class WebWorker(ASGIWorker):
    """Serves until it is told to end: then it answers everybody who is in, and everybody who is at the door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lobby = Lobby(self.worker_connections)
        self._wake = asyncio.Event()

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Threads are the application's here (config.serving.front), so there is nothing to warn of."""

    def network_of(self, peer: Any) -> str:
        """The network of a peer, empty for one that stands for many: a proxy of ours, or a local socket."""
        from django.conf import settings

        try:
            address = ip_address(peer[0])
        except (ValueError, IndexError, TypeError):
            return ""
        if any(
            address in network for network in settings.TRUSTED_PROXIES if network.version == address.version
        ):
            return ""
        return client_network(str(address))

    def handle_winch_signal(self) -> None:
        """The arbiter's word that we shall end soon."""
        draining.begin()

    def handle_exit_signal(self) -> None:
        super().handle_exit_signal()
        draining.begin()
        self._wake.set()

    def handle_quit_signal(self) -> None:
        super().handle_quit_signal()
        self._wake.set()

    async def _serve(self) -> None:
        for listening in self.sockets:
            server = await self.loop.create_server(
                lambda: Connection(self), sock=listening.sock, backlog=_ACCEPT_AT_ONCE
            )
            # asyncio takes the number for both; how many may stand at the door is another matter.
            listening.sock.listen(self.cfg.backlog)
            self.servers.append(server)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 1.0)
        await self._shutdown()

    async def _shutdown(self) -> None:
        """Take in who stands at the door, shut it, and wait until everybody has been answered."""
        draining.begin()
        for server in self.servers:
            for listening in server.sockets:
                await self._take_in_the_last(listening)
            server.close()
        until = self.loop.time() + self.cfg.graceful_timeout - 1
        while not self.lobby.is_empty and not self._quick_shutdown and self.loop.time() < until:
            self.lobby.end_the_silent(self.loop.time() - _SILENT_FOR)
            self.notify()
            await asyncio.sleep(0.05)

    async def _take_in_the_last(self, listening: Any) -> None:
        own = socket.socket(fileno=os.dup(listening.fileno()))
        with own:
            own.setblocking(False)
            # From here on the kernel lets nobody new stand there: who comes is told that nobody listens, not cut off.
            own.listen(0)
            while True:
                try:
                    last, _ = own.accept()
                except OSError:
                    return
                last.setblocking(False)
                await self.loop.connect_accepted_socket(lambda: Connection(self), last)
