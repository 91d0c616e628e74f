"""Reading what is under a resident's seal: on the record with the reader's name, for a purpose of a list, so much an hour.

Whatever shows a name, an address or the words beside a need to somebody of the staff goes through ``record_read`` first:
one budget for pages, lists, doors and programs. Beyond it a second person has to say yes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.readings.models import ContactRead, ReadingRequest, ReadPurpose
from engage.refusals import FieldError, Invalid, RuleViolation

READINGS_AN_HOUR: Final = 20
HOUR: Final = dt.timedelta(hours=1)
# What somebody can choose; a door is opened by its own button.
TO_CHOOSE: Final = tuple(one for one in ReadPurpose if one is not ReadPurpose.DOOR)


class SecondPersonNeeded(RuleViolation):
    """So many were read in an hour. ``extra``: retry_after, in seconds, until one more may be read without a yes."""

    code = "second_person_needed"
    sentence = gettext_lazy(
        "You have read as many names and addresses in this hour as one person may. Ask a second person to say yes."
    )


def record_read(
    reader: Person,
    *,
    agency: Agency,
    what: str,
    purpose: str,
    now: dt.datetime,
    event_id: UUID | None = None,
    rsvp_id: UUID | None = None,
    contact_ids: Iterable[UUID] = (),
    shown: int = 1,
) -> ContactRead:
    """Write down who is shown which contact or list, and for what, before it is shown. In the caller's transaction.

    what: a ContactRead.What; purpose: a ReadPurpose; shown: how many places. The resident's page shows it. Raises Invalid
    for a purpose that is not on the list, SecondPersonNeeded.
    """
    if purpose not in ReadPurpose.values:
        raise Invalid(errors=[not_on_the_list()])
    with transaction.atomic():
        # Two requests of one person at once must not both be the twentieth.
        Person.objects.select_for_update(no_key=True).get(pk=reader.pk)
        grants = _must_have_some_left(reader, agency, now)
        return ContactRead.objects.create(
            agency=agency,
            reader=reader,
            what=what,
            purpose=purpose,
            event_id=event_id,
            rsvp_id=rsvp_id,
            contact_ids=list(contact_ids),
            shown=shown,
            granted_alone=any(grant.granted_by_id == reader.pk for grant in grants),
            at=now,
        )


def rsvps_read(reader: Person, *, what: str, rsvp_ids: Iterable[UUID]) -> set[UUID]:
    """Of which of these places it is on the record already that this person reads them. One query."""
    known = ContactRead.objects.filter(reader=reader, what=what, rsvp_id__in=list(rsvp_ids))
    return {pk for pk in known.values_list("rsvp_id", flat=True) if pk is not None}


def purpose_in_words(purpose: str) -> str:
    """In the language spoken now; a sentence from before the list as it was typed."""
    return str(ReadPurpose(purpose).label) if purpose in ReadPurpose.values else purpose


def _must_have_some_left(reader: Person, agency: Agency, now: dt.datetime) -> list[ReadingRequest]:
    """Those yeses that count in this hour. Raises SecondPersonNeeded."""
    since = now - HOUR
    lately = list(
        ContactRead.objects.filter(reader=reader, agency=agency, at__gt=since)
        .order_by("at")
        .values_list("at", flat=True)
    )
    if len(lately) < READINGS_AN_HOUR:
        return []
    yes = ReadingRequest.objects.filter(reader=reader, agency=agency, granted_at__gt=since, flood="")
    grants = list(yes)
    most = READINGS_AN_HOUR * (1 + len(grants))
    if len(lately) >= most:
        wait: Any = lately[len(lately) - most] + HOUR - now
        raise SecondPersonNeeded(retry_after=max(int(wait.total_seconds()) + 1, 1))
    return grants


def not_on_the_list() -> FieldError:
    """What is wrong with a purpose that nobody may choose."""
    codes = ", ".join(one.value for one in TO_CHOOSE)
    return FieldError("purpose", "invalid_choice", _("Choose one of: %(codes)s.") % {"codes": codes})
