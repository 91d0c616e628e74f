"""Read real notices of meetings from a file: `manage.py import_meetings FILE --agency SLUG`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engage.agencies.finding import agency_called
from engage.refusals import RuleViolation, Unknown
from events.imports.importing import import_file
from events.imports.notices import REMARKS, RowOutcome


class Command(BaseCommand):
    help = "Import notices of meetings from CSV, JSON or iCalendar. Importing twice changes nothing; nobody is mailed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="the agency's slug")
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN",
            help="which column holds uid, title, start, end, details, place, district or modified",
        )  # fmt: skip
        parser.add_argument(
            "--shift-to-present", action="store_true",
            help="past notices also become upcoming meetings, moved by whole weeks fixed at the first import",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--quiet", action="store_true", help="only the totals, and rows that were not taken"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        pairs = [each.partition("=") for each in options["map"]]
        if any(not (field and sign and column) for field, sign, column in pairs):
            raise CommandError("--map takes FIELD=COLUMN.")
        self.quiet = options["quiet"]
        try:
            report = import_file(
                options["file"],
                agency=agency_called(options["agency"]),
                now=timezone.now(),
                columns={field: column for field, _sign, column in pairs},
                shift_to_present=options["shift_to_present"],
                dry_run=options["dry_run"],
                tell=self.tell,
            )
        except Unknown:
            raise CommandError(f"There is no agency “{options['agency']}”.") from None
        except RuleViolation as refused:
            raise CommandError(f"{options['file']}: {refused.detail} Nothing was changed.") from None
        except OSError as missing:
            raise CommandError(f"{options['file']}: {missing.strerror}. Nothing was changed.") from None
        counts = ", ".join(f"{number} {name}" for name, number in sorted(report.outcomes.items()))
        said = "Would be" if options["dry_run"] else "Imported"
        self.stdout.write(f"{said}: {counts or 'nothing'}; {report.upcoming} moved into the next 90 days.")
        for code, number in report.remarks.most_common():
            self.stdout.write(f"  {number} × {REMARKS[code]}")

    def tell(self, outcome: RowOutcome) -> None:
        """One line for each row about which there is something to say."""
        if outcome.outcome == "faulty":
            self.stderr.write(f"row {outcome.number}: not taken: {outcome.detail} ({outcome.code})")
        elif outcome.sentences and not self.quiet:
            self.stdout.write(f"row {outcome.number}: {outcome.outcome}: {' '.join(outcome.sentences)}")
