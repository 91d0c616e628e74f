"""At each start, before anything else is done: are the keys those this database was written with?

A connection of its own, closed at once: gunicorn's parent asks, and nothing it opened may reach its children.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections

from config.startup.refusing import end
from engage.sealing.key_marks import KeysDoNotFit, check_keys, keys_of_the_settings, remember_keys

_log = logging.getLogger(__name__)

# Commands that read no row and write none; every other one is refused with wrong keys.
WITHOUT_DATA: Final = frozenset(
    {
        "--help", "--version", "-h", "check", "collectstatic", "compilemessages", "dbshell", "diffsettings", "findstatic", "help", "makemessages", "makemigrations",
        "optimizemigration", "showmigrations", "spectacular", "sqlmigrate", "squashmigrations", "version",
    }
)  # fmt: skip


def look_at_the_keys(*, remember: bool = False, owner: bool = False) -> None:
    """Raises KeysDoNotFit. A database that does not answer is no reason not to start.

    remember: also write down keys that a rotation added. owner: ask as the role that migrates.
    """
    try:
        with _asking(settings.DATABASES["owner" if owner else "default"]) as cursor:
            (remember_keys if remember else check_keys)(keys_of_the_settings(), cursor)
    except psycopg.Error as error:
        # Readiness and the worker's own look come again once it answers.
        _log.warning("keys_not_checked", extra={"state": error.sqlstate or "no answer"})


def end_if_keys_are_wrong(*, remember: bool = False, owner: bool = False) -> None:
    """For an entrance: one sentence, and status 2."""
    try:
        look_at_the_keys(remember=remember, owner=owner)
    except KeysDoNotFit as wrong:
        end(str(wrong))


def end_command_if_keys_are_wrong(arguments: Sequence[str]) -> None:
    """The same for ``manage.py``'s ``arguments``."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command not in WITHOUT_DATA and not settings.STARTED_WITHOUT_SERVER:
        end_if_keys_are_wrong(owner=command == "migrate")


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
    words |= {name: value for name, value in address["OPTIONS"].items() if name != "server_side_binding"}
    with psycopg.connect(**words) as connection, connection.cursor() as cursor:
        yield cursor
