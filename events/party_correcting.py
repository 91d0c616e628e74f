"""More or fewer came than had said so: the number of an arrival is set right."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from engage.rule_violation import FieldError, Invalid, Unknown
from events.checking_in import LARGEST_PARTY
from events.door_times import must_take_arrivals
from events.models import CheckIn, Event


def correct_party(event: Event, client_id: str, *, party: int, now: dt.datetime) -> CheckIn:
    """Set how many people an arrival was, 1 to 50; again changes nothing. Raises WrongState, Invalid, Unknown."""
    must_take_arrivals(event, now)
    if not 1 <= party <= LARGEST_PARTY:
        raise Invalid(errors=[FieldError("party", "out_of_range", str(_("1 to 50 people.")))])
    standing = CheckIn.objects.filter(event=event, client_id=client_id, undone_at=None)
    if not standing.update(party=party):
        raise Unknown
    return standing.get()
