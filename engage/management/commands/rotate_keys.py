"""Seals everything anew under the first of CONTACT_KEYS, and says which older keys nothing needs any more."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from engage.sealing.key_marks import forget_key
from engage.sealing.key_rotating import seal_anew, still_under


class Command(BaseCommand):
    help = "Seal everything anew under the first of CONTACT_KEYS; may be stopped and run again at any time."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how much, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        for name, count in seal_anew(dry=dry).items():
            self.stdout.write(f"{name}: {count} {'to be sealed' if dry else 'sealed'} anew")
        for number, _key in settings.CONTACT_KEYS[1:]:
            needing = still_under(number)
            if needing:
                where = ", ".join(f"{count} in {name}" for name, count in needing.items())
                self.stdout.write(f"CONTACT_KEYS {number} is needed still: {where}. Run this again later.")
                continue
            if not dry:
                forget_key("CONTACT_KEYS", number)
            self.stdout.write(f"CONTACT_KEYS {number} may be removed: nothing is sealed under it.")
        for number, _key in settings.LINK_KEYS[1:]:
            self.stdout.write(
                f"LINK_KEYS {number} opens links in mails sent before; removing it ends them: revoke_links --key {number}."
            )
