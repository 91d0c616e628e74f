"""The ended promises in the order of their list: the latest first, without sorting all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engage", "0007_notes_and_their_promises")]

    operations = [
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                fields=["agency", "status", "-closed_on", "-number"],
                condition=models.Q(("closed_on__isnull", False), ("draft", False)),
                name="commitment_ended",
            ),
        ),
    ]
