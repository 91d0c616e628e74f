"""Giving somebody a role: by an invitation that is mailed to them. Roles end; they are never deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.confirming import ask
from engage.contacts.addresses import normalised
from engage.contacts.links import Purpose, row_of
from engage.contacts.models import Channel
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, Taken, Unknown, WrongState
from engage.roles.ending import Cause, end_access
from engage.roles.handing_over import hand_over, of_leaving, would_leave
from engage.roles.models import Invitation, Role

LASTS: Final = dt.timedelta(days=7)


class RoleExists(Taken):
    code = "role_exists"
    sentence = _("They hold this role already.")


class LastAdministrator(RuleViolation):
    code = "last_administrator"
    sentence = _("An agency needs an administrator. Give the role to somebody else first.")


@transaction.atomic
def invite(
    *, agency: Agency, email: str, kind: str, actor: Person | None, now: dt.datetime, language: str = ""
) -> Invitation:
    """Offer a role by mail; the link lasts seven days. An earlier invitation to the same role ends.

    Raises Invalid for the address or the kind, RoleExists.
    """
    address = normalised(Channel.EMAIL, email)
    if kind not in Role.Kind.values:
        raise Invalid(errors=[FieldError("kind", "invalid", str(_("There is no such role.")))])
    if Role.objects.filter(agency=agency, kind=kind, person__email=address, until=None).exists():
        raise RoleExists(field="email")
    Invitation.objects.filter(
        agency=agency, email=address, kind=kind, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    invitation = Invitation.objects.create(
        agency=agency,
        email=address,
        kind=kind,
        language=language or (agency.languages or ["en"])[0],
        invited_by=actor,
        invited_at=now,
        expires_at=now + LASTS,
    )
    record("invitation.made", invitation, actor=actor, data={"kind": str(kind)}, at=now)
    return invitation


def invitation_behind(token: str, *, now: dt.datetime) -> Invitation:
    """The invitation a mailed link stands for. Raises Unknown, the same for every failure, too late included."""
    pk, _purpose = row_of(
        token,
        [Purpose.INVITATION],
        lambda row: Invitation.objects.filter(pk=row).values_list("link_version", flat=True).first(),
    )
    open_ones = Invitation.objects.select_related("agency").filter(
        Q(invited_by=None) | Q(invited_by__is_active=True),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
    )
    invitation = open_ones.filter(pk=pk).first()
    if invitation is None:
        raise Unknown
    return invitation


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str, now: dt.datetime) -> Person:
    """Take the role that was offered. Somebody who signs in already keeps name and password.

    Raises Unknown, or Invalid for a password that is too weak.
    """
    asked = invitation_behind(token, now=now)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("agency").get(pk=asked.pk)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise Unknown
    person = Person.objects.filter(email=invitation.email).first()
    if person is None:
        person = _newcomer(invitation, name=name, password=password, now=now)
    elif not person.is_active:
        raise Unknown
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record("invitation.accepted", invitation, actor=person, at=now)
    if not Role.objects.filter(
        person=person, agency=invitation.agency, kind=invitation.kind, until=None
    ).exists():
        grant(person=person, agency=invitation.agency, kind=invitation.kind, actor=person, now=now)
    return person


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Person | None, now: dt.datetime) -> None:
    """Its link opens nothing from now on. Raises WrongState where it was accepted or withdrawn already."""
    standing = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not standing.update(withdrawn_at=now):
        raise WrongState(_("This invitation was accepted or withdrawn already."))
    invitation.withdrawn_at = now
    record("invitation.withdrawn", invitation, actor=actor, data={"kind": str(invitation.kind)}, at=now)


@transaction.atomic
def grant(*, person: Person, agency: Agency, kind: str, actor: Person | None, now: dt.datetime) -> Role:
    """Give a role without a mail: for whoever accepted, and for what sets an agency up. Raises RoleExists."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if Role.objects.filter(person=person, agency=agency, kind=kind, until=None).exists():
        raise RoleExists
    role = Role.objects.create(person=person, agency=agency, kind=kind, since=now)
    record("role.given", role, actor=actor, data={"kind": str(kind)}, at=now)
    return role


@transaction.atomic
def end_role(
    role: Role,
    *,
    actor: Person | None,
    now: dt.datetime,
    confirm: str | None = None,
    to: Mapping[str, Person | UUID | None] | None = None,
) -> Role:
    """From now on it gives nothing. The last role of somebody at an agency asks first about what they leave behind.

    confirm: the digest of the question (engage.confirming), None where nobody is asked. to: by kind, who takes it; nobody
    for what is not named. Raises WrongState where it has ended, LastAdministrator, ConfirmRequired, Invalid.

    Somebody whose account is closed is no administrator any more, though the role stays on record.
    """
    # The agency's lock: two administrators who end each other at the same moment must not both succeed.
    Agency.objects.select_for_update(no_key=True).get(pk=role.agency_id)
    held = Role.objects.select_for_update(no_key=True).get(pk=role.pk)
    if held.until is not None:
        raise WrongState(_("This role has ended."))
    others = (
        Role.objects.standing().filter(agency_id=held.agency_id, kind=Role.Kind.ADMIN).exclude(pk=held.pk)
    )
    if held.kind == Role.Kind.ADMIN and not others.exists():
        raise LastAdministrator
    leaves = would_leave(held)
    ask(of_leaving(held, leaves), confirm=confirm)
    given = hand_over(held.person, held.agency, to or {}, actor=actor, now=now) if leaves else {}
    left = {one.kind.code: one.number for one in leaves if one.kind.code not in given}
    # A clock that jumped back must not keep anybody in.
    held.until = max(now, held.since)
    held.save(update_fields=["until"])
    record(
        "role.ended", held, actor=actor, at=now,
        data={"kind": str(held.kind), "handed_over": given, "nobodys_now": left},
    )  # fmt: skip
    end_access(held.person, Cause.ROLE_ENDED, now=now, actor=actor, agency=held.agency)
    role.until = held.until
    return held


def _newcomer(invitation: Invitation, *, name: str, password: str, now: dt.datetime) -> Person:
    person = Person(
        email=invitation.email,
        name=name.strip(),
        language=invitation.language,
        time_zone=invitation.agency.timezone,
        created_at=now,
    )
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Invalid(errors=[FieldError("password", "invalid", text) for text in weak.messages]) from None
    if not person.name:
        raise Invalid(errors=[FieldError("name", "required", str(_("Say what you are called.")))])
    person.set_password(password)
    person.save(force_insert=True)
    return person
