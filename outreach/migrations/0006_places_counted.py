"""Counts of messages are counts of places, by the day of the fan-out and whatever became of each letter."""

from django.db import migrations, models

_SETTLED_LETTERS = """
DROP VIEW outreach_deliverycount;
CREATE VIEW outreach_deliverycount AS
SELECT concat_ws(' ', agency_id, coalesce(event_id::text, '-'), day, kind, state) AS id,
       agency_id, event_id, day, kind, state, sum(number)::int AS number
  FROM (SELECT d.agency_id, d.event_id, (coalesce(d.settled_at, d.created_at) AT TIME ZONE a.timezone)::date AS day,
               d.kind::text AS kind, d.state::text AS state, 1 AS number
          FROM outreach_delivery d JOIN engage_agency a ON a.id = d.agency_id
         WHERE d.state IN ('sent', 'uncertain', 'failed', 'suppressed', 'expired')
        UNION ALL
        SELECT agency_id, event_id, day, kind::text, state::text, number FROM outreach_deliverytally) AS each
 GROUP BY agency_id, event_id, day, kind, state
"""
_PLACES = """
DROP VIEW outreach_deliverycount;
CREATE VIEW outreach_deliverycount AS
SELECT concat_ws(' ', agency_id, coalesce(event_id::text, '-'), day, kind) AS id,
       agency_id, event_id, day, kind, sum(number)::int AS number
  FROM (SELECT d.agency_id, d.event_id, (d.created_at AT TIME ZONE a.timezone)::date AS day,
               d.kind::text AS kind, d.places AS number
          FROM outreach_delivery d JOIN engage_agency a ON a.id = d.agency_id
        UNION ALL
        SELECT agency_id, event_id, day, kind::text, number FROM outreach_deliverytally) AS each
 GROUP BY agency_id, event_id, day, kind
HAVING sum(number) > 0
"""
# How many of those that are gone were sent and how many failed is nobody's to read any more.
_ONE_TALLY = """
WITH gone AS (DELETE FROM outreach_deliverytally RETURNING agency_id, event_id, day, kind, number)
INSERT INTO outreach_deliverytally (id, agency_id, event_id, day, kind, state, number)
SELECT gen_random_uuid(), agency_id, event_id, day, kind, '', sum(number) FROM gone
 GROUP BY agency_id, event_id, day, kind
"""


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0005_delivery_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='places',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name='deliverytally',
            name='state',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.RunSQL(_ONE_TALLY, migrations.RunSQL.noop),
        migrations.RunSQL(
            _PLACES,
            _SETTLED_LETTERS,
            # Of a view: no table loses a column.
            state_operations=[migrations.RemoveField(model_name='deliverycount', name='state')],
        ),
    ]
