"""What people were told of doors and RSVPs, from the instants that stood alone before.

Those were worked out by the zone rules of whatever system it was. Around the start they are read back by the offset that
the start itself was stored with: "doors at 4:30" stays 4:30 also where the rules are others now.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Q

_NAMES = ("doors_open_at", "rsvp_opens_at", "rsvp_closes_at")
_NEAR = dt.timedelta(days=2)


def fill_in(apps, schema_editor):
    event_model = apps.get_model("events", "Event")
    rows = event_model.objects.using(schema_editor.connection.alias)
    some = Q(doors_open_at__isnull=False) | Q(rsvp_opens_at__isnull=False) | Q(rsvp_closes_at__isnull=False)
    columns = [f"local_{name}" for name in _NAMES] + [name.replace("_at", "_fold") for name in _NAMES]
    batch = []
    for event in rows.filter(some).order_by("pk").iterator(chunk_size=1000):
        _fill_in(event)
        batch.append(event)
        if len(batch) == 1000:
            rows.bulk_update(batch, columns)
            batch = []
    rows.bulk_update(batch, columns)


def _fill_in(event):
    zone = ZoneInfo(event.timezone)
    offset = event.local_starts_at - event.starts_at.astimezone(dt.UTC).replace(tzinfo=None)
    others = offset != event.starts_at.astimezone(zone).utcoffset()
    for name in _NAMES:
        at = getattr(event, name)
        if at is None:
            continue
        shown = at.astimezone(zone)
        if others and abs(at - event.starts_at) <= _NEAR:
            shown = (at.astimezone(dt.UTC) + offset).replace(tzinfo=None)
        setattr(event, f"local_{name}", shown.replace(tzinfo=None, fold=0))
        setattr(event, name.replace("_at", "_fold"), shown.fold)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0015_clocks_on_the_wall'),
    ]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]
