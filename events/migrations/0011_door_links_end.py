"""A door link ends with what its maker was when it was made."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0010_feeds_without_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='doorlink',
            name='access_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
