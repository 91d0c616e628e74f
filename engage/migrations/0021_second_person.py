"""A second person's yes also to giving back a flood of places; looking at one, and giving it back, among the readings."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0020_needs_forgotten'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='readingrequest',
            name='reading_request_one_open',
        ),
        migrations.AddField(
            model_name='readingrequest',
            name='event_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='readingrequest',
            name='flood',
            field=models.CharField(blank=True, db_default='', default='', max_length=16),
        ),
        migrations.AlterField(
            model_name='contactread',
            name='what',
            field=models.CharField(choices=[('reveal', 'reveal'), ('list', 'list'), ('door', 'door'), ('need', 'need'), ('flood', 'flood'), ('undone', 'undone')], max_length=8),
        ),
        migrations.AlterField(
            model_name='readingrequest',
            name='purpose',
            field=models.CharField(blank=True, choices=[('call_back', 'To call or write back'), ('change_place', 'To change or give back their place'), ('arrange_need', 'To arrange what they need'), ('prepare_door', 'To prepare the door or the seats'), ('asked_by_them', 'They asked us to'), ('safety', 'Somebody may be in danger'), ('door', 'Letting people in at the door')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='readingrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('granted_at', None)), fields=('agency', 'reader', 'flood'), name='reading_request_one_open'),
        ),
        migrations.AddConstraint(
            model_name='readingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event_id', None), ('flood', ''), models.Q(('purpose', ''), _negated=True)), models.Q(models.Q(('flood', ''), _negated=True), ('event_id__isnull', False), ('purpose', '')), _connector='OR'), name='reading_request_for_one_thing'),
        ),
    ]
