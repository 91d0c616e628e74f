"""Opens the demo's ports before anything runs behind them.

The supervisor holds the listening sockets and hands them to its children: no other program can slip in between
choosing and using, and while a child is restarted its callers wait in the queue instead of being refused.
"""

import contextlib
import errno
import socket

_TRIES = 200


class PortIsTaken(Exception):
    """The port that was asked for cannot be had; the text says which and why."""


def open_port(first: int, *, only_this: bool) -> list[socket.socket]:
    """Listen on ``first``, or the next free port after it, on the loopback addresses of IPv4 and IPv6.

    Returns one socket, or two with the same port. ``only_this``: raise PortIsTaken instead of going on.
    """
    for port in range(first, min(first + (1 if only_this else _TRIES), 65_536)):
        try:
            return _listen_on(port)
        except OSError as error:
            if only_this:
                raise PortIsTaken(_why(port, error)) from None
    raise PortIsTaken(f"No free port from {first} on was found.")


def port_of(sockets: list[socket.socket]) -> int:
    return int(sockets[0].getsockname()[1])


def _listen_on(port: int) -> list[socket.socket]:
    with contextlib.ExitStack() as undo:
        four = undo.enter_context(_bound(socket.AF_INET, "127.0.0.1", port))
        sockets = [four]
        try:
            sockets.append(undo.enter_context(_bound(socket.AF_INET6, "::1", port)))
        except OSError as error:
            # A machine without IPv6 is fine; a port that another holds there is not: `localhost` may mean it.
            if error.errno == errno.EADDRINUSE:
                raise
        undo.pop_all()
        return sockets


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _why(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken; name another, or leave PORT out and the next free one is used."
    return f"Port {port} cannot be opened ({error.strerror}); name another, or leave PORT out."
