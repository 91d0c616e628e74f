"""A meeting gets a code for the wall of its hall. Those that are planned already get theirs when it is first needed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0006_events_on_the_board")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="room_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
    ]
