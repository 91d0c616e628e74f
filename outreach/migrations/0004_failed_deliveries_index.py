"""Failed messages are counted at every scrape. Made while others write: the ledger may be long."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("outreach", "0003_channel_state_and_rounds")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                fields=["state", "settled_at"],
                condition=models.Q(state__in=["failed", "uncertain"]),
                name="delivery_in_trouble",
            ),
        )
    ]
