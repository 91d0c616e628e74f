"""Who works at an agency now: whoever holds a role there that has not ended."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.refusals import FieldError, Invalid
from engage.roles.answering import has_a_role_at
from engage.roles.models import Role


def colleague(agency_id: UUID, person: Person | UUID | None, *, field: str = "owner") -> Person | None:
    """The person named, who must hold a role in the agency. Raises Invalid."""
    if person is None:
        return None
    pk = person.pk if isinstance(person, Person) else person
    role = Role.objects.standing().filter(agency_id=agency_id, person_id=pk).select_related("person").first()
    if role is None:
        raise Invalid(errors=[FieldError(field, "unknown", _("Nobody of this agency."))])
    return role.person


def colleagues_of(agency: Agency) -> list[Person]:
    """Whoever may answer for a promise: who holds a role there now, by name, each once."""
    return list(Person.objects.filter(has_a_role_at(agency.pk)).order_by("name", "pk"))
