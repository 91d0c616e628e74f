"""Reminders: when a rule falls due for a meeting, one statement writes the recipients into the ledger."""

from __future__ import annotations

from typing import Final

from django.db import connection

from engage.contacts.locking import STAYS
from engage.database.bounds import bounds_of
from outreach.ledger.kinds import kind_named
from outreach.ledger.statements import INSERT, KEPT_FROM_NEWS, NEW_ID, REST, state_unless
from outreach.reminders.models import ReminderRule

# As ``reading.rules_of`` finds them. No rule reaches further ahead than its field's bound.
_DUE: Final = """
SELECT r.id AS rule_id, e.id AS event_id, e.agency_id, e.schedule_version, e.starts_at,
       e.starts_at - make_interval(mins => r.minutes_before) AS due_at,
       greatest(e.rescheduled_at, e.reinstated_at, '-infinity'::timestamptz) AS told_at
  FROM events_event e
  JOIN outreach_reminderrule r
    ON r.agency_id = e.agency_id AND r.ended_at IS NULL AND r.channel = 'email'
   AND (r.event_id = e.id OR (r.event_id IS NULL AND NOT EXISTS (
        SELECT FROM outreach_reminderrule own WHERE own.event_id = e.id AND own.ended_at IS NULL)))
 WHERE e.status IN ('published', 'live')
   AND e.starts_at > now() AND e.starts_at <= now() + make_interval(mins => %(furthest)s)
   AND e.starts_at - make_interval(mins => r.minutes_before) <= now()
   AND NOT EXISTS (SELECT FROM outreach_remindermark m
                    WHERE m.event_id = e.id AND m.rule_id = r.id AND m.schedule_version = e.schedule_version)
"""
# A mark for each rule that came due; recipients for new marks only, so that no sweep plans twice. Where several came
# due together, only the one nearest the start. Told of this start = confirmed, or the meeting moved or was called back:
# whoever was told after the reminder was due has just been told. Made-up places (the demo's) are reminded of nothing. How many places an
# address has is counted while its one letter is planned: staff are shown a number that does not tell addresses apart.
_PLAN: Final = f"""
WITH due AS ({_DUE}), marked AS (
    INSERT INTO outreach_remindermark (rule_id, event_id, schedule_version, at)
    SELECT rule_id, event_id, schedule_version, now() FROM due
    ON CONFLICT DO NOTHING RETURNING rule_id, event_id, schedule_version
), nearest AS (
    SELECT DISTINCT ON (event_id) due.* FROM due JOIN marked USING (rule_id, event_id, schedule_version)
     ORDER BY event_id, due_at DESC, rule_id
), people AS (
    SELECT n.rule_id, n.event_id, n.agency_id, n.schedule_version, n.starts_at, p.email_contact_id AS contact_id,
           count(*) AS places
      FROM nearest n
      JOIN events_rsvp p ON p.event_id = n.event_id AND p.status = 'confirmed' AND p.remind = 'email'
       AND p.source <> 'made' AND greatest(p.confirmed_at, n.told_at) < n.due_at
     GROUP BY 1, 2, 3, 4, 5, 6
)
{INSERT}
SELECT {NEW_ID}, p.agency_id, 'reminder:' || rule_id || ':' || event_id || ':' || schedule_version, %(kind)s,
       contact_id, NULL::uuid, event_id, rule_id, schedule_version, %(lane)s, now(), starts_at,
       {state_unless(KEPT_FROM_NEWS)},
       p.places, {REST}
  FROM people p JOIN engage_contact c ON c.id = p.contact_id
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only


def plan_reminders() -> int:
    """Plan whatever is due now, by the database's clock, however late. Safe to run twice at once.

    One statement, also for 100,000 recipients. Returns how many addresses were planned for, also those that hear nothing.
    """
    _least, furthest = bounds_of(ReminderRule._meta.get_field("minutes_before"))
    given = {"kind": "reminder", "lane": int(kind_named("reminder").lane), "furthest": furthest}
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, given)
        return int(cursor.rowcount)
