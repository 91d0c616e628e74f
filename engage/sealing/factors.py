"""The secret of a person's second factor: sealed, and bound to that person."""

from __future__ import annotations

import base64
from typing import Final
from uuid import UUID

from engage.sealing.seals import seal, unseal

_FACTORS: Final = {"table": "mfa_authenticator", "column": "data"}
# Where the package's table keeps a secret: of an app, and of recovery codes.
SECRETS: Final = ("secret", "seed")
_BOUND: Final = "p1."
NOWHERE: Final = UUID(int=0)


def seal_factor(text: str, person: UUID) -> str:
    """A second factor's secret, bound to its person."""
    sealed = seal(text, row=person, agency=person, **_FACTORS)
    return f"{_BOUND}{person.hex}.{base64.urlsafe_b64encode(sealed).decode()}"


def open_factor(text: str) -> str:
    """The secret again. Raises SealBroken."""
    if not text.startswith(_BOUND):
        return unseal(base64.urlsafe_b64decode(text), row=NOWHERE, agency=NOWHERE, **_FACTORS)
    _mark, person, sealed = text.split(".", 2)
    return unseal(base64.urlsafe_b64decode(sealed), row=UUID(person), agency=UUID(person), **_FACTORS)


def person_of(text: str) -> UUID | None:
    """Whom a sealed secret is bound to; None from before they were."""
    return UUID(text.split(".", 2)[1]) if text.startswith(_BOUND) else None


def key_of(text: str) -> int:
    """The number of the key in CONTACT_KEYS that a sealed secret lies under."""
    return base64.urlsafe_b64decode(text.rpartition(".")[2])[0]
