"""``manage.py send_again``: messages that failed become due again, once what was in the way is mended."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from outreach.ledger.sending_again import Counts, Which, send_again, would_go_again


class Command(BaseCommand):
    help = (
        "Send again what ended as failed, after the fault is mended. What was sent is never sent again; "
        "what has lost its point is dropped. Begin with --dry-run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        instant = "an instant, like 2026-05-01T18:00:00Z; without a zone it is UTC"
        parser.add_argument("--since", type=_instant, help=f"ended at or after {instant}")
        parser.add_argument("--until", type=_instant, help=f"ended before {instant}")
        parser.add_argument("--reason", help="only these, like smtp_554 (the dry run lists them)")
        parser.add_argument("--kind", help="only this kind of message, like confirmation")
        parser.add_argument("--event", type=UUID, help="only messages about this meeting: its id")
        parser.add_argument("--agency", help="only this agency's: its short name in addresses")
        parser.add_argument(
            "--uncertain", action="store_true", help="also those of which nobody knows whether they arrived"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count them, by kind and reason")

    def handle(self, *args: Any, **given: Any) -> None:
        which = Which(
            since=given["since"],
            until=given["until"],
            reason=given["reason"],
            kind=given["kind"],
            event=given["event"],
            agency=given["agency"],
            uncertain=given["uncertain"],
        )
        if given["dry_run"]:
            self._tell(would_go_again(which), "would go again")
        else:
            self._tell(send_again(which), "go again")

    def _tell(self, counts: Counts, what: str) -> None:
        for (kind, reason), number in sorted(counts.items()):
            self.stdout.write(f"{number:8d}  {kind}  {reason}")
        self.stdout.write(f"{sum(counts.values())} messages {what}.")


def _instant(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant like 2026-05-01T18:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
