"""When somebody said that they keep their place after the meeting moved: from then on it is not called moved to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0020_people_kept_days")]

    operations = [
        migrations.AddField(
            model_name="rsvp",
            name="kept_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
