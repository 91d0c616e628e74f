"""Readings: how many were shown, and a second person's yes to more of them than one may have in an hour."""

import django.db.models.deletion
import django.utils.timezone
import engage.database.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0013_forgetting'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingRequest',
            fields=[
                ('id', models.UUIDField(default=engage.database.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('call_back', 'To call or write back'), ('change_place', 'To change or give back their place'), ('arrange_need', 'To arrange what they need'), ('prepare_door', 'To prepare the door or the seats'), ('asked_by_them', 'They asked us to'), ('safety', 'Somebody may be in danger'), ('door', 'Letting people in at the door')], max_length=32)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('granted_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='contactread',
            name='granted_alone',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='contactread',
            name='shown',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name='contactread',
            name='what',
            field=models.CharField(choices=[('reveal', 'reveal'), ('list', 'list'), ('door', 'door'), ('need', 'need')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='contactread',
            index=models.Index(fields=['agency', '-at', '-id'], name='contact_read_list'),
        ),
        migrations.AddIndex(
            model_name='contactread',
            index=models.Index(fields=['reader', 'agency', 'at'], name='contact_read_hour'),
        ),
        migrations.AddField(
            model_name='readingrequest',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engage.agency'),
        ),
        migrations.AddField(
            model_name='readingrequest',
            name='granted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readingrequest',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='readingrequest',
            index=models.Index(fields=['agency', '-asked_at'], name='reading_request_list'),
        ),
        migrations.AddConstraint(
            model_name='readingrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('granted_at', None)), fields=('agency', 'reader'), name='reading_request_one_open'),
        ),
        migrations.AddConstraint(
            model_name='readingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('granted_at', None), ('granted_by', None)), models.Q(('granted_at__isnull', False), ('granted_by__isnull', False)), _connector='OR'), name='reading_request_granted_by_somebody'),
        ),
    ]
