"""The agency's closed days: put on the list, changed, and taken off it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record, record_all
from engage.agencies.models import Agency, Closure
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, Taken, must_be_valid, only, refusals_of

# Of one span that is put on the list at once.
MOST_DAYS: Final = 31
_EDITABLE: Final = frozenset({"on", "name"})


class ClosedAlready(Taken):
    code = "closed_already"
    sentence = _("That day is on the list already.")


_BY_CONSTRAINT: Final[Mapping[str, tuple[type[RuleViolation], str]]] = {
    "closure_once_a_day": (ClosedAlready, "on"),
}


def close_on(
    agency: Agency,
    *,
    on: dt.date,
    name: str,
    actor: Person | None,
    now: dt.datetime,
    until: dt.date | None = None,
) -> list[Closure]:
    """Every day from ``on`` to ``until``, 31 at most. Raises Invalid, ClosedAlready where one of them is on the list."""
    days = ((until or on) - on).days + 1
    if not 1 <= days <= MOST_DAYS:
        sentence = _("Give a last day that is not before the first, and at most 31 days at once.")
        raise Invalid(errors=[FieldError("until", "invalid", str(sentence))])
    made = [
        Closure(agency=agency, on=on + dt.timedelta(days=number), name=name.strip()) for number in range(days)
    ]
    must_be_valid(made[0])
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        Closure.objects.bulk_create(made)
        record_all("closure.added", made, actor=actor, at=now)
    return made


def edit_closure(
    closure: Closure, *, actor: Person | None, now: dt.datetime, fields: Mapping[str, Any]
) -> Closure:
    """Another day or another name. Raises Invalid, ClosedAlready."""
    given = only(fields, _EDITABLE)
    changed = Closure(pk=closure.pk, agency_id=closure.agency_id, on=closure.on, name=closure.name)
    for name, value in given.items():
        setattr(changed, name, value)
    must_be_valid(changed)
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        changed.save(force_update=True)
        record("closure.edited", changed, actor=actor, data={"fields": sorted(given)}, at=now)
    return changed


@transaction.atomic
def open_again(closure: Closure, *, actor: Person | None, now: dt.datetime) -> None:
    """The day is a working day again, unless it is a holiday or a weekend."""
    record("closure.removed", closure, actor=actor, at=now)
    closure.delete()
