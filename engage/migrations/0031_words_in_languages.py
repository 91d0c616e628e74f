from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("engage", "0030_shorter_retention")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="translations",
            field=models.JSONField(blank=True, db_default=Value({}, models.JSONField()), default=dict),
        )
        for name in ("agency", "theme")
    ]
