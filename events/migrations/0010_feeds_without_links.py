"""What the public feeds say is kept as text; the links to join from afar, which are for whoever holds a place, leave it."""

import re

from django.db import migrations
from django.utils import timezone

from events.calendars.lines import escaped, line


def without_links(apps, editor):
    events = apps.get_model("events", "Event").objects.using(editor.connection.alias)
    told = events.exclude(online_url="").exclude(format="in_person").exclude(rsvp_mode="none").exclude(vevent="")
    for event in told.only("pk", "vevent", "online_url").iterator():
        vevent = _without(event.vevent, escaped(event.online_url))
        if vevent != event.vevent:
            events.filter(pk=event.pk).update(vevent=vevent, feed_changed_at=timezone.now())


def _without(vevent, link):
    lines = []
    for each in vevent.replace("\r\n ", "").split("\r\n"):
        name, _colon, value = each.partition(":")
        if name in {"DESCRIPTION", "LOCATION"} and link in value:
            value = re.sub(r"(\\n){3,}", r"\\n\\n", value.replace(link, "")).removesuffix("\\n\\n").removeprefix("\\n\\n")
            if not value:
                continue
            each = f"{name}:{value}"
        lines.append(line(*each.split(":", 1)) if ":" in each else each)
    return "".join(lines)


class Migration(migrations.Migration):
    dependencies = [("events", "0009_defaults_in_the_database")]

    operations = [migrations.RunPython(without_links, migrations.RunPython.noop)]
