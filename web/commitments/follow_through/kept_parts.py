"""Parts of pages that are drawn once and shown again, as long as nothing they are made of has changed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString, mark_safe

# After an upgrade a part may still be the old one for so long.
KEPT_SECONDS: Final = 600
_log = logging.getLogger(__name__)


def kept_part(request: HttpRequest, made_of: tuple[str, ...], draw: Callable[[str], str]) -> SafeString:
    """The part that ``draw`` made of the same things before, or makes now.

    made_of: the part's name, whose it is, who may see what in it, its language, and a version of everything it tells.
    draw: gets what stands for the reader's CSRF token in what is kept, whose forms get the token of each reader.
    A cache that is gone keeps nothing, and the part is drawn.
    """
    key = f"part:{sha256(repr(made_of).encode()).hexdigest()}"
    found = _found(key)
    if found is None:
        # Random, so that no text in the part can be taken for it.
        stand_in = secrets.token_hex(16)
        found = stand_in, draw(stand_in)
        _keep(key, found)
    stand_in, drawn = found
    if stand_in in drawn:
        drawn = drawn.replace(stand_in, get_token(request))
    return mark_safe(drawn)  # noqa: S308 - drawn by a template, which escaped what was typed


def _found(key: str) -> tuple[str, str] | None:
    try:
        found: tuple[str, str] | None = cache.get(key)
    # The cache's own exceptions are its driver's, which this room does not know.
    except Exception:  # noqa: BLE001
        _log.warning("cache_unavailable", extra={"keeping": "part"})
        return None
    return found


def _keep(key: str, part: tuple[str, str]) -> None:
    try:
        cache.set(key, part, KEPT_SECONDS)
    except Exception:  # noqa: BLE001 - as above
        _log.warning("cache_unavailable", extra={"keeping": "part"})
