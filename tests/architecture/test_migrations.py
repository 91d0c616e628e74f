"""Expand, migrate, contract: the version before must go on serving on the schema after, and nobody waits for an index.

Read from the migrations themselves. What an old version cannot live with, and what blocks a large table, is found here;
docs/deploying.md says how it is done instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.exceptions import FieldDoesNotExist
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

OURS = ("engage", "events", "outreach")
# Tables that grow with every meeting: an index or a check made in one go blocks their writers for as long as it takes.
LARGE = {
    ("engage", "activity"), ("engage", "contact"), ("engage", "contribution"), ("events", "rsvp"),
    ("events", "accessrequest"), ("outreach", "delivery"),
}  # fmt: skip
# Made before the rule, on databases that were small.
BEFORE_THE_RULE = {"engage.0007_notes_and_their_promises", "engage.0012_sealed_intake"}
# What was taken away: the migration and field, with the version whose code no longer reads or writes it.
CONTRACTED: dict[str, str] = {}


@cache
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def later_operations() -> Iterator[tuple[str, Any, set[str]]]:
    """Each operation after the first ones: its migration, itself, and the models that migration made."""
    graph = loader().graph
    plan = list(dict.fromkeys(step for leaf in graph.leaf_nodes() for step in graph.forwards_plan(leaf)))
    for app, name in plan:
        made: set[str] = set()
        for operation in loader().graph.nodes[app, name].operations:
            for one in _parts(operation):
                if isinstance(one, migrations.CreateModel):
                    made.add(one.name_lower)
                if app in OURS and not name.startswith(("0001_", "0002_")):
                    yield f"{app}.{name}", one, made


def _parts(operation: Any) -> list[Any]:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return list(operation.database_operations)
    return [operation]


def fields_without_a_default(operations: Any) -> list[str]:
    """Columns that may not be empty, added to a table that was there, for which the database knows no value."""
    found = []
    for name, one, made in operations:
        app = name.partition(".")[0]
        if not isinstance(one, migrations.AddField) or one.model_name_lower in made:
            continue
        if one.field.null or one.field.many_to_many or one.field.has_db_default() or _has_one_now(app, one):
            continue
        found.append(f"{name}: {one.model_name_lower}.{one.name}")
    return found


def _has_one_now(app: str, one: Any) -> bool:
    try:
        field = apps.get_model(app, one.model_name)._meta.get_field(one.name)
    except (LookupError, FieldDoesNotExist):
        return False
    return bool(getattr(field, "has_db_default", bool)())


def taken_away(operations: Any) -> list[str]:
    """What the version before may still read or write."""
    gone = (
        migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel,
        migrations.AlterModelTable,
    )  # fmt: skip
    named = [
        f"{name}: {getattr(one, 'model_name', None) or getattr(one, 'name', '') or one.old_name}"
        for name, one, _made in operations
        if isinstance(one, gone)
    ]
    return [name for name in named if name not in CONTRACTED]


def blocking(operations: Any) -> list[str]:
    """What holds a large table's writers for as long as it takes to read all of it."""
    found = []
    for name, one, made in operations:
        app = name.partition(".")[0]
        model = getattr(one, "model_name", "").lower()
        if isinstance(one, migrations.RunSQL) and _makes_an_index(one):
            found.append(name)
        if (app, model) not in LARGE or model in made or name in BEFORE_THE_RULE:
            continue
        if _blocks(one):
            found.append(f"{name}: {model}")
    return found


def _makes_an_index(one: Any) -> bool:
    made = re.findall(r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", str(one.sql), re.IGNORECASE)
    return bool(made) and any(f"{app}_{model}" in str(one.sql) for app, model in LARGE)


def _blocks(one: Any) -> bool:
    # Its Concurrently and NotValid kin are classes of their own beside these.
    if type(one) in {migrations.AddIndex, migrations.AlterUniqueTogether}:
        return True
    if type(one) is migrations.AddConstraint:
        return not isinstance(one, AddConstraintNotValid)
    if isinstance(one, migrations.AddField):
        return bool(one.field.unique or one.field.db_index)
    return False


def test_every_column_added_later_has_a_default_that_the_database_knows() -> None:
    assert fields_without_a_default(later_operations()) == []


def test_nothing_is_taken_away_that_the_version_before_still_uses() -> None:
    assert taken_away(later_operations()) == []


def test_no_index_or_check_holds_up_a_large_table() -> None:
    assert blocking(later_operations()) == []


def test_the_tables_called_large_exist() -> None:
    assert all(apps.get_model(app, model) for app, model in LARGE)


def _one(operation: Any) -> list[Any]:
    return [("engage.0999_made_up", operation, {"newtable"})]


@pytest.mark.parametrize(
    ("operation", "is_found"),
    [
        (migrations.AddField("contact", "x", models.CharField(max_length=3)), True),
        (migrations.AddField("contact", "x", models.CharField(max_length=3, default="a")), True),
        (migrations.AddField("contact", "x", models.CharField(max_length=3, db_default="a")), False),
        (migrations.AddField("contact", "x", models.CharField(max_length=3, null=True)), False),
        (migrations.AddField("newtable", "x", models.CharField(max_length=3)), False),
    ],
)
def test_a_column_without_a_default_is_found(operation: Any, is_found: bool) -> None:
    assert bool(fields_without_a_default(_one(operation))) is is_found


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("contact", "language"),
        migrations.RenameField("contact", "language", "speech"),
        migrations.DeleteModel("Contact"),
        migrations.RenameModel("Contact", "Address"),
    ],
)
def test_what_is_taken_away_is_found(operation: Any) -> None:
    assert taken_away(_one(operation))


def test_an_index_made_in_one_go_is_found_and_one_made_beside_the_writers_is_not() -> None:
    index = models.Index(fields=["language"], name="contact_language")
    check = models.CheckConstraint(condition=models.Q(language="en"), name="contact_english")
    slow = "CREATE INDEX made ON engage_contact (language)"
    for operation in (
        migrations.AddIndex("contact", index),
        migrations.AddConstraint("contact", check),
        migrations.AddField("contact", "x", models.DateField(null=True, db_index=True)),
        migrations.RunSQL(slow),
    ):
        assert blocking(_one(operation)), operation
    for operation in (
        AddIndexConcurrently("contact", index),
        AddConstraintNotValid("contact", check),
        migrations.AddIndex("agency", index),
        migrations.RunSQL(slow.replace("INDEX", "INDEX CONCURRENTLY")),
    ):
        assert not blocking(_one(operation)), operation
