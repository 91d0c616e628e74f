"""How many letters became what is counted nowhere any more. The release before still writes the column, which stays."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0024_venue_translations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='eventtotals',
            name='deliveries',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='eventtotals', name='deliveries')],
        ),
    ]
