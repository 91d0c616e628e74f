"""``manage.py make_intake_keys``: a new pair for what is said without a name, as two lines of settings."""

from __future__ import annotations

import base64
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from engage.sealing.intake import public_half


class Command(BaseCommand):
    help = "Make a pair of keys for anonymous texts: one line for the web and the worker, one for the worker alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """The number is one that no key in the settings has. Writes two lines and changes nothing."""
        taken = {number for number, _key in settings.INTAKE_PRIVATE_KEYS}
        number = next(one for one in range(1, 256) if one not in taken)
        private = os.urandom(32)
        self.stdout.write(f"INTAKE_PUBLIC_KEY={number}:{_written(public_half(private))}")
        kept = "".join(f",{known}:{_written(key)}" for known, key in settings.INTAKE_PRIVATE_KEYS)
        self.stdout.write(f"INTAKE_PRIVATE_KEYS={number}:{_written(private)}{kept}")


def _written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
