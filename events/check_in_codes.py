"""The code on the ticket: ten characters that can be read aloud at a door, unique in an event; it opens nothing else."""

from __future__ import annotations

import re
import secrets
from typing import Final

# Crockford's base32 has no I, L, O and U: nothing is mistaken for something else.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10
_ALIKE: Final = str.maketrans("ILO", "110")
# Spaces of every kind and whatever somebody's keyboard makes of a hyphen.
_BETWEEN: Final = re.compile("[\\s\u00ad\u2010-\u2015\u2212_-]+")


def new_code() -> str:
    """50 random bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str:
    """The code as it is stored, without regard to spaces, hyphens, case, and I and L for 1, O for 0."""
    return _BETWEEN.sub("", typed).upper().translate(_ALIKE)
