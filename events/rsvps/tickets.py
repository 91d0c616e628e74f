"""What is on a ticket: the name somebody gave, which is sealed, and the code, ten characters that can be read aloud at a door.

The name is opened for the door list and for themselves. The code is unique in an event, and opens nothing else.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

from engage.sealing.seals import seal, unseal
from events.rsvps.models import Rsvp

_TABLE, _COLUMN = "events_rsvp", "sealed_name"
# Crockford's base32 has no I, L, O and U: nothing is mistaken for something else.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10
_ALIKE: Final = str.maketrans("ILO", "110")
# Spaces of every kind and whatever somebody's keyboard makes of a hyphen.
_BETWEEN: Final = re.compile("[\\s\u00ad\u2010-\u2015\u2212_-]+")


def seal_name(rsvp: Rsvp, name: str) -> None:
    """Put ``name`` under seal on an RSVP that has its id and agency; an empty one is none."""
    rsvp.sealed_name = (
        seal(name, table=_TABLE, column=_COLUMN, row=rsvp.pk, agency=rsvp.agency_id) if name else None
    )


def name_of(rsvp: Rsvp) -> str:
    """The name, opened; empty where none was given. Raises SealBroken."""
    if rsvp.sealed_name is None:
        return ""
    return unseal(bytes(rsvp.sealed_name), table=_TABLE, column=_COLUMN, row=rsvp.pk, agency=rsvp.agency_id)


def new_code() -> str:
    """50 random bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str:
    """The code as it is stored, without regard to spaces, hyphens, case, and I and L for 1, O for 0."""
    return _BETWEEN.sub("", typed).upper().translate(_ALIKE)
