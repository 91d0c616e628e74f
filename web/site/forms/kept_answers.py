"""A public form sent twice is one act: a double click, a retry and the way back through the browser get the same answer.

The browser makes the key (engage.js); where it cannot, a page asks "Is this right?" with a key of ours and changes
nothing yet. Pages that caches keep hold no key. What is done with the key is engage.kept_answers.keeping.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from engage.kept_answers.keeping import Keeping

FIELD: Final = "key"
_LONGEST: Final = 200
# What each page adds to a form anew, and nobody fills in.
OURS: Final = frozenset({FIELD, "csrfmiddlewaretoken"})


def key_of(request: HttpRequest) -> str:
    """The key that came with a form; empty where there was none."""
    return request.POST.get(FIELD, "").strip()[: _LONGEST + 1]


def fresh_key() -> str:
    """For a page that is kept nowhere."""
    return secrets.token_urlsafe(24)


def kept(request: HttpRequest, *, now: dt.datetime, key: str = "") -> Keeping:
    """One form under its key, or under ``key``."""
    route, body = f"form:{request.path}", filled_in(request)
    return Keeping(route=route, key=key or key_of(request), body=body, now=now)


def filled_in(request: HttpRequest) -> bytes:
    """What was filled in, the same whatever the browser's encoding and order, and on whichever page of ours it stood."""
    return urlencode(
        sorted((name, value) for name, values in request.POST.lists() if name not in OURS for value in values)
    ).encode()
