"""Closes somebody's account: they sign in no more, and everything that was open for them ends."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engage.access_ending import deactivate
from engage.models import Person


class Command(BaseCommand):
    help = (
        "Close somebody's account; sessions, keys, door links and open invitations end, and a mail says so."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError("Nobody who can sign in has this address.")
        ended = deactivate(person, actor=None, now=timezone.now())
        self.stdout.write(
            f"Closed. Ended: {ended.sessions} sessions, {ended.keys} keys, {ended.doors} door links, "
            f"{ended.invitations} invitations."
        )
