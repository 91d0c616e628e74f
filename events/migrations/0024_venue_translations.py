from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("events", "0023_short_addresses_given")]

    operations = [
        migrations.AddField(
            model_name="venue",
            name="translations",
            field=models.JSONField(blank=True, db_default=Value({}, models.JSONField()), default=dict),
        ),
    ]
