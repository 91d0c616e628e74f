"""What the staff still have to do for an event."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import engage.database.ids


class Migration(migrations.Migration):
    dependencies = [
        ("engage", "0006_appearance"),
        ("events", "0004_arrived_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.UUIDField(default=engage.database.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("edit_version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="engage.agency")),
                ("done_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="checklist_items", to="events.event")),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [models.Index(fields=["event", "position", "id"], name="checklist_item_list")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="checklist_item_has_a_title"),
                    models.CheckConstraint(
                        condition=models.Q(("done_by", None), ("done_at__isnull", False), _connector="OR"),
                        name="checklist_item_done_by_when_done",
                    ),
                ],
            },
        ),
        # As of the other rows of an event: it belongs to the event's own agency.
        migrations.RunSQL(
            "ALTER TABLE events_checklistitem ADD CONSTRAINT events_checklistitem_event_of_agency "
            "FOREIGN KEY (agency_id, event_id) REFERENCES events_event (agency_id, id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE events_checklistitem DROP CONSTRAINT events_checklistitem_event_of_agency",
        ),
    ]
