"""``manage.py forget_key CONTACT_KEYS 1``: a key that nothing needs any more may then be left out of the settings."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from engage.sealing.key_marks import forget_key
from engage.sealing.key_rotating import INTAKE, still_under, waiting_under


class Command(BaseCommand):
    help = "Forget the mark of an old key, while it still stands in the settings; then it may be left out of them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("setting", choices=("CONTACT_KEYS", "LINK_KEYS", "INTAKE_PUBLIC_KEY"))
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **given: Any) -> None:
        setting, number = given["setting"], given["number"]
        if number == _first(setting):
            raise CommandError(
                f"{setting} {number} comes first: it serves new work. Put another one before it."
            )
        if where := sorted(_needing(setting, number)):
            raise CommandError(f"{setting} {number} is needed to open {', '.join(where)}.")
        forget_key(setting, number)
        self.stdout.write(f"{setting} {number} may now be left out of the settings.")


def _first(setting: str) -> int | None:
    """The number of the key that serves new work."""
    listed = getattr(settings, setting)
    if setting == "INTAKE_PUBLIC_KEY":
        listed = [listed] if listed else settings.INTAKE_PRIVATE_KEYS
    return listed[0][0] if listed else None


def _needing(setting: str, number: int) -> Collection[str]:
    """Tables and columns that are unreadable without the key. Links of a key end with it, and are meant to."""
    if setting == "CONTACT_KEYS":
        return still_under(number)
    return [INTAKE] if setting == "INTAKE_PUBLIC_KEY" and waiting_under(number) else []
