"""How a log line is written: one JSON object, with route names instead of paths and nothing that names a resident.

What may not reach a log: addresses, telephone numbers, links, network addresses, user agents, and the text of a
database's complaint, whose DETAIL holds the row.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from django.db import Error as DatabaseError

# Every kind of secret that travels in a link, and every way to reach a person.
_MASKS = (
    (re.compile(r"(?<![A-Za-z2-7])[A-Za-z2-7]{53}(?![A-Za-z2-7])"), "<link>"),
    (
        re.compile(
            r"(?i)(/(?:r|accept|unsubscribe|confirm|invitation|c|door/open|door/code|key)/)[^/\s\"'?]+"
        ),
        r"\1<link>",
    ),
    (re.compile(r"(?i)\b(bearer\s+)\S+"), r"\1<token>"),
    (re.compile(r"[^\s<>\"'(),:;=/@]{1,64}@[^\s<>\"'(),:;@]{1,255}"), "<email>"),
    (re.compile(r"(?<![\w.:-])\+?\d(?:[ ().-]{0,2}\d){8,14}(?![\w:-])"), "<phone>"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), "<address>"),
)
_LONGEST = 2000
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "status_code"}


def masked(text: str) -> str:
    """``text`` without links, tokens, addresses and telephone numbers, at most 2,000 characters of it."""
    text = text[:_LONGEST]
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def route_of(request: Any) -> str:
    """The name of the route that a request took, never its path; ``-`` where none fits."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "-"


class JsonLines(logging.Formatter):
    """``{"at", "level", "logger", "event", …}``; what a call gives as ``extra`` becomes members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            # As coarse as the classes of speed beside it: a finer clock would tell what they keep back.
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD and not name.startswith("_"):
                line[name] = value if isinstance(value, int | float | bool | None) else masked(str(value))
        if record.exc_info and record.exc_info[1]:
            line["error"] = _error(record.exc_info[1])
            line["stack"] = list(_frames(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False, default=str)

    @staticmethod
    def _event(record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is not None and record.name.startswith("django."):
            # Django puts the path into the text; the path of a resident's page is its key.
            return f"{getattr(record, 'status_code', '')} {request.method} {route_of(request)}".strip()
        return masked(record.getMessage())


def _error(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error.__cause__, "sqlstate", None) or getattr(error, "sqlstate", None)
    if isinstance(error, DatabaseError) or code:
        return f"{name} {code or ''}".strip()
    return masked(f"{name}: {error}")


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: every logger writes JSON lines to the standard error stream."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.watching.log_writing.JsonLines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # Its own handlers would mail or print what ours leaves out.
            "django": {"handlers": [], "propagate": True, "level": "INFO"},
            "django.server": {"handlers": [], "propagate": False},
            # Not found and refused are answers, not news; the request line has them.
            "django.request": {"level": "ERROR"},
            "django.security.csrf": {"level": "ERROR"},
            # Anybody can send any Host, a thousand fields or a made-up session; it is refused, and nobody can act on a
            # line about it.
            "django.security": {"level": "CRITICAL"},
        },
    }
