"""Whether a feed names a discreet meeting is looked up at every fetch. Made while others write: it reads all meetings."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("events", "0011_door_links_end")]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                fields=["agency", "dialogue"],
                condition=models.Q(discreet=True) & ~models.Q(vevent=""),
                name="event_discreet_in_a_feed",
            ),
        )
    ]
