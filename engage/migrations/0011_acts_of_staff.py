"""The record as staff read it, without what residents did, along an index of its own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("engage", "0010_key_marks")]

    operations = [
        AddIndexConcurrently(
            model_name="activity",
            index=models.Index(
                condition=models.Q(
                    ("object_type__in", ("contribution", "rsvp", "subscription")), _negated=True
                ),
                fields=["agency", "-at", "-id"],
                name="activity_of_staff",
            ),
        ),
    ]
