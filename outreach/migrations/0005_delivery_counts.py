"""What staff read about messages: counts by day, in a view. Of contacts that go, a tally keeps what was counted."""

import django.db.models.deletion
from django.db import migrations, models

import engage.database.ids

_VIEW = """
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


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0011_acts_of_staff'),
        ('events', '0006_events_on_the_board'),
        ('outreach', '0004_failed_deliveries_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeliveryCount',
            fields=[
                ('id', models.TextField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=48)),
                ('state', models.CharField(max_length=12)),
                ('number', models.IntegerField()),
            ],
            options={
                'db_table': 'outreach_deliverycount',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='DeliveryTally',
            fields=[
                ('id', models.UUIDField(default=engage.database.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=48)),
                ('state', models.CharField(max_length=12)),
                ('number', models.PositiveIntegerField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engage.agency')),
                ('event', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
            ],
            options={
                'verbose_name_plural': 'delivery tallies',
                'constraints': [models.UniqueConstraint(fields=('agency', 'event', 'day', 'kind', 'state'), name='delivery_tally_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='delivery_tally_of_some')],
            },
        ),
        migrations.RunSQL(_VIEW, "DROP VIEW outreach_deliverycount"),
    ]
