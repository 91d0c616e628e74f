"""Parties that wait and that the room, made smaller, could not hold at all: counted, so that they hold nobody up."""

from django.db import migrations, models

_COUNT = """
UPDATE events_event e SET waiting_too_large = found.many
  FROM (SELECT r.event_id, count(*) AS many
          FROM events_rsvp r JOIN events_event f ON f.id = r.event_id
         WHERE r.status = 'waitlisted' AND r.party_size > f.capacity
         GROUP BY r.event_id) found
 WHERE e.id = found.event_id
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0018_what_was_announced")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="waiting_too_large",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_COUNT, migrations.RunSQL.noop),
    ]
