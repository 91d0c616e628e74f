"""Row ids: UUIDv7 (RFC 9562 §5.7), made here because PostgreSQL below 18 has no function for it."""

import os
import time
import uuid

from engage.refusals import Unknown


def uuid7_of_this_second() -> uuid.UUID:
    """A UUIDv7 whose time is the second that has begun: for rows beside which something was said without a name."""
    return _made(time.time_ns() // 1_000_000_000 * 1000)


def uuid7() -> uuid.UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits. Never for contributions: it tells the time."""
    return _made(time.time_ns() // 1_000_000)


def _made(milliseconds: int) -> uuid.UUID:
    noise = int.from_bytes(os.urandom(10), "big")
    value = (
        (milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (noise >> 68) << 64
        | 0b10 << 62
        | noise & (1 << 62) - 1
    )
    return uuid.UUID(int=value)


def id_or_none(text: object) -> uuid.UUID | None:
    """The id that ``text`` spells, e.g. out of an address or a form; None for what spells none."""
    try:
        return text if isinstance(text, uuid.UUID) else uuid.UUID(str(text))
    except ValueError:
        return None


def id_in(text: object) -> uuid.UUID:
    """As ``id_or_none``. Raises Unknown for what spells none: there is nothing of that name."""
    found = id_or_none(text)
    if found is None:
        raise Unknown
    return found
