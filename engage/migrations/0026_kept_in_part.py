"""A promise may be kept in part: with evidence, and with a reason for what is missing.

Both checks let through all that they let through before, so the version before goes on serving.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0025_long_texts_hold'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='commitment',
            name='commitment_closed_on_when_ended',
        ),
        migrations.RemoveConstraint(
            model_name='commitmentupdate',
            name='commitment_update_end_needs_reason',
        ),
        migrations.AlterField(
            model_name='commitment',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('in_progress', 'In progress'), ('kept', 'Kept'), ('kept_in_part', 'Kept in part'), ('not_kept', 'Not kept'), ('will_not_do', 'Stopped')], default='open', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('status__in', ['open', 'in_progress'])), models.Q(('closed_on__isnull', False), ('status__in', ['kept', 'kept_in_part', 'not_kept', 'will_not_do'])), _connector='OR'), name='commitment_closed_on_when_ended'),
        ),
        migrations.AddConstraint(
            model_name='commitmentupdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status_to__in', ['kept_in_part', 'not_kept', 'will_not_do']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='commitment_update_end_needs_reason', violation_error_code='reason_required'),
        ),
    ]
