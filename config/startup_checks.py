"""What must be true before Engage serves: each failure is one sentence."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def secrets_differ(**_: Any) -> list[CheckMessage]:
    """LINK_KEYS, CONTACT_KEYS, FINGERPRINT_KEY and SECRET_KEY each guard something else, so no two are equal."""
    return [
        Error(f"{one} and {other} hold the same key; each needs a key of its own.", id="engage.E001")
        for (one, key), (other, second) in combinations(_secrets(), 2)
        if hmac.compare_digest(key, second)
    ]


def _secrets() -> Iterator[tuple[str, bytes]]:
    yield "SECRET_KEY", settings.SECRET_KEY.encode()
    yield "FINGERPRINT_KEY", settings.FINGERPRINT_KEY
    for name in ("CONTACT_KEYS", "LINK_KEYS"):
        for number, key in getattr(settings, name):
            yield f"{name} {number}", key


@register(Tags.security, deploy=True)
def served_over_https(**_: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL.startswith("https://"):
        return []
    return [Warning("PUBLIC_URL must begin with https:// in production.", id="engage.W002")]


@register(Tags.security, deploy=True)
def two_database_roles(**_: Any) -> list[CheckMessage]:
    if not settings.ONE_DATABASE_ROLE:
        return []
    sentence = (
        "DATABASE_URL and DATABASE_OWNER_URL name the same role: the web could then change the record. "
        "Give the web a role of its own (docs/settings.md)."
    )
    return [Warning(sentence, id="engage.W003")]


@register(Tags.security)
def throttles_hold_in_production(**_: Any) -> list[CheckMessage]:
    if settings.PRODUCTION and settings.THROTTLES == "off":
        return [Error("THROTTLES=off is for tests and demos; in production it must be on.", id="engage.E004")]
    return []
