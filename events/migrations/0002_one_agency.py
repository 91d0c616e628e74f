"""Rows that hang together belong to one agency: foreign keys over (agency, id)."""

from django.db import migrations

# (table, column, table it points at)
WITHIN_ONE_AGENCY = [
    ("events_event", "venue", "events_venue"),
    ("events_agendaitem", "event", "events_event"),
    ("events_rsvp", "event", "events_event"),
    ("events_rsvp", "email_contact", "engage_contact"),
    ("events_rsvp", "phone_contact", "engage_contact"),
    ("events_accessrequest", "event", "events_event"),
    ("events_accessrequest", "rsvp", "events_rsvp"),
    ("events_checkin", "event", "events_event"),
    ("events_checkin", "rsvp", "events_rsvp"),
    ("events_headcount", "event", "events_event"),
    ("events_doorlink", "event", "events_event"),
    ("events_eventtotals", "event", "events_event"),
    ("engage_theme", "event", "events_event"),
    ("engage_contribution", "event", "events_event"),
    ("engage_commitment", "event", "events_event"),
]


def _add(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column}_of_agency"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (agency_id, {column}_id) "
        f"REFERENCES {target} (agency_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("engage", "0003_one_agency"), ("events", "0001_initial")]

    operations = [_add(*row) for row in WITHIN_ONE_AGENCY]
