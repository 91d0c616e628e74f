"""At each start, before anything else is done: are the keys those this database was written with?

Light on purpose: gunicorn's parent, the worker, beat and every command ask it, before or without setting Django up.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections

from config import environment as env
from config.time_limits import COMMANDS
from engage.key_marks import Key, KeysDoNotFit, check_keys, keys_in, keys_of_the_settings, remember_keys

# Commands that read no row and write none; every other one is refused with wrong keys.
WITHOUT_DATA: Final = frozenset(
    {
        "check", "collectstatic", "compilemessages", "dbshell", "diffsettings", "help", "makemessages", "makemigrations",
        "optimizemigration", "showmigrations", "spectacular", "sqlmigrate", "squashmigrations", "version",
    }
)  # fmt: skip


def keys_of_the_environment() -> list[Key]:
    """Raises SettingIsWrong."""
    return keys_in(env.keys("CONTACT_KEYS"), env.keys("LINK_KEYS"), env.key("FINGERPRINT_KEY"))


def refuse_wrong_keys(*, remember: bool = False, owner: bool = False) -> None:
    """Raises KeysDoNotFit or SettingIsWrong. A database that does not answer is no reason not to start.

    remember: also write down keys that a rotation added. owner: ask as the role that migrates.
    """
    if not os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_URL_FILE"):
        return
    keys = keys_of_the_environment()
    address = env.database("DATABASE_URL")
    if owner:
        address = env.database("DATABASE_OWNER_URL", env.text("DATABASE_URL"))
    try:
        with _asking(address) as cursor:
            (remember_keys if remember else check_keys)(keys, cursor)
    except psycopg.Error:
        # Readiness and the worker's own look come again once it answers.
        return


def end_if_keys_are_wrong(*, remember: bool = False, owner: bool = False) -> None:
    """For an entrance: one sentence, and status 2."""
    try:
        refuse_wrong_keys(remember=remember, owner=owner)
    except (KeysDoNotFit, env.SettingIsWrong) as wrong:
        print(f"Engage did not start: {wrong}", file=sys.stderr, flush=True)  # noqa: T201 - the sentence itself
        raise SystemExit(2) from None


def remember_after_migrating(*, using: str, **_: Any) -> None:
    """The first time: a database is marked by the migration that makes the table. Raises KeysDoNotFit."""
    if using == "owner":
        with connections[using].cursor() as cursor:
            remember_keys(keys_of_the_settings(), cursor)


@register(Tags.security, deploy=True)
def keys_fit_the_database(**_: Any) -> list[CheckMessage]:
    try:
        with connections["default"].cursor() as cursor:
            check_keys(keys_of_the_settings(), cursor)
    except KeysDoNotFit as wrong:
        return [Error(str(wrong), id="engage.E010")]
    except DatabaseError:
        return [Warning("The database did not answer, so its keys could not be checked.", id="engage.W010")]
    return []


@contextlib.contextmanager
def _asking(address: dict[str, Any]) -> Iterator[psycopg.Cursor[Any]]:
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    words = {word: address[name] for word, name in named.items() if address[name]}
    words |= {"connect_timeout": "5", "options": COMMANDS.as_options()} | address["OPTIONS"]
    with psycopg.connect(**words) as connection, connection.cursor() as cursor:
        yield cursor
