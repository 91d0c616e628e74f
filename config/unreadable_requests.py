"""What is answered where a request never reached the application: too long, too many headers, no HTTP at all."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from gunicorn import util


def write_problem(sock: Any, status_int: int, reason: str, mesg: str) -> None:
    """In gunicorn's place (``gunicorn.util.write_error``): a problem document, and nothing of what was sent."""
    # The pages it knows of can be read once Django is set up, and that is when the first request comes.
    from config.error_answers import words

    _title, detail = words(HTTPStatus(status_int))
    problem = {
        "type": "about:blank", "title": reason, "status": status_int, "detail": detail, "code": _code(status_int),
        "errors": [],
    }  # fmt: skip
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    )
    fields = {"method": "-", "route": "-", "status": status_int}
    logging.getLogger("engage.requests").info("unreadable", extra=fields)
    util.write_nonblock(sock, head.encode("latin-1") + body)


def answer_with_problems() -> None:
    """Once a server process, before its first request."""
    util.write_error = write_problem


def _code(status: int) -> str:
    return {414: "address_too_long", 431: "headers_too_large", 500: "internal_error"}.get(status, "invalid")
