"""Rows that hang together belong to one agency: foreign keys over (agency, id)."""

from django.db import migrations

# (table, column, table it points at)
WITHIN_ONE_AGENCY = [
    ("engage_theme", "dialogue", "engage_dialogue"),
    ("engage_contribution", "dialogue", "engage_dialogue"),
    ("engage_contribution", "theme", "engage_theme"),
    ("engage_contribution", "contact", "engage_contact"),
    ("engage_commitment", "dialogue", "engage_dialogue"),
    ("engage_commitment", "theme", "engage_theme"),
    ("engage_commitmentupdate", "commitment", "engage_commitment"),
    ("engage_evidence", "commitment", "engage_commitment"),
]


def _add(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column}_of_agency"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (agency_id, {column}_id) "
        f"REFERENCES {target} (agency_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("engage", "0002_initial")]

    operations = [_add(*row) for row in WITHIN_ONE_AGENCY]
