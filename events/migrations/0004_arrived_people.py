from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_feed_version")]

    operations = [
        migrations.AddField(
            model_name="eventtotals",
            name="came_people",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
