"""Runs the mailbox on sockets inherited from the supervisor: ``--smtp`` and ``--http`` are file descriptors."""

import argparse
import asyncio
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from demo.mailbox.receiving import receive
from demo.mailbox.serving import MailboxServer
from demo.mailbox.storing import LetterBox


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m demo.mailbox")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp", type=int, action="append", default=[])
    parser.add_argument("--http", type=int, action="append", default=[])
    given = parser.parse_args()
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    box = LetterBox(given.folder)
    for number in given.http:
        server = MailboxServer(socket.socket(fileno=number), box)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    asyncio.run(receive(box, [socket.socket(fileno=number) for number in given.smtp]))


if __name__ == "__main__":
    main()
