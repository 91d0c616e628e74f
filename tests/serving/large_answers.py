"""An application whose answers are large, come in two pieces, and in whose time the loop hears of nobody's going."""

from __future__ import annotations

import time
from typing import Any

PIECE = b"a" * 200_000
LENGTH = 2 * len(PIECE)


async def application(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    head = [(b"content-length", b"%d" % LENGTH)]
    # As a large page of the library that makes answers may take: nothing else is read or written meanwhile.
    time.sleep(0.05)  # noqa: ASYNC251 - on purpose
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await send({"type": "http.response.body", "body": PIECE})
