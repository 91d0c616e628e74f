"""The communities that an agency serves: added, changed, and taken off the list while nothing names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency, Community
from engage.database.locking import lock
from engage.database.what_stood import must_stand
from engage.people.models import Person
from engage.refusals import Invalid, Refusal, RuleViolation, Taken, must_be_valid, only, refusals_of

_SETTABLE: Final = frozenset({"name", "kind", "population_share", "seldom_heard", "last_heard_at"})


class NameTaken(Taken):
    code = "name_taken"
    sentence = _("There is a community of this kind and name already.")


class SharesOver100(RuleViolation):
    code = "shares_over_100"
    refusal = Refusal.INVALID
    sentence = _("The shares of one kind of community come to more than 100 percent.")


class CommunityInUse(RuleViolation):
    code = "in_use"
    sentence = _("Promises, dialogues or meetings name this community, so it stays.")


_BY_CONSTRAINT: Final[Mapping[str, tuple[type[RuleViolation], str]]] = {
    "community_name_once": (NameTaken, "name"),
    "community_shares_at_most_100": (SharesOver100, "population_share"),
    "community_share_0_to_100": (Invalid, "population_share"),
}


def add_community(agency: Agency, *, actor: Person | None, now: dt.datetime, **fields: Any) -> Community:
    """A part of the public that the agency serves. Raises NameTaken, SharesOver100, Invalid."""
    community = Community(agency=agency, **only(fields, _SETTABLE))
    must_be_valid(community)
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        community.save(force_insert=True)
        record("community.added", community, actor=actor, at=now)
    return community


def edit_community(
    community: Community,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_stood: str = "",
) -> Community:
    """Change it. if_stood: the mark of what was looked at (``what_stood``). Raises NameTaken, SharesOver100, Invalid, StaleEdit."""
    given = only(fields, _SETTABLE)
    before = {name: getattr(community, name) for name in given}
    for name, value in given.items():
        setattr(community, name, value)
    try:
        must_be_valid(community)
        with refusals_of(_BY_CONSTRAINT), transaction.atomic():
            must_stand(lock(Community, community), given, if_stood)
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
