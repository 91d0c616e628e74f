"""Valkey (or Redis) for one folder: how it is started, asked whether it is ready, and reached."""

import contextlib
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from servers.child_starting import start_child
from servers.folder_keeping import socket_folder
from servers.programs import valkey_program

_SOCKET = "valkey.sock"


@dataclass
class Valkey:
    """A server on a Unix socket that writes nothing to disk.

    The broker is a doorbell and the cache can be made anew; and the salt of the throttles, which lives there, must
    not outlast the process.
    """

    folder: Path
    log: Path
    name: str = field(default="Valkey", init=False)

    @cached_property
    def program(self) -> Path:
        return valkey_program()

    @cached_property
    def socket(self) -> Path:
        return socket_folder(self.folder, _SOCKET) / _SOCKET

    def url(self, number: int = 0) -> str:
        """The address of logical database ``number``, 0 to 63."""
        return f"unix://{quote(str(self.socket))}?db={number}"

    def prepare(self) -> None:
        """Clear a killed server's socket. Hold the folder's lock. Raises ProgramIsMissing."""
        self.program  # noqa: B018 - found now, so that what is missing is said before anything starts
        self.socket.unlink(missing_ok=True)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server in the foreground, as our child; ``prepare`` first."""
        settings = {
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "port": "0",
            "appendonly": "no",
            "save": "",
            "databases": "64",
            "dir": str(self.socket.parent),
            # The cache is bounded; what waits in a queue has no time to live and is never evicted.
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return start_child([self.program, *options], log=self.log)

    def is_ready(self) -> bool:
        """Whether the server answers PING."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Stop it: SIGTERM, and SIGKILL after five seconds. It holds nothing that must be written."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            child.send_signal(number)
            try:
                child.wait(timeout=5)
                return
            except subprocess.TimeoutExpired:
                continue
