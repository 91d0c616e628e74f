"""Loads what a demo shows: the made-up year, and the real notices in DEMO_DATA where it names a folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.made_year.agencies import MAIN
from demo.made_year.loading import load
from demo.made_year.notices_loading import load_notices
from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.listening.models import Contribution
from events.event.models import Event
from events.rsvps.models import Rsvp


class Command(BaseCommand):
    help = "Load the made-up year once, and import the notices in the folder that DEMO_DATA names."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            default=os.environ.get("DEMO_DATA") or None,
            help="a folder of meeting notices: .csv, .json, .ics",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run again: what is there stays as it is."""
        if settings.PRODUCTION:
            raise CommandError("Made-up people have no business in production (ENGAGE_ENV=production).")
        now = timezone.now()
        if load(now=now):
            self.stdout.write(
                f"A made-up year: {Agency.objects.count()} agencies, {Event.objects.count()} meetings, "
                f"{Rsvp.objects.count()} RSVPs, {Contribution.objects.count()} contributions, "
                f"{Commitment.objects.filter(draft=False).count()} promises."
            )
        if options["data"]:
            for line in load_notices(Path(options["data"]), agency=Agency.objects.get(slug=MAIN), now=now):
                self.stdout.write(line)
