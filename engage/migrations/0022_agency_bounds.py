"""The bounds of an agency's numbers, held by the database; what lies beyond one is moved onto it first.

The pages and the API of the version before hold the same bounds, so it goes on serving. A quiet hour without its other
end never had an effect, and goes.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.validators
import django.core.validators
import engage.agencies.models
from django.db import migrations, models

BOUNDS = {
    "retention_days": (1, 730),
    "smallest_group": (5, 1000),
    "largest_party": (1, 20),
    "summary_due_days": (1, 365),
    "at_risk_due_days": (0, 365),
    "at_risk_silent_days": (1, 365),
    "offer_least_minutes": (5, 1440),
    "offer_most_minutes": (5, 10_080),
    "pass_over_hours": (0, 720),
}
# At once for all: the two offer times stay in order, since both are moved the same way.
CLAMP = "UPDATE engage_agency SET edit_version = edit_version + 1, {moved} WHERE {beyond}".format(
    moved=", ".join(f"{name} = least(greatest({name}, {a}), {z})" for name, (a, z) in BOUNDS.items()),
    beyond=" OR ".join(f"{name} NOT BETWEEN {a} AND {z}" for name, (a, z) in BOUNDS.items()),
)
HALF = """
UPDATE engage_agency SET edit_version = edit_version + 1, email_quiet_from = NULL, email_quiet_until = NULL
WHERE (email_quiet_from IS NULL) <> (email_quiet_until IS NULL)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0021_second_person'),
    ]

    operations = [
        migrations.RunSQL([CLAMP, HALF], migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='agency',
            name='agency_smallest_group_at_least_5',
        ),
        migrations.RemoveConstraint(
            model_name='agency',
            name='agency_largest_party_1_to_20',
        ),
        migrations.RemoveConstraint(
            model_name='agency',
            name='agency_retention_1_to_730_days',
        ),
        migrations.RemoveConstraint(
            model_name='agency',
            name='agency_offer_times_in_order',
        ),
        migrations.AlterField(
            model_name='agency',
            name='at_risk_due_days',
            field=models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(365)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='at_risk_silent_days',
            field=models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='country',
            field=models.CharField(default='US', max_length=2, validators=[django.core.validators.MinLengthValidator(2)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='holiday_calendar',
            field=models.CharField(blank=True, help_text='Kept, but nothing reads it yet.', max_length=16),
        ),
        migrations.AlterField(
            model_name='agency',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\\Z', 'Name languages as en, es or zh-Hant do.')]), default=engage.agencies.models._english, validators=[django.contrib.postgres.validators.ArrayMaxLengthValidator(30)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='largest_party',
            field=models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='offer_least_minutes',
            field=models.PositiveIntegerField(default=60, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1440)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='offer_most_minutes',
            field=models.PositiveIntegerField(default=1440, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(10080)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='offices',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, validators=[django.contrib.postgres.validators.ArrayMaxLengthValidator(100)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='pass_over_hours',
            field=models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(720)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='retention_days',
            field=models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(730)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='smallest_group',
            field=models.PositiveSmallIntegerField(default=10, help_text='Kept, but nothing shows figures by group yet.', validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1000)]),
        ),
        migrations.AlterField(
            model_name='agency',
            name='summary_due_days',
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)]),
        ),
        *(
            migrations.AddConstraint(
                model_name='agency',
                constraint=models.CheckConstraint(
                    condition=models.Q((f'{name}__range', ends)),
                    name=f'agency_{name}_within',
                    violation_error_code='out_of_bounds',
                ),
            )
            for name, ends in BOUNDS.items()
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('offer_most_minutes__gte', models.F('offer_least_minutes'))), name='agency_offer_times_in_order', violation_error_code='offer_times_out_of_order'),
        ),
        migrations.AlterField(
            model_name='community',
            name='population_share',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)]),
        ),
    ]
