"""What somebody who leaves was to do, and to whom it goes: asked when a last role at an agency ends.

Each kind of thing that can be somebody's is said by the subject that keeps it, and stands in ``KINDS`` from the start on.
Whatever is given to nobody stays as it is, and counts as nobody's (engage.roles.answering): who comes back finds it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.confirming import Consequence, Question
from engage.people.models import Person
from engage.refusals import FieldError, Invalid
from engage.roles.models import Role


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that can be somebody's.

    code: stable, the API's. pointer: the model and its field. theirs: what is still to be done of a person's at an agency,
    in no order. said: how many, in the reader's language. may_take: who can be given it. give: hands ``theirs`` to
    somebody who may take it, inside the caller's transaction, and says how many it was.
    """

    code: str
    pointer: str
    theirs: Callable[[Agency, Person], QuerySet[Any]]
    said: Callable[[int], str]
    may_take: Callable[[Agency], QuerySet[Person]]
    give: Callable[[Agency, Person, Person, Person | None, dt.datetime], int]


# Filled when the apps start, each by the app that keeps the thing.
KINDS: Final[list[Kind]] = []


@dataclass(frozen=True, slots=True)
class Owned:
    """So many of a kind."""

    kind: Kind
    number: int


def owned_by(person: Person, agency: Agency) -> list[Owned]:
    """What is theirs at the agency, kinds without any left out. One query a kind."""
    found = [Owned(kind, kind.theirs(agency, person).count()) for kind in KINDS]
    return [one for one in found if one.number]


def would_leave(role: Role) -> list[Owned]:
    """What the end of this role leaves behind: nothing while its holder keeps another one there."""
    others = Role.objects.standing().filter(person=role.person_id, agency=role.agency_id).exclude(pk=role.pk)
    return [] if others.exists() else owned_by(role.person, role.agency)


def of_leaving(role: Role, leaves: Sequence[Owned]) -> Question:
    """What ending the role sets off, for whoever is asked. leaves: from ``would_leave``; nothing follows where it is empty."""
    told = [Consequence(one.kind.code, one.kind.said(one.number), one.number) for one in leaves]
    return Question(f"end role {role.pk}", told)


def hand_over(
    person: Person,
    agency: Agency,
    to: Mapping[str, Person | UUID | None],
    *,
    actor: Person | None,
    now: dt.datetime,
) -> dict[str, int]:
    """Give what is ``person``'s to others, by kind; None, or a kind that is not named: to nobody. How many of each went.

    Inside the caller's transaction. Raises Invalid for a kind that is not there and for somebody who cannot take it.
    """
    takers = _takers(person, agency, to)
    given = {
        kind.code: kind.give(agency, person, takers[kind.code], actor, now)
        for kind in KINDS
        if kind.code in takers
    }
    return {code: number for code, number in given.items() if number}


def _takers(person: Person, agency: Agency, to: Mapping[str, Person | UUID | None]) -> dict[str, Person]:
    kinds = {kind.code: kind for kind in KINDS}
    wrong, found = [], {}
    for code, named in to.items():
        pk = named.pk if isinstance(named, Person) else named
        if code not in kinds:
            wrong.append(FieldError(f"hand_over.{code}", "unknown", str(_("There is no such thing here."))))
        elif pk is not None:
            taker = kinds[code].may_take(agency).filter(pk=pk).exclude(pk=person.pk).first()
            if taker is None:
                sentence = _("Choose somebody of your agency who can take it.")
                wrong.append(FieldError(f"hand_over.{code}", "not_staff", str(sentence)))
            else:
                found[code] = taker
    if wrong:
        raise Invalid(errors=wrong)
    return found


def choices_for(kind: Kind, agency: Agency, leaver: Person) -> Sequence[Person]:
    """Who can be given what somebody leaves, by name. One query."""
    return list(kind.may_take(agency).exclude(pk=leaver.pk).order_by("name", "email"))
