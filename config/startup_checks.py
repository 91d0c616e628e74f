"""What must be true before Engage serves: each failure is one sentence."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from engage.intake_sealing import public_half


@register(Tags.security)
def secrets_differ(**_: Any) -> list[CheckMessage]:
    """LINK_KEYS, CONTACT_KEYS, FINGERPRINT_KEY and SECRET_KEY each guard something else, so no two are equal."""
    return [
        Error(f"{one} and {other} hold the same key; each needs a key of its own.", id="engage.E001")
        for (one, key), (other, second) in combinations(_secrets(), 2)
        if hmac.compare_digest(key, second)
    ]


@register(Tags.security)
def intake_keys_are_a_pair(**_: Any) -> list[CheckMessage]:
    """Where both halves stand in one place, the one opens what the other seals: else the worker could open no text."""
    if settings.INTAKE_PUBLIC_KEY is None or not settings.INTAKE_PRIVATE_KEYS:
        return []
    number, public = settings.INTAKE_PUBLIC_KEY
    private = dict(settings.INTAKE_PRIVATE_KEYS).get(number)
    if private is not None and hmac.compare_digest(public_half(private), public):
        return []
    return [
        Error(
            "INTAKE_PUBLIC_KEY is not the public half of a key in INTAKE_PRIVATE_KEYS; make the two together "
            "(manage.py make_intake_keys).",
            id="engage.E005",
        )
    ]


def _secrets() -> Iterator[tuple[str, bytes]]:
    yield "SECRET_KEY", settings.SECRET_KEY.encode()
    yield "FINGERPRINT_KEY", settings.FINGERPRINT_KEY
    for name in ("CONTACT_KEYS", "LINK_KEYS", "INTAKE_PRIVATE_KEYS"):
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
