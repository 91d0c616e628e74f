"""What `check --deploy` warns of. What must not be at all the settings refuse themselves (config.setting_rules)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register
from django.db import DatabaseError, connection


@register(Tags.security, deploy=True)
def two_database_roles(**_: Any) -> list[CheckMessage]:
    """Asked of the database: a container that serves is not told the owner's address, and rightly so."""
    if settings.STARTED_WITHOUT_SERVER:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_schema_privilege(current_user, current_schema(), 'CREATE')")
            [may_change_tables] = cursor.fetchone() or [True]
    except DatabaseError:
        sentence = "The database does not answer, so nobody can say what the web's role may do in it."
        return [Warning(sentence, id="engage.W004")]
    if not may_change_tables:
        return []
    sentence = (
        "The role of DATABASE_URL may change tables: the web could then change the record. "
        "Give the web a role of its own (docs/settings.md)."
    )
    return [Warning(sentence, id="engage.W003")]


@register(Tags.security, deploy=True)
def somebody_hears_of_holes(**_: Any) -> list[CheckMessage]:
    if settings.SECURITY_CONTACT:
        return []
    sentence = "Nobody is named whom to tell of a security problem: set SECURITY_CONTACT (docs/settings.md)."
    return [Info(sentence, id="engage.I005")]
