"""What the record says of a need goes with the need: its line named it by an id, and its id by the second."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# As in 0013, with needs.
FUNCTION = """
CREATE OR REPLACE FUNCTION engage_forget_acts_about(gone uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM engage_activity
     WHERE object_id = ANY(gone) AND object_type IN ('rsvp', 'subscription', 'contribution', 'accessrequest')
       AND (object_type <> 'contribution' OR verb = 'contribution.made');
    UPDATE engage_contactread
       SET rsvp_id = CASE WHEN rsvp_id = ANY(gone) THEN NULL ELSE rsvp_id END,
           contact_ids = ARRAY(SELECT one FROM unnest(contact_ids) AS one WHERE one <> ALL(gone))
     WHERE rsvp_id = ANY(gone) OR contact_ids && gone;
$$;
"""

# What was taken away before this release left its acts behind.
LEFT_BEHIND = """
DO $$ BEGIN
    IF to_regclass('events_accessrequest') IS NOT NULL THEN
        DELETE FROM engage_activity a WHERE object_type = 'accessrequest'
           AND NOT EXISTS (SELECT FROM events_accessrequest q WHERE q.id = a.object_id);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engage", "0019_letter_asks"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="activity",
            name="never_deleted",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF OLD.object_type IN ('rsvp', 'subscription', 'accessrequest') OR OLD.verb = 'contribution.made' THEN\n                        RETURN OLD;\n                    END IF;\n                    RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';\n                ",
                    hash="21311f49a1db80c08bba9f643fb34ae3281798d3",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_b1ca7",
                    table="engage_activity",
                    when="BEFORE",
                ),
            ),
        ),
        # The function goes with 0013 where one goes back.
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(LEFT_BEHIND, migrations.RunSQL.noop),
    ]
