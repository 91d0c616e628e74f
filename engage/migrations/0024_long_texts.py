"""The lengths of long texts, held by the database too. The pages and the API hold the same ones, and did before.

The table of what was said grows with every meeting: its checks hold for new rows now, and 0025 looks at the old ones.
"""

import django.db.models.functions.text
import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0023_notes_and_their_commitments'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('done_means'), 2000), name='commitment_done_means_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='commitmentupdate',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('done_means_from'), 2000), name='commitment_update_done_means_from_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='commitmentupdate',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('done_means_to'), 2000), name='commitment_update_done_means_to_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='commitmentupdate',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('reason'), 2000), name='commitment_update_reason_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='commitmentupdate',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('note'), 4000), name='commitment_update_note_length', violation_error_code='max_length'),
        ),
        AddConstraintNotValid(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('body'), 4000), name='contribution_body_length', violation_error_code='max_length'),
        ),
        AddConstraintNotValid(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('answer'), 4000), name='contribution_answer_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='contributionrevision',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('body'), 4000), name='contribution_revision_body_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='dialogue',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('purpose'), 5000), name='dialogue_purpose_length', violation_error_code='max_length'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 2000), name='theme_text_length', violation_error_code='max_length'),
        ),
    ]
