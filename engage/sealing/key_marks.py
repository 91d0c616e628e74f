"""Whether the keys of the settings are those this database was written with.

With other keys every sealed row is unreadable, every link dead and every address new: nothing may be done before this
is known. A mark is an HMAC under the key of the key's own name, so that swapped keys are told apart and a dump holds
nothing that leads to them. Plain SQL, since it is asked before Django is set up.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, connections

from engage.sealing.intake import public_half
from engage.sealing.seals import opens, seal_under

_KNOWN_TEXT: Final = "Engage keeps its word."
_PLACE: Final[dict[str, Any]] = {
    "table": "engage_keymark", "column": "sealed", "row": UUID(int=0), "agency": UUID(int=0)
}  # fmt: skip
# A text waits a day at most, and the web knows one half of one key: an old number may be missing, but not all of them.
_INTAKE: Final = "INTAKE_PUBLIC_KEY"
# Where a database is older than its marks, one sealed address has to open.
_NEWEST_ADDRESS: Final = "SELECT id, agency_id, sealed_address FROM engage_contact ORDER BY id DESC LIMIT 1"


class KeysDoNotFit(Exception):
    """The text is the sentence for whoever starts Engage."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key as the settings name it; ``number`` 0 where the setting holds one."""

    setting: str
    number: int
    value: bytes

    @property
    def name(self) -> str:
        return f"{self.setting} {self.number}" if self.number else self.setting

    def mark(self) -> bytes:
        return hmac.new(self.value, f"engage/key-mark/v1/{self.name}".encode(), sha256).digest()


def keys_of_the_settings() -> list[Key]:
    """CONTACT_KEYS, LINK_KEYS, FINGERPRINT_KEY, and the public halves that anonymous texts are sealed to.

    SECRET_KEY seals nothing: another one ends sessions, no more.
    """
    numbered = {"CONTACT_KEYS": settings.CONTACT_KEYS, "LINK_KEYS": settings.LINK_KEYS}
    found = [Key(name, number, value) for name, listed in numbered.items() for number, value in listed]
    halves = {number: public_half(private) for number, private in settings.INTAKE_PRIVATE_KEYS}
    if settings.INTAKE_PUBLIC_KEY is not None:
        halves |= dict([settings.INTAKE_PUBLIC_KEY])
    found += [Key(_INTAKE, number, half) for number, half in halves.items()]
    return [*found, Key("FINGERPRINT_KEY", 0, settings.FINGERPRINT_KEY)]


def check_keys(keys: Sequence[Key], cursor: Any) -> None:
    """Raises KeysDoNotFit. A database without marks is asked whether its newest address opens. Changes nothing."""
    known = _known(cursor)
    wrong = list(_wrong(keys, known)) if known else list(_unreadable(keys, cursor))
    if wrong:
        raise KeysDoNotFit(
            f"{' and '.join(wrong)}: nothing was touched. Put the keys back with which this database was written "
            "(docs/deploying.md, Keys)."
        )


def remember_keys(keys: Sequence[Key], cursor: Any) -> None:
    """Check, then write a mark for each key that has none yet: the first ones, and those added by a rotation.

    Two that do it at once write the same.
    """
    check_keys(keys, cursor)
    known = _known(cursor)
    if known is None:
        return
    for key in keys:
        if (key.setting, key.number) in known:
            continue
        sealed = seal_under(key.number, key.value, _KNOWN_TEXT, **_PLACE) if _seals(key) else None
        cursor.execute(
            "INSERT INTO engage_keymark (setting, number, mark, sealed, made_at) VALUES (%s, %s, %s, %s, now())"
            " ON CONFLICT (setting, number) DO NOTHING",
            [key.setting, key.number, key.mark(), sealed],
        )
    check_keys(keys, cursor)


def forget_key(setting: str, number: int) -> None:
    """After a rotation has left nothing behind that needs it, a key may go from the settings."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM engage_keymark WHERE setting = %s AND number = %s", [setting, number])


def keys_fit(using: str = "default") -> bool:
    """For a process that runs: before it acts on sealed rows, and in ``/readyz``. Two small statements."""
    with connections[using].cursor() as cursor:
        try:
            check_keys(keys_of_the_settings(), cursor)
        except KeysDoNotFit:
            return False
    return True


def _known(cursor: Any) -> dict[tuple[str, int], tuple[bytes, bytes | None]] | None:
    """None in a database from before there were marks."""
    cursor.execute("SELECT to_regclass('engage_keymark') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return None
    cursor.execute("SELECT setting, number, mark, sealed FROM engage_keymark ORDER BY setting, number")
    return {
        (setting, number): (bytes(mark), bytes(sealed) if sealed else None)
        for setting, number, mark, sealed in cursor.fetchall()
    }


def _wrong(keys: Sequence[Key], known: dict[tuple[str, int], tuple[bytes, bytes | None]]) -> Iterator[str]:
    given = {(key.setting, key.number): key for key in keys}
    has_intake = any(key.setting == _INTAKE for key in keys)
    for name, (mark, sealed) in known.items():
        key = given.get(name)
        if key is None and name[0] == _INTAKE and has_intake:
            continue
        if key is None:
            yield f"{name[0]} {name[1]} is missing".replace(" 0 ", " ")
        elif not hmac.compare_digest(mark, key.mark()) or (sealed and not opens(key.value, sealed, **_PLACE)):
            yield f"{key.name} is another key"


def _unreadable(keys: Sequence[Key], cursor: Any) -> Iterator[str]:
    cursor.execute("SELECT to_regclass('engage_contact') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(_NEWEST_ADDRESS)
    for row, agency, sealed in cursor.fetchall():
        place = {"table": "engage_contact", "column": "sealed_address", "row": row, "agency": agency}
        by_number = {key.number: key.value for key in keys if _seals(key)}
        key = by_number.get(bytes(sealed)[0])
        if key is None or not opens(key, bytes(sealed), **place):
            yield "CONTACT_KEYS does not open what is in the database"


def _seals(key: Key) -> bool:
    return key.setting == "CONTACT_KEYS"
