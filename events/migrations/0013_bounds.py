"""An event's, a place's and an agenda's bounds stand on their fields; the tables stay as they are."""

import django.contrib.postgres.fields
import django.contrib.postgres.validators
import django.core.validators
import events.event.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0012_discreet_in_a_feed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agendaitem',
            name='minutes',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)]),
        ),
        migrations.AlterField(
            model_name='agendaitem',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10000)]),
        ),
        migrations.AlterField(
            model_name='checklistitem',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10000)]),
        ),
        migrations.AlterField(
            model_name='event',
            name='access_offered',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, validators=[django.contrib.postgres.validators.ArrayMaxLengthValidator(30)]),
        ),
        migrations.AlterField(
            model_name='event',
            name='capacity',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)]),
        ),
        migrations.AlterField(
            model_name='event',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16, validators=[django.core.validators.RegexValidator('^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\\Z', 'Name languages as en, es or zh-Hant do.')]), blank=True, default=events.event.models._english, validators=[django.contrib.postgres.validators.ArrayMaxLengthValidator(30)]),
        ),
        migrations.AlterField(
            model_name='event',
            name='starts_fold',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)]),
        ),
        migrations.AlterField(
            model_name='event',
            name='ends_fold',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)]),
        ),
        migrations.AlterField(
            model_name='venue',
            name='access_features',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('step_free', 'Step-free entrance'), ('wheelchair_spaces', 'Wheelchair spaces'), ('hearing_loop', 'Hearing loop'), ('accessible_toilet', 'Accessible restroom'), ('quiet_room', 'Quiet room'), ('parking', 'Accessible parking'), ('transit', 'Near public transit')], max_length=32), blank=True, default=list, validators=[django.contrib.postgres.validators.ArrayMaxLengthValidator(20)]),
        ),
        migrations.AlterField(
            model_name='venue',
            name='capacity',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1000000)]),
        ),
        migrations.AlterField(
            model_name='venue',
            name='latitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)]),
        ),
        migrations.AlterField(
            model_name='venue',
            name='longitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)]),
        ),
    ]
