"""Takes an agency in and invites its first administrator by mail."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from engage.agencies.models import Agency
from engage.agencies.onboarding import create_agency
from engage.contacts.links import Purpose, mint
from engage.refusals import RuleViolation
from engage.roles.granting import invite
from engage.roles.models import Role


class Command(BaseCommand):
    help = "Take an agency in and invite its first administrator by mail."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", help="short name in addresses, such as harbor-falls")
        parser.add_argument("--name", required=True)
        parser.add_argument("--timezone", required=True, help="such as America/Chicago")
        parser.add_argument("--admin-email", required=True, help="where the first invitation goes")
        parser.add_argument("--kind", choices=Agency.Kind.values, default=Agency.Kind.POLICE_DEPARTMENT)
        parser.add_argument("--country", default="US", help="two letters")
        parser.add_argument("--region", default="")
        parser.add_argument("--languages", default="en", help="with commas, the first one first: en,es")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            with transaction.atomic():
                agency = create_agency(
                    slug=options["slug"],
                    name=options["name"],
                    timezone=options["timezone"],
                    kind=options["kind"],
                    country=options["country"],
                    region=options["region"],
                    languages=[word.strip() for word in options["languages"].split(",") if word.strip()],
                    now=now,
                )
                invitation = invite(
                    agency=agency, email=options["admin_email"], kind=Role.Kind.ADMIN, actor=None, now=now
                )
        except RuleViolation as refusal:
            raise CommandError(_sentence(refusal)) from None
        link = f"{settings.PUBLIC_URL}/invitation/{mint(Purpose.INVITATION, invitation.pk, invitation.link_version)}"
        self.stdout.write(
            f"{agency.name} is here. The worker mails the invitation; the same link, for seven days:"
        )
        self.stdout.write(link)


def _sentence(refusal: RuleViolation) -> str:
    if not refusal.errors:
        return str(refusal.detail)
    return "\n".join(f"{_argument(error.field)}: {error.detail}" for error in refusal.errors)


def _argument(field: str) -> str:
    """What the field is called on the command line."""
    return {"slug": "slug", "email": "--admin-email"}.get(field, f"--{field.replace('_', '-')}")
