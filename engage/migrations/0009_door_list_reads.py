"""Reads of a door's list are told apart: that list stays open, and shows who saves a place later, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engage", "0008_ended_promises")]

    operations = [
        migrations.AlterField(
            model_name="contactread",
            name="what",
            field=models.CharField(
                choices=[("reveal", "reveal"), ("list", "list"), ("door", "door")], max_length=8
            ),
        ),
    ]
