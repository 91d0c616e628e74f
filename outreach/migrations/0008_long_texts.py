"""The lengths of a summary's own texts, held by the database too. The pages and the API hold the same ones, and did before."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0007_bounds'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='summaryversion',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('next_steps'), 4000), name='summary_next_steps_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='summaryversion',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('reply'), 4000), name='summary_reply_length', violation_error_code='max_length'),
        ),
    ]
