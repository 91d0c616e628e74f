"""The lengths of long texts, held by the database too. The pages, the API and the import hold the same ones, and did before."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0013_bounds'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('description'), 10000), name='event_description_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('getting_there'), 2000), name='event_getting_there_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='venue',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('getting_there'), 2000), name='venue_getting_there_length', violation_error_code='max_length'),
        ),
    ]
