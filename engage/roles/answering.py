"""Who answers for something: whoever was named, while they have a role there. An owner who left is nobody.

One rule, read in three ways: as a filter (``is_nobodys``, ``is_of``), as a column (``with_owner``), and for a row at hand
(``Owned.owner_now``). Nobody else compares an owner with None, or asks by themselves whether somebody still works there.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, UUIDField, When

from engage.people.models import Person
from engage.roles.models import Role

_LEFT: Final = "owner_who_left"


class Owned(models.Model):
    """A row with an ``agency`` and an ``owner``. Its pointer stays when the owner leaves; that somebody answers ends."""

    class Meta:
        abstract = True

    agency_id: UUID
    owner: Person | None
    owner_id: UUID | None

    @property
    def owner_now_id(self) -> UUID | None:
        """Whoever answers for it now; None for nobody. One query where ``with_owner`` has not read it."""
        if self.owner_id is None:
            return None
        if _LEFT not in self.__dict__:
            stands = works_at(self.agency_id, self.owner_id)
            self.__dict__[_LEFT] = None if stands else self.owner_id
        # An owner named since the row was read was looked at by the act that named them.
        return None if self.__dict__[_LEFT] == self.owner_id else self.owner_id

    @property
    def owner_now(self) -> Person | None:
        return self.owner if self.owner_now_id else None


def works_at(agency_id: UUID, person_id: UUID) -> bool:
    """Whether somebody has a role there now and can sign in."""
    return Role.objects.standing().filter(agency=agency_id, person=person_id).exists()


def has_a_role(person: str, agency: str = "agency") -> Exists:
    """A condition on rows with a person and an agency at these paths: they have a role there now."""
    roles = Role.objects.standing()
    return Exists(roles.filter(person=OuterRef(f"{person}_id"), agency=OuterRef(f"{agency}_id")))


def has_a_role_at(agency_id: UUID) -> Q:
    """A filter over people: they have a role at that agency now."""
    return Q(pk__in=Role.objects.standing().filter(agency=agency_id).values("person"))


def is_nobodys(person: str = "owner") -> Q:
    """A filter: nobody was named, or whoever was has left."""
    return ~Q(has_a_role(person))


def has_left(person: str = "owner") -> Q:
    """A filter: somebody was named, and has no role there any more."""
    return Q(**{f"{person}__isnull": False}) & is_nobodys(person)


def is_of(person_id: UUID, person: str = "owner") -> Q:
    """A filter: this person answers for it, and still works there."""
    return Q(**{f"{person}_id": person_id}) & Q(has_a_role(person))


def names(person_id: UUID, person: str = "owner") -> Q:
    """A filter: this person was named, whether they still work there or not; for whoever hands their things over."""
    return Q(**{f"{person}_id": person_id})


def with_owner[Row: Owned](rows: QuerySet[Row]) -> QuerySet[Row]:
    """Each row with its owner, and whether they still answer for it, in the same statement."""
    return rows.select_related("owner").annotate(**owner_read())


def owner_read() -> dict[str, Any]:
    """What ``with_owner`` asks beside each row, for statements that are put together otherwise."""
    return {_LEFT: Case(When(has_left(), then=F("owner_id")), output_field=UUIDField(null=True))}
