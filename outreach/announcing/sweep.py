"""The activity sweep: what nobody has announced yet becomes rows in the ledger, in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from engage.activity.models import Activity
from outreach.announcing.audience import QUICK, hold_contacts
from outreach.announcing.broadcasting import BROADCASTS
from outreach.announcing.correcting import correct, leave_to_followers, next_correction
from outreach.announcing.models import ActivityStumble, FollowersToTell

_log = logging.getLogger(__name__)
# Commits arrive out of order, so never "later than the last one seen": whatever has no mark yet. What goes to many stands in
# a line of its own: it takes long, and no answer may wait behind it, or be held by whoever plans it.
_UNANNOUNCED: Final = """
SELECT * FROM engage_activity a
 WHERE announced_at IS NULL AND (verb = ANY(%(to_many)s::text[])) = %(is_to_many)s::boolean
   AND NOT EXISTS (SELECT FROM outreach_activitystumble s WHERE s.activity_id = a.id AND s.next_try_at > now())
 ORDER BY id LIMIT %(most)s FOR UPDATE OF a SKIP LOCKED
"""


def announce(*, now: dt.datetime, most: int = 200) -> int:
    """Announce up to ``most`` activities, and at most one that goes to many. Safe to run twice at once.

    now: for the rules about addresses; the ledger's own times are the database's. Returns how many were looked at.
    """
    with transaction.atomic():
        quick = _unannounced(most)
        hold_contacts(quick)
        _announce_each_verb(quick, now)
    return len(quick) + (_tell_followers_of_one(now) or _announce_one_broadcast(now))


def try_stumbled_again() -> None:
    """At once, whatever waits for its next try: what it stumbled over may be mended."""
    ActivityStumble.objects.filter(next_try_at__gt=Now()).update(next_try_at=Now())


def _tell_followers_of_one(now: dt.datetime) -> int:
    """Before any other news: some of them are about to set out."""
    with transaction.atomic():
        activity = next_correction()
        if activity is None:
            return 0
        if _stands(lambda: correct(activity, now), activity):
            FollowersToTell.objects.filter(pk=activity.pk).delete()
            ActivityStumble.objects.filter(pk=activity.pk).delete()
        return 1


def _announce_one_broadcast(now: dt.datetime) -> int:
    with transaction.atomic():
        first = _unannounced(1, to_many=True)
        done = [
            one
            for one in first
            if _stands(lambda one=one: BROADCASTS[one.verb](one, now), one)  # type: ignore[misc]
        ]
        _mark(done)
        return len(first)


def _announce_each_verb(activities: list[Activity], now: dt.datetime) -> None:
    verbs: dict[str, list[Activity]] = {}
    for activity in activities:
        verbs.setdefault(activity.verb, []).append(activity)
    # What nobody hears of only gets its mark.
    done = [one for verb, some in verbs.items() if verb not in QUICK for one in some]
    for verb in sorted(set(verbs) & set(QUICK)):
        done += _announce_verb(verb, verbs[verb], now)
    leave_to_followers(done)
    _mark(done)


def _announce_verb(verb: str, activities: Sequence[Activity], now: dt.datetime) -> list[Activity]:
    """All at once; where that fails, one by one, so that only the one that cannot be announced stays behind."""
    try:
        with transaction.atomic():
            QUICK[verb](activities, now)
        return list(activities)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold up the others
        _log.warning("announcing_one_by_one", extra={"verb": verb, "error": type(error).__name__})
    return [one for one in activities if _stands(lambda one=one: QUICK[verb]([one], now), one)]  # type: ignore[misc]


def _stands(write: Callable[[], None], activity: Activity) -> bool:
    try:
        with transaction.atomic():
            write()
        return True
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one poison row blocks nobody
        reason = "database" if isinstance(error, DatabaseError) else type(error).__name__
        _log.exception("announcing_failed", extra={"activity": str(activity.pk), "verb": activity.verb})
        _stumbled(activity, reason)
        return False


def _stumbled(activity: Activity, reason: str) -> None:
    # Doubling from ten seconds to an hour; the database's time.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO outreach_activitystumble AS s (activity_id, attempts, next_try_at, reason)
            VALUES (%s, 1, now() + interval '10 seconds', %s)
            ON CONFLICT (activity_id) DO UPDATE SET attempts = least(s.attempts + 1, 1000), reason = excluded.reason,
                next_try_at = now() + least(interval '10 seconds' * 2 ^ least(s.attempts, 9), interval '1 hour')
            """,
            [activity.pk, reason[:100]],
        )


def _unannounced(most: int, *, to_many: bool = False) -> list[Activity]:
    values = {"most": most, "to_many": [*BROADCASTS], "is_to_many": to_many}
    return list(Activity.objects.raw(_UNANNOUNCED, values))


def _mark(activities: Sequence[Activity]) -> None:
    if not activities:
        return
    ids = [one.pk for one in activities]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engage_activity SET announced_at = now() WHERE id = ANY(%s::uuid[])", [ids])
    ActivityStumble.objects.filter(activity_id__in=ids).delete()
