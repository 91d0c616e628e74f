"""Keys for programs: made once, shown once, kept as a hash; they never reach further than their person's roles."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.people.second_factors import guarded_as_asked
from engage.refusals import FieldError, Forbidden, Invalid
from engage.roles.models import AccessToken, Role
from engage.roles.permissions import ALL_SCOPES, scopes_of

LASTS: Final = dt.timedelta(days=90)
LASTS_AT_MOST: Final = dt.timedelta(days=366)
# So that a scanner of published code recognises a leaked one.
_PREFIX: Final = "engage_"


@transaction.atomic
def issue(
    *,
    person: Person,
    agency: Agency,
    scopes: Iterable[str],
    label: str,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> tuple[AccessToken, str]:
    """A new token and its secret, which nobody can be shown again.

    expires_at: 90 days from now unless given, a year at most. Raises Invalid for a scope that does not exist or a
    time that does not fit, Forbidden for a scope that the person's roles in the agency do not give.
    """
    wanted = frozenset(scopes)
    if not wanted or wanted - ALL_SCOPES:
        raise Invalid(
            errors=[FieldError("scopes", "invalid", _("Name scopes that exist, and at least one."))]
        )
    ends = expires_at or now + LASTS
    if not now < ends <= now + LASTS_AT_MOST:
        raise Invalid(errors=[FieldError("expires_at", "invalid", _("A token lasts a year at most."))])
    kinds = Role.objects.standing().filter(person=person, agency=agency).values_list("kind", flat=True)
    if wanted - scopes_of(frozenset(kinds)):
        raise Forbidden(field="scopes")
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        person=person,
        agency=agency,
        label=label,
        scopes=sorted(wanted),
        token_sha256=_hash(secret),
        access_version=person.access_version,
        created_at=now,
        expires_at=ends,
    )
    record("token.issued", token, actor=person, at=now)
    return token, secret


def token_behind(secret: str, *, now: dt.datetime) -> AccessToken | None:
    """The token that stands behind a secret, with its person and agency; None if there is none that counts now.

    Whether everything of that person's has ended since it was made, and whether the agency asks for a second factor
    that they lack, is asked here again: a key ends with what it came from, whichever way that ended.
    """
    if not secret.startswith(_PREFIX):
        return None
    token = (
        AccessToken.objects.select_related("person", "agency")
        .filter(token_sha256=_hash(secret), revoked_at=None, expires_at__gt=now, person__is_active=True)
        .filter(guarded_as_asked("agency", "person"), access_version=F("person__access_version"))
        .first()
    )
    today = now.date()
    if token is not None and token.last_used_on != today:
        # The day is enough to see which tokens nobody needs; a write at each request would not be.
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


@transaction.atomic
def revoke(token: AccessToken, *, now: dt.datetime, actor: Person | None = None) -> None:
    """From now on it opens nothing. A second time changes nothing."""
    if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        record("token.revoked", token, actor=actor or token.person, at=now)
    token.revoked_at = token.revoked_at or now


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
