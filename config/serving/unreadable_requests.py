"""What is answered where a request never reached the application: too long, too many headers, no HTTP at all."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus


def problem_answer(status: int) -> bytes:
    """A whole answer in place of gunicorn's own: a problem document, and nothing of what was sent."""
    # The pages it knows of can be read once Django is set up, and that is when the first request comes.
    from config.serving.error_answers import words

    reason, detail = words(HTTPStatus(status))
    problem = {
        "type": "about:blank", "title": reason, "status": status, "detail": detail, "code": _code(status), "errors": [],
    }  # fmt: skip
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    )
    # Counted, and no more: it is nobody's request, and nobody can act on it.
    fields = {"method": "-", "route": "-", "status": int(status)}
    logging.getLogger("engage.requests").info("unreadable", extra=fields)
    return head.encode("latin-1") + body


def _code(status: int) -> str:
    return {414: "address_too_long", 431: "headers_too_large", 500: "internal_error"}.get(status, "invalid")
