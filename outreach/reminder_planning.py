"""Reminders: when a rule falls due for a meeting, one statement writes the recipients into the ledger."""

from __future__ import annotations

from typing import Final

from django.db import connection

from engage.contact_locking import STAYS
from outreach.delivery_kinds import LANE, REMINDER
from outreach.ledger_statements import HEARS_FROM_US, INSERT, NEW_ID, SETTLED_AND_REST

# The longest rule reaches 30 days ahead (reminder_rule_5_minutes_to_30_days).
_DUE: Final = """
SELECT r.id AS rule_id, e.id AS event_id, e.agency_id, e.schedule_version, e.starts_at,
       e.starts_at - make_interval(mins => r.minutes_before) AS due_at,
       coalesce(e.rescheduled_at, '-infinity'::timestamptz) AS rescheduled_at
  FROM events_event e
  JOIN outreach_reminderrule r
    ON r.agency_id = e.agency_id AND r.ended_at IS NULL AND r.channel = 'email'
   AND (r.event_id = e.id OR (r.event_id IS NULL AND NOT EXISTS (
        SELECT FROM outreach_reminderrule own WHERE own.event_id = e.id AND own.ended_at IS NULL)))
 WHERE e.status IN ('published', 'live')
   AND e.starts_at > now() AND e.starts_at <= now() + interval '43200 minutes'
   AND e.starts_at - make_interval(mins => r.minutes_before) <= now()
   AND NOT EXISTS (SELECT FROM outreach_remindermark m
                    WHERE m.event_id = e.id AND m.rule_id = r.id AND m.schedule_version = e.schedule_version)
"""
# A mark for each rule that came due; recipients for new marks only, so that no sweep plans twice. Where several came
# due together, only the one nearest the start. Told of this start = confirmed, or the meeting moved: whoever was told
# after the reminder was due has just been told. Made-up places (the demo's) are reminded of nothing.
_PLAN: Final = f"""
WITH due AS ({_DUE}), marked AS (
    INSERT INTO outreach_remindermark (rule_id, event_id, schedule_version, at)
    SELECT rule_id, event_id, schedule_version, now() FROM due
    ON CONFLICT DO NOTHING RETURNING rule_id, event_id, schedule_version
), nearest AS (
    SELECT DISTINCT ON (event_id) due.* FROM due JOIN marked USING (rule_id, event_id, schedule_version)
     ORDER BY event_id, due_at DESC, rule_id
), people AS (
    SELECT DISTINCT n.rule_id, n.event_id, n.agency_id, n.schedule_version, n.starts_at, c.id AS contact_id
      FROM nearest n
      JOIN events_rsvp p ON p.event_id = n.event_id AND p.status = 'confirmed' AND p.remind = 'email'
       AND p.source <> 'made' AND greatest(p.confirmed_at, n.rescheduled_at) < n.due_at
      JOIN engage_contact c ON c.id = p.email_contact_id
     WHERE c.stopped_on IS NULL AND {HEARS_FROM_US}
)
{INSERT}
SELECT {NEW_ID}, p.agency_id, 'reminder:' || rule_id || ':' || event_id || ':' || schedule_version, %(kind)s,
       contact_id, NULL::uuid, event_id, rule_id, schedule_version, %(lane)s, now(), starts_at,
       'due', '', NULL::timestamptz, {SETTLED_AND_REST}
  FROM people p JOIN engage_contact c ON c.id = p.contact_id
{STAYS}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - made of constants only


def plan_reminders() -> int:
    """Plan whatever is due now, by the database's clock, however late. Safe to run twice at once.

    One statement, also for 100,000 recipients. Returns how many messages were planned.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"kind": REMINDER, "lane": int(LANE[REMINDER])})
        return int(cursor.rowcount)
