"""Whose words a note holds, the note that a promise was made from, and what was said by its day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engage", "0006_appearance")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="said_by",
            field=models.CharField(
                choices=[("resident", "A resident"), ("department", "The department"), ("other", "Someone else")],
                default="resident",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="promises",
                to="engage.contribution",
            ),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["agency", "moderation", "said_on", "id"], name="contribution_agency_days"),
        ),
        migrations.RunSQL(
            "ALTER TABLE engage_commitment ADD CONSTRAINT engage_commitment_note_of_agency "
            "FOREIGN KEY (agency_id, note_id) REFERENCES engage_contribution (agency_id, id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE engage_commitment DROP CONSTRAINT engage_commitment_note_of_agency",
        ),
    ]
