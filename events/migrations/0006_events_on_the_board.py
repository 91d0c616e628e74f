"""What is on the board of its staff is found along an index that leaves imported history out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0005_checklist")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["agency", "status", "starts_at"],
                condition=~models.Q(status="ended", imported=True),
                name="event_on_the_board",
            ),
        ),
    ]
