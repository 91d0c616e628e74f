"""Closes somebody's account: they sign in no more, and everything that was open for them ends."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.refusals import Invalid
from engage.roles.ending import deactivate
from engage.roles.handing_over import hand_over, owned_by
from engage.roles.models import Role


class Command(BaseCommand):
    help = (
        "Close somebody's account; sessions, keys, door links and open invitations end, and a mail says so. "
        "Where promises, needs or meetings are theirs, say who takes them."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        whom = parser.add_mutually_exclusive_group()
        whom.add_argument("--hand-to", metavar="EMAIL", help="a colleague who takes all that is theirs")
        whom.add_argument(
            "--to-nobody",
            action="store_true",
            help="leave it: it stands on the agency's board as nobody's",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = _who_signs_in(options["email"])
        now = timezone.now()
        for agency in self._left_at(person, decided=bool(options["hand_to"]) or options["to_nobody"]):
            if options["hand_to"]:
                taker = _who_signs_in(options["hand_to"])
                self._hand_over(person, agency, taker, now)
        ended = deactivate(person, actor=None, now=now)
        self.stdout.write(
            f"Closed. Ended: {ended.sessions} sessions, {ended.keys} keys, {ended.doors} door links, "
            f"{ended.invitations} invitations."
        )

    def _left_at(self, person: Person, *, decided: bool) -> list[Agency]:
        """The agencies where something is theirs, said with numbers. Raises CommandError where nobody said who takes it."""
        # In one order, as whoever ends a role there holds them.
        works_at = Role.objects.standing().filter(person=person).values("agency")
        agencies = list(Agency.objects.select_for_update(no_key=True).filter(pk__in=works_at).order_by("pk"))
        left = {agency: owned_by(person, agency) for agency in agencies}
        said = [
            f"{agency.name}: " + ", ".join(one.kind.said(one.number) for one in owned)
            for agency, owned in left.items()
            if owned
        ]
        if said and not decided:
            asked = "Say who takes it: --hand-to EMAIL, or --to-nobody. Nothing was changed."
            raise CommandError("\n".join([*said, asked]))
        for line in said:
            self.stdout.write(line)
        return [agency for agency, owned in left.items() if owned]

    def _hand_over(self, person: Person, agency: Agency, taker: Person, now: Any) -> None:
        to = {one.kind.code: taker.pk for one in owned_by(person, agency)}
        try:
            given = hand_over(person, agency, to, actor=None, now=now)
        except Invalid as refused:
            kinds = ", ".join(error.field.partition(".")[2] for error in refused.errors)
            raise CommandError(f"{taker.email} cannot take this at {agency.name}: {kinds}.") from None
        self.stdout.write(
            f"{agency.name}: handed to {taker.email}: "
            + ", ".join(f"{n} {code}" for code, n in given.items())
        )


def _who_signs_in(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody who can sign in has the address {email}.")
    return person
