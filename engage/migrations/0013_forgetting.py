"""A resident's acts go with what they are about: by one function of the owner's, which can take nothing else."""

import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

# Runs as the owner, whoever calls it: no other role may delete from the record or change who read what.
FUNCTION = """
CREATE FUNCTION engage_forget_acts_about(gone uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM engage_activity
     WHERE object_id = ANY(gone) AND object_type IN ('rsvp', 'subscription', 'contribution')
       AND (object_type <> 'contribution' OR verb = 'contribution.made');
    UPDATE engage_contactread
       SET rsvp_id = CASE WHEN rsvp_id = ANY(gone) THEN NULL ELSE rsvp_id END,
           contact_ids = ARRAY(SELECT one FROM unnest(contact_ids) AS one WHERE one <> ALL(gone))
     WHERE rsvp_id = ANY(gone) OR contact_ids && gone;
$$;
"""

# What was erased or purged before this release left its acts behind.
LEFT_BEHIND = """
DO $$ BEGIN
    IF to_regclass('events_rsvp') IS NOT NULL THEN
        DELETE FROM engage_activity a WHERE object_type = 'rsvp'
           AND NOT EXISTS (SELECT FROM events_rsvp r WHERE r.id = a.object_id);
    END IF;
    IF to_regclass('outreach_subscription') IS NOT NULL THEN
        DELETE FROM engage_activity a WHERE object_type = 'subscription'
           AND NOT EXISTS (SELECT FROM outreach_subscription s WHERE s.id = a.object_id);
    END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0012_sealed_intake'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='activity',
            name='never_deleted',
        ),
        migrations.AlterField(
            model_name='blockedaddress',
            name='id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='destruction',
            name='id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF OLD.object_type IN ('rsvp', 'subscription') OR OLD.verb = 'contribution.made' THEN\n                        RETURN OLD;\n                    END IF;\n                    RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';\n                ", hash='4c93513df59fb79b8d910d87fe21d9bbb6c98a5d', operation='DELETE', pgid='pgtrigger_never_deleted_b1ca7', table='engage_activity', when='BEFORE')),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION engage_forget_acts_about(uuid[])"),
        migrations.RunSQL(LEFT_BEHIND, migrations.RunSQL.noop),
    ]
