"""Sessions of who signs in: 12 hours at most, two hours without an act, and each can be seen and ended by its owner.

The cookie's value is random and stored as SHA-256: a dump of the database opens no session. Beside Django's data a row
says whose it is, since when, when it was last used (to the minute) and in what kind of browser; no address.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from engage.people.models import Person, SignInSession

IDLE: Final = dt.timedelta(hours=2)
LASTS: Final = dt.timedelta(hours=12)
# An act is written down where the last one is older, so that not every click is a write.
_COARSE: Final = dt.timedelta(minutes=2)
_log = logging.getLogger(__name__)
# In the session's data: the second of the sign-in, and the word for the browser.
SIGNED_IN_AT: Final = "signed_in_at"
DEVICE: Final = "device"


class SessionStore(SessionBase):
    """Django's session in our table (settings.SESSION_ENGINE is this module)."""

    seen_at: dt.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[SignInSession]:
        return SignInSession

    def load(self) -> dict[str, Any]:
        row = standing().filter(session_key=stored(self.session_key or "")).first()
        if row is None:
            self._session_key = None
            return {}
        self.seen_at = row.seen_at
        return dict(self.decode(row.session_data))

    def exists(self, session_key: str) -> bool:
        return SignInSession.objects.filter(session_key=stored(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Raises CreateError for a key that is taken, UpdateError for a session that was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        kept = {
            "session_data": self.encode(data),
            "person_id": data.get(SESSION_KEY),
            "device": data.get(DEVICE, ""),
        }
        if SIGNED_IN_AT in data or must_create:
            kept["expire_date"] = self._ends(data)
        if not must_create:
            if not SignInSession.objects.filter(session_key=stored(self.session_key)).update(**kept):
                raise UpdateError
            return
        minute = _minute(timezone.now())
        made = _minute(dt.datetime.fromtimestamp(data.get(SIGNED_IN_AT, time.time()), dt.UTC))
        try:
            with transaction.atomic():
                SignInSession.objects.create(
                    session_key=stored(self.session_key), made_at=made, seen_at=minute, **kept
                )
        except IntegrityError:
            raise CreateError from None
        self.seen_at = minute

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            SignInSession.objects.filter(session_key=stored(key)).delete()

    def touch(self, now: dt.datetime) -> None:
        """Its owner has just done something. A database that takes no writes just now still shows its pages."""
        if not self.session_key or self.seen_at is None or now - self.seen_at <= _COARSE:
            return
        self.seen_at = _minute(now)
        try:
            with transaction.atomic():
                SignInSession.objects.filter(session_key=stored(self.session_key)).update(
                    seen_at=self.seen_at
                )
        except DatabaseError:
            _log.warning("session_not_touched")

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds; counted from the sign-in, so that nothing that is kept later makes it longer."""
        return max(0, int((self._ends(self._get_session()) - timezone.now()).total_seconds()))  # type: ignore[attr-defined]

    @classmethod
    def clear_expired(cls) -> None:
        forget_ended_sessions(now=timezone.now())

    @staticmethod
    def _ends(data: dict[str, Any]) -> dt.datetime:
        return dt.datetime.fromtimestamp(data.get(SIGNED_IN_AT, time.time()), dt.UTC) + LASTS


def standing() -> Any:
    """The sessions that open something now."""
    now = timezone.now()
    return SignInSession.objects.filter(expire_date__gt=now, seen_at__gt=now - IDLE)


def stored(key: str) -> str:
    """What stands in the database for a cookie's value."""
    return sha256(key.encode()).hexdigest()


def sessions_of(person: Person) -> list[SignInSession]:
    """Where this person is signed in now, the newest act first; 50 at most."""
    return list(standing().filter(person=person).order_by("-seen_at", "-made_at")[:50])


def end_session(person: Person, number: UUID) -> bool:
    """Whether there was one of that number, which is over now."""
    return bool(SignInSession.objects.filter(person=person, number=number).delete()[0])


def end_other_sessions(person: Person, key: str | None) -> int:
    """All but the one with this cookie's value; how many there were."""
    others = SignInSession.objects.filter(person=person).exclude(session_key=stored(key or ""))
    return int(others.delete()[0])


def forget_ended_sessions(*, now: dt.datetime) -> int:
    """Rows that open nothing any more; how many."""
    late = SignInSession.objects.filter(expire_date__lte=now)
    idle = SignInSession.objects.filter(seen_at__lte=now - IDLE)
    return int(late.delete()[0]) + int(idle.delete()[0])


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)
