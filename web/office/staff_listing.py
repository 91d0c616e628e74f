"""Who has a role in an agency now, who is invited, and which keys programs hold: what an administrator looks after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.roles.models import AccessToken, Invitation, Role

MOST = 500


@dataclass(frozen=True, slots=True)
class Staff:
    """roles: by the person's name; invitations: those that can still be accepted, the newest first. 500 of each at most."""

    roles: list[Role]
    invitations: list[Invitation]


def staff_of(agency: Agency, *, now: dt.datetime) -> Staff:
    """Two statements."""
    roles = Role.objects.filter(agency=agency, until=None).select_related("person")
    invitations = Invitation.objects.filter(
        agency=agency, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return Staff(
        roles=list(roles.order_by("person__name", "person_id", "kind")[:MOST]),
        invitations=list(invitations.order_by("-invited_at", "-id")[:MOST]),
    )


def tokens_of(agency: Agency, *, now: dt.datetime, person: Person | None = None) -> list[AccessToken]:
    """The keys that open something now, of everybody or of ``person``, with whose they are; the newest first, 500 at most."""
    standing = AccessToken.objects.filter(
        agency=agency, revoked_at=None, expires_at__gt=now, access_version=F("person__access_version")
    )
    if person is not None:
        standing = standing.filter(person=person)
    return list(standing.select_related("person").order_by("-created_at", "-id")[:MOST])
