"""What was promised out of a note is called its commitments in code. No column and no row changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0022_agency_bounds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='commitment',
            name='note',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitments', to='engage.contribution'),
        ),
    ]
