"""``manage.py forget_key CONTACT_KEYS 1``: a key that nothing needs any more may then be left out of the settings."""

from __future__ import annotations

import argparse
import base64
import binascii
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

from engage.key_marks import forget_key
from engage.sealed_column import SealedColumn


class Command(BaseCommand):
    help = "Forget the mark of an old key, while it still stands in the settings; then it may be left out of them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("setting", choices=("CONTACT_KEYS", "LINK_KEYS", "INTAKE_PUBLIC_KEY"))
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **given: Any) -> None:
        setting, number = given["setting"], given["number"]
        listed = getattr(settings, setting)
        first = listed[0] if setting == "INTAKE_PUBLIC_KEY" and listed else listed[0][0] if listed else None
        if number == first:
            raise CommandError(
                f"{setting} {number} comes first: it serves new work. Put another one before it."
            )
        if setting == "CONTACT_KEYS" and (where := sorted(set(_still_sealed(number)))):
            raise CommandError(f"{setting} {number} is needed to open {', '.join(where)}.")
        forget_key(setting, number)
        self.stdout.write(f"{setting} {number} may now be left out of the settings.")


def _still_sealed(number: int) -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedColumn) and _holds(model._meta.db_table, str(field.column), number):
                yield f"{model._meta.db_table}.{field.column}"
    for data in Authenticator.objects.values_list("data", flat=True):
        if any(_number_of(text) == number for text in _texts_in(data)):
            yield "second factors"


def _holds(table: str, column: str, number: int) -> bool:
    look = "SELECT EXISTS (SELECT FROM {table} WHERE {column} IS NOT NULL AND get_byte({column}, 0) = %s)"
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(look).format(**names), [number])
        return bool(cursor.fetchone()[0])


def _texts_in(data: Any) -> Iterator[str]:
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        if isinstance(value, str):
            yield value
        else:
            yield from _texts_in(value)


def _number_of(text: str) -> int | None:
    try:
        return base64.urlsafe_b64decode(text)[0]
    except (binascii.Error, ValueError, IndexError):
        return None
