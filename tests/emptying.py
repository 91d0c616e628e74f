"""Leaves the database as a migration does, after a test that commits: by what was written, not by what there is.

Django truncates every table and then does all that follows a migration, several hundred times a run: new files for each
table and its indexes, every right granted anew. Most tests write a few rows in a few tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pgtrigger
from django.db import connections, transaction
from psycopg import sql

from config.startup.keys import remember_after_migrating

# What a migration writes and no test touches. The marks of the keys are written anew, since tests use other keys.
_STAY: Final = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# Deleted rows stay in their pages. Where a test has left many, all begins anew in new files.
_LARGE: Final = 1 << 20  # bytes
_SIZES: Final = """
SELECT relname, pg_relation_size(oid) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


def empty_tables(_case: object = None) -> None:
    """Waits for whoever still writes, as a TRUNCATE would: what they commit must not reach the next test."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        tables = sorted(sizes_of_tables(cursor))
        cursor.execute(_over("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables))
        written = {name: size for name, size in sizes_of_tables(cursor).items() if size}
        if max(written.values(), default=0) > _LARGE:
            cursor.execute(_over("TRUNCATE {}", tables))
        elif written:
            _delete_from(written)
    remember_after_migrating(using="owner")


def sizes_of_tables(cursor: Any) -> dict[str, int]:
    """Bytes by name, of those that are emptied; nought for one that nobody has written to."""
    cursor.execute(_SIZES)
    return {name: size for name, size in cursor.fetchall() if name not in _STAY}


def _delete_from(tables: Iterable[str]) -> None:
    """By one statement: at its end, when references are checked, all of them are gone."""
    deletions = [
        sql.SQL("{} AS (DELETE FROM {})").format(sql.Identifier(f"gone_{number}"), sql.Identifier(table))
        for number, table in enumerate(tables)
    ]
    # Append-only is a promise to whoever runs Engage, and not to the next test.
    triggers = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{triggers}}}"])
        cursor.execute(sql.SQL("WITH {} SELECT 1").format(sql.SQL(", ").join(deletions)))  # type: ignore[arg-type]


def _over(statement: str, tables: Iterable[str]) -> Any:
    return sql.SQL(statement).format(sql.SQL(", ").join(map(sql.Identifier, tables)))  # type: ignore[arg-type]
