"""Whether a channel takes letters at all. What it does not take because it is away is nobody's message's fault.

One row a channel tells every worker when to try again: soon at first, then every few seconds, never all at once.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import connection

from engage.contacts.models import Channel

_log = logging.getLogger(__name__)
_LONGEST_PAUSE: Final = 8.0  # seconds, and a half more or less: back within seconds once the relay is
_AFTER_A_REFUSED_LOGIN: Final = 20.0  # a relay that counts wrong passwords must not shut us out for longer
_SAY_AGAIN: Final = 50  # tries between two alarms about the same trouble

# Several workers that fail at once are one try.
_TROUBLE: Final = """
INSERT INTO outreach_channelstate AS s (channel, trouble, since, last_seen_at, tries, next_try_at)
VALUES (%(channel)s, %(code)s, now(), now(), 1, now() + make_interval(secs => 0.5 + random()))
ON CONFLICT (channel) DO UPDATE SET
    trouble = %(code)s, since = coalesce(s.since, now()), last_seen_at = now(),
    tries = CASE WHEN s.next_try_at > now() THEN s.tries ELSE least(s.tries + 1, 30000) END,
    next_try_at = CASE WHEN s.next_try_at > now() THEN s.next_try_at ELSE
        now() + make_interval(secs => least(2 ^ least(s.tries, 10), %(longest)s) * (0.5 + random())) END
RETURNING tries
"""
_WORKS: Final = """
INSERT INTO outreach_channelstate AS s (channel, worked_at) VALUES (%(channel)s, now())
ON CONFLICT (channel) DO UPDATE SET
    trouble = '', since = NULL, tries = 0, next_try_at = NULL, worked_at = now()
 WHERE s.trouble <> '' OR s.worked_at IS NULL OR s.worked_at < now() - interval '1 minute'
"""
# Part of a claim: nothing is taken from the ledger while the channel pauses. A pause longer than any that is made is
# one of a clock that went back.
OPEN: Final = """NOT EXISTS (SELECT FROM outreach_channelstate s
    WHERE s.channel = 'email' AND s.next_try_at > now() AND s.next_try_at < now() + interval '2 minutes')"""


def trouble(code: str, *, channel: str = Channel.EMAIL) -> None:
    """Nothing can go out, whoever it is for. Raises an alarm and makes every worker pause. code: never a provider's words."""
    longest = _AFTER_A_REFUSED_LOGIN if code.startswith("smtp_login") else _LONGEST_PAUSE
    with connection.cursor() as cursor:
        cursor.execute(_TROUBLE, {"channel": str(channel), "code": code[:48], "longest": longest})
        (tries,) = cursor.fetchone() or (1,)
    if tries % _SAY_AGAIN == 1:
        _log.error("channel_fault", extra={"channel": str(channel), "error": code, "tries": tries})


def works(*, channel: str = Channel.EMAIL) -> None:
    """It has just taken a letter."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, {"channel": str(channel)})


def is_open(*, channel: str = Channel.EMAIL) -> bool:
    """False while it takes nothing. A trouble that nobody has met for ten minutes is over, or nothing was due since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM outreach_channelstate WHERE channel = %s AND trouble <> ''"
            " AND last_seen_at > now() - interval '10 minutes'",
            [str(channel)],
        )
        return cursor.fetchone() is None


def is_known_to_fail(*, channel: str = Channel.EMAIL) -> bool:
    """It has taken nothing for half an hour although it was tried: what it refuses now says nothing about a message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worked_at IS NULL OR worked_at < now() - interval '30 minutes'"
            " FROM outreach_channelstate WHERE channel = %s",
            [str(channel)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
