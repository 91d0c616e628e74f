"""``manage.py replay_erasures``: after a restore, erase again what was erased since the backup."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events.rsvps.erasing import replay_erasures


class Command(BaseCommand):
    help = "After a restore: erase again what stands on the list outside the database (ERASURE_LIST). Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ERASURE_LIST:
            raise CommandError(
                "ERASURE_LIST is not set: no list was kept, so nothing can be erased again from it."
            )
        try:
            done = replay_erasures(now=timezone.now())
        except OSError as error:
            raise CommandError(f"ERASURE_LIST cannot be read ({error.strerror}).") from None
        said = ", ".join(f"{number} {what}" for what, number in done.items()) or "nothing left to erase"
        self.stdout.write(f"From the list: {said}.")
