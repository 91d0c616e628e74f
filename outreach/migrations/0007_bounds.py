"""How long before a meeting a reminder may go stands on its field; the table stays as it is."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0006_places_counted'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reminderrule',
            name='minutes_before',
            field=models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(43200)]),
        ),
    ]
