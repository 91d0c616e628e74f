"""Rows that hang together belong to one agency: foreign keys over (agency, id)."""

from django.db import migrations

# (table, column, table it points at)
WITHIN_ONE_AGENCY = [
    ("outreach_subscription", "contact", "engage_contact"),
    ("outreach_reminderrule", "event", "events_event"),
    ("outreach_outcomesummary", "event", "events_event"),
    ("outreach_delivery", "contact", "engage_contact"),
    ("outreach_delivery", "event", "events_event"),
]


def _add(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column}_of_agency"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (agency_id, {column}_id) "
        f"REFERENCES {target} (agency_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0002_one_agency"), ("outreach", "0001_initial")]

    operations = [_add(*row) for row in WITHIN_ONE_AGENCY]
