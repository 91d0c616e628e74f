"""Keeps letters as files, so that they outlast a restart, and knows the newest without reading them."""

import contextlib
import json
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

_MOST = 50_000  # letters; the oldest go first
_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One line of the list. ``to`` is the envelope's; ``received_at`` is UTC, ISO 8601 with microseconds."""

    id: str
    sender: str
    to: list[str]
    subject: str
    date: str
    received_at: str
    message_id: str

    def as_json(self) -> dict[str, object]:
        """The fields as the API names them (``from`` is no name for a Python field)."""
        fields = asdict(self)
        return {"id": fields.pop("id"), "from": fields.pop("sender")} | fields


class LetterBox:
    """The letters in ``folder``: ``ID.eml`` as it came, ``ID.json`` its line of the list."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._letters = {letter.id: letter for letter in self._read_all()}

    def put(self, raw: bytes, sender: str, to: Sequence[str]) -> str:
        """Keep a letter; returns its id. Ids sort by time of arrival."""
        now = time.time_ns()
        letter_id = f"{now:020d}-{secrets.token_hex(4)}"
        headers = BytesHeaderParser(policy=policy.default).parsebytes(raw)
        letter = Letter(
            id=letter_id,
            sender=_said(headers, "From") or sender,
            to=list(to),
            subject=_said(headers, "Subject"),
            date=_said(headers, "Date"),
            received_at=datetime.fromtimestamp(now / 1e9, UTC).isoformat(timespec="microseconds"),
            message_id=_said(headers, "Message-ID"),
        )
        (self._folder / f"{letter_id}.json").write_text(json.dumps(asdict(letter)), encoding="utf-8")
        unfinished = self._folder / f"{letter_id}.new"
        unfinished.write_bytes(raw)
        # From here on it is ours: the answer to the sender follows this line.
        unfinished.rename(self._folder / f"{letter_id}.eml")
        with self._lock:
            self._letters[letter_id] = letter
            surplus = sorted(self._letters)[:-_MOST] if len(self._letters) > _MOST + 1000 else []
        for old in surplus:
            self._forget(old)
        return letter_id

    def newest_first(self, *, to: str = "", since: datetime | None = None) -> list[Letter]:
        """Letters whose envelope names an address containing ``to``, received at or after ``since``."""
        with self._lock:
            letters = [self._letters[letter_id] for letter_id in sorted(self._letters, reverse=True)]
        wanted = to.strip().casefold()
        return [
            letter
            for letter in letters
            if (not wanted or any(wanted in address.casefold() for address in letter.to))
            and (since is None or datetime.fromisoformat(letter.received_at) >= since)
        ]

    def letter(self, letter_id: str) -> Letter | None:
        with self._lock:
            return self._letters.get(letter_id)

    def raw(self, letter_id: str) -> bytes | None:
        """The letter as it came, or None. ``letter_id`` may be anybody's text."""
        if not _ID.fullmatch(letter_id):
            return None
        try:
            return (self._folder / f"{letter_id}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def _read_all(self) -> list[Letter]:
        letters = []
        for path in self._folder.glob("*.eml"):
            # A line that a full disk cut short hides its letter, not the others.
            with contextlib.suppress(OSError, ValueError, TypeError):
                letters.append(Letter(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))))
        return letters

    def _forget(self, letter_id: str) -> None:
        with self._lock:
            self._letters.pop(letter_id, None)
        for ending in ("eml", "json"):
            (self._folder / f"{letter_id}.{ending}").unlink(missing_ok=True)


def _said(headers: object, name: str) -> str:
    # A header that cannot be read (broken encoding, no address at all) must not refuse the letter.
    try:
        return str(headers[name] or "")  # type: ignore[index]
    except (ValueError, IndexError, AttributeError, KeyError):
        return ""
