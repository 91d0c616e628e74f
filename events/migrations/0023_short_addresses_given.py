"""Every meeting that was ever published gets its short address: what is printed from today on stands for the old ones too."""

import secrets

from django.db import migrations

_ALPHABET = "bdghjmnpqrvwxz"
_LENGTH = 6
_NEVER = ("hdp", "jdr", "mrd", "ngr", "pqp", "prn", "vrg")


def give(apps, schema_editor):
    event_model = apps.get_model("events", "Event")
    rows = event_model.objects.using(schema_editor.connection.alias)
    used = set(rows.exclude(short_code="").values_list("short_code", flat=True))
    batch = []
    without = rows.filter(short_code="", published_at__isnull=False).only("pk").order_by("pk")
    for event in without.iterator(chunk_size=1000):
        event.short_code = _new_code(used)
        batch.append(event)
        if len(batch) == 1000:
            rows.bulk_update(batch, ["short_code"])
            batch = []
    rows.bulk_update(batch, ["short_code"])


def _new_code(used):
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        twice = any(one == other for one, other in zip(code, code[1:], strict=False))
        if code not in used and not twice and not any(each in code for each in _NEVER):
            used.add(code)
            return code


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0022_short_addresses'),
    ]

    operations = [
        migrations.RunPython(give, migrations.RunPython.noop, elidable=True),
    ]
