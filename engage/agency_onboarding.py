"""Taking an agency in, its settings, the pledges its administrators sign, and the communities it serves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage import agency_appearance
from engage.access_ending import end_for_who_lacks_a_factor
from engage.activity_recording import record
from engage.agency_time import is_zone, local_day
from engage.models import Agency, Community, Person, Pledge, Role
from engage.rule_violation import (
    FieldError,
    Forbidden,
    Invalid,
    Refusal,
    RuleViolation,
    Taken,
    WrongState,
    constraint_of,
)

# Called in the transaction that shortens an agency's retention: a setting may bring the day of erasing nearer for
# what is here already, and never push it away. Upper layers know when their meetings end; they fill this.
when_retention_shortens: list[Callable[[Agency], None]] = []

# Never changed through here: what the agency is called by, and what its promises count with.
_FIXED: Final = frozenset({"id", "slug", "last_commitment_number", "edit_version", "created_at"})
_SETTABLE: Final = frozenset(field.name for field in Agency._meta.concrete_fields) - _FIXED
_OF_COMMUNITY: Final = frozenset({"name", "kind", "population_share", "seldom_heard", "last_heard_at"})


class SlugTaken(Taken):
    code = "slug_taken"
    sentence = _("Another agency has this short name.")


class NameTaken(Taken):
    code = "name_taken"
    sentence = _("There is a community of this kind and name already.")


class PledgeStands(Taken):
    code = "pledge_stands"
    sentence = _("This pledge is signed already. Withdraw it first.")


class SharesOver100(RuleViolation):
    code = "shares_over_100"
    refusal = Refusal.INVALID
    sentence = _("The shares of one kind of community come to more than 100 percent.")


class CommunityInUse(RuleViolation):
    code = "in_use"
    sentence = _("Promises, dialogues or meetings name this community, so it stays.")


_BY_CONSTRAINT: Final[Mapping[str, tuple[type[RuleViolation], str]]] = {
    "engage_agency_slug_key": (SlugTaken, "slug"),
    "community_name_once": (NameTaken, "name"),
    "community_shares_at_most_100": (SharesOver100, "population_share"),
    "community_share_0_to_100": (Invalid, "population_share"),
    "pledge_signed_once_while_it_stands": (PledgeStands, "code"),
    "agency_smallest_group_at_least_5": (Invalid, "smallest_group"),
    "agency_largest_party_1_to_20": (Invalid, "largest_party"),
    "agency_retention_1_to_730_days": (Invalid, "retention_days"),
    "agency_offer_times_in_order": (Invalid, "offer_least_minutes"),
}


def create_agency(
    *, slug: str, name: str, now: dt.datetime, actor: Person | None = None, **fields: Any
) -> Agency:
    """Take an agency in. fields: any column of Agency that is a setting or a fact about it.

    Raises SlugTaken, or Invalid with each field in trouble.
    """
    agency = Agency(slug=slug, name=name, created_at=now, **_known(fields, _SETTABLE))
    _check(agency)
    with _translated(), transaction.atomic():
        agency.save(force_insert=True)
        record("agency.taken_in", agency, agency=agency, actor=actor, at=now)
    return agency


def change_settings(
    agency: Agency, *, actor: Person | None, fields: Mapping[str, Any], now: dt.datetime | None = None
) -> Agency:
    """Change what an administrator may change. Raises Invalid with each field in trouble."""
    given = _known(fields, _SETTABLE)
    with _translated(), transaction.atomic():
        held = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        days, asked_for_factor = held.retention_days, held.mfa_required
        for name, value in given.items():
            setattr(held, name, value)
        _check(held)
        held.edit_version += 1
        held.save(update_fields=[*given, "edit_version"])
        if held.retention_days < days:
            for hook in when_retention_shortens:
                hook(held)
        if held.mfa_required and not asked_for_factor:
            end_for_who_lacks_a_factor(held, actor=actor, now=now or timezone.now())
        record("agency.changed", held, agency=held, actor=actor, data={"fields": sorted(given)}, at=now)
    for name in (*given, "edit_version"):
        setattr(agency, name, getattr(held, name))
    return agency


def sign_pledge(agency: Agency, *, actor: Person, code: str, text: str, now: dt.datetime) -> Pledge:
    """An administrator promises something about the agency's own conduct, with name and date.

    Raises Forbidden for who is no administrator there, PledgeStands while the same one is signed.
    """
    if not Role.objects.filter(person=actor, agency=agency, kind=Role.Kind.ADMIN, until=None).exists():
        raise Forbidden
    today = local_day(agency.timezone, now)
    with _translated(), transaction.atomic():
        pledge = Pledge.objects.create(agency=agency, code=code, text=text, signed_by=actor, signed_on=today)
        record("pledge.signed", pledge, actor=actor, public=True, data={"code": code}, at=now)
    return pledge


@transaction.atomic
def withdraw_pledge(pledge: Pledge, *, actor: Person, now: dt.datetime) -> None:
    """The promise no longer stands, and the public can see since when. Raises WrongState."""
    today = local_day(pledge.agency.timezone, now)
    if not Pledge.objects.filter(pk=pledge.pk, withdrawn_on=None).update(withdrawn_on=today):
        raise WrongState
    pledge.withdrawn_on = today
    record("pledge.withdrawn", pledge, actor=actor, public=True, data={"code": pledge.code}, at=now)


def add_community(agency: Agency, *, actor: Person | None, now: dt.datetime, **fields: Any) -> Community:
    """A part of the public that the agency serves. Raises NameTaken, SharesOver100, Invalid."""
    community = Community(agency=agency, **_known(fields, _OF_COMMUNITY))
    _check(community)
    with _translated(), transaction.atomic():
        community.save(force_insert=True)
        record("community.added", community, actor=actor, at=now)
    return community


def edit_community(
    community: Community, *, actor: Person | None, now: dt.datetime, fields: Mapping[str, Any]
) -> Community:
    """Change it. Raises NameTaken, SharesOver100, Invalid."""
    given = _known(fields, _OF_COMMUNITY)
    before = {name: getattr(community, name) for name in given}
    for name, value in given.items():
        setattr(community, name, value)
    try:
        _check(community)
        with _translated(), transaction.atomic():
            community.save(update_fields=list(given))
            record("community.edited", community, actor=actor, data={"fields": sorted(given)}, at=now)
    except RuleViolation:
        for name, value in before.items():
            setattr(community, name, value)
        raise
    return community


def remove_community(community: Community, *, actor: Person | None, now: dt.datetime) -> None:
    """Take it off the list. Raises CommunityInUse where anything names it: its figures would change unseen."""
    with transaction.atomic():
        for relation in community._meta.get_fields():
            if isinstance(relation, models.ManyToManyRel):
                through: Any = relation.through
                if through._base_manager.filter(community_id=community.pk).exists():
                    raise CommunityInUse
        record("community.removed", community, actor=actor, at=now)
        try:
            community.delete()
        except ProtectedError:
            raise CommunityInUse from None


def _known(fields: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    if strange := sorted(set(fields) - allowed):
        raise TypeError(f"not fields that can be set: {', '.join(strange)}")
    return dict(fields)


def _check(thing: Agency | Community) -> None:
    """Raises Invalid with each field that does not fit."""
    errors = []
    try:
        thing.clean_fields()
    except ValidationError as wrong:
        errors = [
            FieldError(name, "invalid", str(text))
            for name, texts in wrong.message_dict.items()
            for text in texts
        ]
    if isinstance(thing, Agency):
        if not is_zone(thing.timezone):
            errors.append(FieldError("timezone", "invalid", str(_("Name a time zone like America/Chicago."))))
        errors += agency_appearance.errors_in(thing)
    if errors:
        raise Invalid(errors=errors)


@contextmanager
def _translated() -> Iterator[None]:
    """What a constraint refuses is a refusal by rule. Its complaint stays here: it holds the row."""
    try:
        yield
    except IntegrityError as error:
        constraint = constraint_of(error)
        if constraint in _BY_CONSTRAINT:
            violation, field = _BY_CONSTRAINT[constraint]
            raise violation(field=field) from None
        raise
