"""Ends residents' links: of one place, address, meeting or agency, of everybody, or those made with one key."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet

from engage.sealing.key_marks import forget_key
from events.rsvps.links import end_links
from events.rsvps.models import Rsvp


class Command(BaseCommand):
    help = "End residents' links; they get new ones by “send my link again”."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--rsvp", help="the id of one place")
        which.add_argument("--contact", help="the id of one address")
        which.add_argument("--event", help="the id of a meeting")
        which.add_argument("--agency", help="the short name of an agency")
        which.add_argument("--all", action="store_true", help="everybody's")
        which.add_argument(
            "--key", type=int, help="made with this number of LINK_KEYS, which may then be removed"
        )
        parser.add_argument("--dry-run", action="store_true", help="say how many, and end none")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["key"] is not None:
            self._end_key(options["key"], dry=options["dry_run"])
            return
        rsvps = _rsvps(options)
        if options["dry_run"]:
            self.stdout.write(f"Would end the links of {rsvps.count()} places.")
            return
        ended, contacts = end_links(rsvps)
        self.stdout.write(f"Ended the links of {ended} places and {contacts} addresses.")

    def _end_key(self, number: int, *, dry: bool) -> None:
        """No row says with which key a link was made: the links of a key end when the key goes."""
        numbers = [one for one, _key in settings.LINK_KEYS]
        if number not in numbers:
            raise CommandError(f"LINK_KEYS has no key {number}.")
        if number == numbers[0]:
            raise CommandError(
                f"Key {number} makes today's links. Put a new key before it, restart, then end this one."
            )
        if not dry:
            forget_key("LINK_KEYS", number)
        may = "could be" if dry else "may be"
        self.stdout.write(
            f"Key {number} {may} removed from LINK_KEYS; with the restart every link made with it ends."
        )


def _rsvps(options: dict[str, Any]) -> QuerySet[Rsvp]:
    if options["all"]:
        return Rsvp.objects.all()
    by = {"rsvp": "pk", "event": "event_id", "agency": "agency__slug"}
    for name, path in by.items():
        if options[name]:
            return Rsvp.objects.filter(**{path: options[name]})
    contact = options["contact"]
    return Rsvp.objects.filter(Q(email_contact_id=contact) | Q(phone_contact_id=contact))
