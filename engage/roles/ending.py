"""What ends what: one list. Whatever was opened for somebody under an older state ends with that state, and they are told.

A cause (a new password, a factor, a stricter rule, a role's end …) raises the person's ``access_version``. Sessions,
half-finished sign-ins, known devices and mailed links for a new password carry the version they were made under, and
are void with it; keys and door links are compared again at each use. Beside that, each is closed here, where people can
see it, and a letter says what was closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q

from engage.activity.models import Activity
from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.people.models import Person, SignInSession
from engage.people.second_factors import strong_factors
from engage.roles.answering import has_a_role_at
from engage.roles.models import AccessToken, Invitation


class Cause(StrEnum):
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a cause
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a cause
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_DEMANDED = "factor_demanded"
    ROLE_ENDED = "role_ended"
    DEACTIVATED = "deactivated"
    ENDED_BY_OFFICE = "ended_by_office"


@dataclass(frozen=True, slots=True)
class Ended:
    """How many of each were open: sessions (and half-finished sign-ins), keys, door links, invitations."""

    sessions: int
    keys: int
    doors: int
    invitations: int


# What upper layers close: called with the person, the agency it is about (None: all) and the time; how many were open.
when_access_ends: list[Callable[[Person, Agency | None, dt.datetime], int]] = []
# Called with the activity that says what was closed: upper layers tell the person.
when_access_has_ended: list[Callable[[Person, Activity, dt.datetime], None]] = []


@transaction.atomic
def end_access(
    person: Person,
    cause: Cause,
    *,
    now: dt.datetime,
    actor: Person | None = None,
    agency: Agency | None = None,
) -> Ended:
    """Close all that was opened for ``person``: everywhere, or, of keys, doors and invitations, in ``agency`` alone.

    Sessions and devices are nobody's agency's: they end in any case, and whoever still works here signs in again.
    """
    Person.objects.filter(pk=person.pk).update(access_version=F("access_version") + 1)
    person.refresh_from_db(fields=["access_version"])
    here = Q() if agency is None else Q(agency=agency)
    keys = AccessToken.objects.filter(here, person=person, revoked_at=None, expires_at__gt=now)
    ended = Ended(
        sessions=SignInSession.objects.filter(person=person).delete()[0],
        keys=keys.update(revoked_at=now),
        doors=sum(close(person, agency, now) for close in when_access_ends),
        invitations=_withdraw(person, cause, here, now),
    )
    _keep_what_stays(person, agency)
    said = {"cause": str(cause), "keys": ended.keys, "doors": ended.doors, "invitations": ended.invitations}
    told = record("person.access_ended", person, actor=actor, data=said, at=now)
    for tell in when_access_has_ended:
        tell(person, told, now)
    return ended


@transaction.atomic
def deactivate(person: Person, *, actor: Person | None, now: dt.datetime) -> Ended:
    """This person signs in no more, anywhere, until somebody makes them active again. Roles stay on record."""
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    return end_access(person, Cause.DEACTIVATED, now=now, actor=actor)


def end_for_who_lacks_a_factor(agency: Agency, actor: Person | None, now: dt.datetime) -> int:
    """The agency asks for a second factor from now on: what was opened without one ends. How many people that was."""
    here = Person.objects.filter(has_a_role_at(agency.pk))
    weak = here.exclude(pk__in=strong_factors().values("user_id")).order_by("pk")
    for person in weak:
        end_access(person, Cause.FACTOR_DEMANDED, now=now, actor=actor, agency=agency)
    return len(weak)


def _withdraw(person: Person, cause: Cause, here: Q, now: dt.datetime) -> int:
    """Invitations this person made; where somebody leaves, also those that would let them in again."""
    whose = Q(invited_by=person)
    if cause in {Cause.ROLE_ENDED, Cause.DEACTIVATED}:
        whose |= Q(email=person.email)
    open_ones = Invitation.objects.filter(
        here, whose, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return open_ones.update(withdrawn_at=now)


def _keep_what_stays(person: Person, agency: Agency | None) -> None:
    """Another agency's keys go on under the new number, if they were good under the last: what ended is not theirs."""
    if agency is not None:
        good = AccessToken.objects.filter(person=person, access_version=person.access_version - 1)
        good.exclude(agency=agency).update(access_version=person.access_version)
