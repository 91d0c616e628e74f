"""After new time zone rules: `manage.py recompute_instants`. Meetings stay at their local time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events.planning.following_rules import recompute_instants


class Command(BaseCommand):
    help = "Work out the instants of the meetings ahead anew, after the time zone database was updated."

    def handle(self, *_args: Any, **_options: Any) -> None:
        moved = recompute_instants(now=timezone.now())
        self.stdout.write(f"{moved} meetings have new instants; their local times are as they were.")
