"""What the web and the worker may do in the database: no DDL, and no second thoughts about the record."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

# Rows here are written once. Activity is the exception of one column, which its trigger lets be set once.
APPEND_ONLY = (
    "engage_activity",
    "engage_commitmentupdate",
    "engage_redaction",
    "engage_contactread",
    "engage_destruction",
)


def grant_to_the_restricted_role(*, using: str, **_: Any) -> None:
    """After a migration by the owner: the restricted role may read and write rows, and not change the record.

    With one role for both there is nothing to grant; the start-up checks say so.
    """
    restricted, owner = settings.DATABASES["default"]["USER"], settings.DATABASES["owner"]["USER"]
    if using != "owner" or not restricted or restricted == owner:
        return
    role = sql.Identifier(restricted)
    with connections[using].cursor() as cursor:
        # Two deployments migrating at once would otherwise update the same catalogue rows at once.
        cursor.execute("SELECT pg_advisory_lock(726565)")
        try:
            for statement in (
                "GRANT USAGE ON SCHEMA public TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
                "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
                "GRANT TRUNCATE ON contribution_intake TO {role}",
                "GRANT UPDATE (announced_at) ON engage_activity TO {role}",
            ):
                if "engage_activity" in statement:
                    for table in APPEND_ONLY:
                        revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                        cursor.execute(revoke.format(table=sql.Identifier(table), role=role))
                cursor.execute(sql.SQL(statement).format(role=role))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(726565)")
