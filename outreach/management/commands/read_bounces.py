"""``manage.py read_bounces``: letters that came back are noted, and dead addresses are not written to again."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from outreach.bounces.boxes import BoxIsAway, Maildir
from outreach.bounces.reading import Taken, read_bounces, take
from outreach.bounces.reports import MOST_READ

# What a mail server understands as "keep it, and come again" (sysexits.h).
_TRY_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Read letters that came back (docs/mail.md): from the mailbox of BOUNCES_URL, from a maildir, or one message from "
        "standard input, as a mail server hands it on. What is no delivery report for a letter of ours changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--stdin", action="store_true", help="one message from standard input")
        where.add_argument("--maildir", type=Path, help="a folder with new and cur in it")

    def handle(self, *args: Any, **given: Any) -> None:
        if not settings.BOUNCE_ADDRESS:
            raise CommandError(
                "BOUNCE_ADDRESS is not set, so no letter says where it comes back to (docs/mail.md)."
            )
        if given["stdin"]:
            self._one()
            return
        if given["maildir"] is None and settings.BOUNCES_URL is None:
            raise CommandError("Say where they are: BOUNCES_URL, --maildir or --stdin (docs/mail.md).")
        box = Maildir(given["maildir"]) if given["maildir"] else None
        try:
            counted = read_bounces(now=timezone.now(), box=box)
        except BoxIsAway as away:
            raise CommandError(f"The mailbox cannot be read: {away}.") from None
        self._tell(counted)

    def _one(self) -> None:
        """The rest of a long message is read too, and thrown away: a mail server takes a closed pipe for a failure."""
        content = sys.stdin.buffer.read(MOST_READ)
        while sys.stdin.buffer.read(MOST_READ):
            continue
        # As Postfix and others hand on whom the envelope named.
        sent_to = [os.environ.get(name, "") for name in ("ORIGINAL_RECIPIENT", "RECIPIENT")]
        try:
            taken = take(content, now=timezone.now(), sent_to=sent_to)
        except (OperationalError, InterfaceError):
            self.stderr.write("The database does not answer; try again.")
            sys.exit(_TRY_AGAIN)
        self._tell(Counter([taken]))
        if taken is Taken.TOO_SOON:
            sys.exit(_TRY_AGAIN)

    def _tell(self, counted: Counter[Taken]) -> None:
        for taken, number in sorted(counted.items()):
            self.stdout.write(f"{number:8d}  {taken}")
        self.stdout.write(f"{counted.total()} messages read.")
