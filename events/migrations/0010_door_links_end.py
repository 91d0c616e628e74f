"""A door link ends with what its maker was when it was made."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0009_defaults_in_the_database'),
    ]

    operations = [
        migrations.AddField(
            model_name='doorlink',
            name='access_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
