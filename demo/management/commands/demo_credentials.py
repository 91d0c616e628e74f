"""Gives the demo's people fresh passwords and tokens and writes them for whoever tries the demo."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.made_year.agencies import MAIN, SECOND, first_of_each_role
from demo.secret_keeping import write_privately
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.roles.models import AccessToken
from engage.roles.permissions import SCOPES_OF_ROLE
from engage.roles.tokens import issue, revoke

LABEL = "demo"
_LASTS = dt.timedelta(days=30)


class Command(BaseCommand):
    help = "Make new passwords and tokens for the demo's people and write them as JSON, readable by its owner only."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--base-url", default=settings.PUBLIC_URL)
        parser.add_argument(
            "--mailbox-url", default="", help="where the demo's mail can be read; empty: nowhere"
        )
        parser.add_argument("--output", type=Path, default=Path(".demo/credentials.json"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file at one stroke, mode 0600. Passwords and tokens of an earlier start end here."""
        if settings.PRODUCTION:
            raise CommandError("The demo's people have no business in production (ENGAGE_ENV=production).")
        now = timezone.now()
        people = [
            _credentials(person.email, person.role, person.agency, now=now)
            for agency in (MAIN, SECOND)
            for person in first_of_each_role(agency)
        ]
        content = {
            "base_url": options["base_url"].rstrip("/"),
            "mailbox_url": options["mailbox_url"].rstrip("/") or None,
            "people": people,
        }
        write_privately(options["output"], json.dumps(content, indent=2) + "\n")
        if options["verbosity"] > 1:
            self.stdout.write(f"{options['output']}: {len(people)} sign-ins.")


def _credentials(email: str, role: str, slug: str, *, now: dt.datetime) -> dict[str, str]:
    person = Person.objects.filter(email=email).first()
    if person is None:
        raise CommandError("The demo's people are not there yet: run load_demo first.")
    password = secrets.token_urlsafe(12)
    person.password = make_password(password)
    person.save(update_fields=["password"])
    agency = Agency.objects.get(slug=slug)
    for old in AccessToken.objects.filter(person=person, agency=agency, label=LABEL, revoked_at=None):
        revoke(old, now=now)
    _, token = issue(
        person=person,
        agency=agency,
        scopes=sorted(SCOPES_OF_ROLE[role]),
        label=LABEL,
        now=now,
        expires_at=now + _LASTS,
    )
    return {"role": str(role), "email": email, "password": password, "token": token, "agency": slug}
