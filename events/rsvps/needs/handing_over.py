"""Needs that somebody who leaves was arranging: to whom they go."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import F, QuerySet
from django.utils.translation import ngettext

from engage.activity.recording import record_all
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.roles.answering import names
from engage.roles.handing_over import Kind
from events.event.models import OPEN
from events.rsvps.needs.models import AccessRequest, NeedStatus
from events.rsvps.needs.reading import may_arrange

# What is arranged has to be there on the day, too: somebody has to see to it.
_TO_SEE_TO: Final = (NeedStatus.ASKED, NeedStatus.ARRANGING, NeedStatus.ARRANGED)


def _theirs(agency: Agency, person: Person) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(
        names(person.pk), agency=agency, status__in=_TO_SEE_TO, event__status__in=OPEN
    )


def _said(number: int) -> str:
    words = ngettext(
        "%(number)d need that they arrange for people",
        "%(number)d needs that they arrange for people",
        number,
    )
    return words % {"number": number}


def _give(agency: Agency, person: Person, to: Person, actor: Person | None, now: dt.datetime) -> int:
    """Three statements. What residents wrote is shown to whoever arranges it now, and each look is on the record."""
    held = list(_theirs(agency, person).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    rows = AccessRequest.objects.filter(pk__in=[one.pk for one in held])
    rows.update(owner=to, edit_version=F("edit_version") + 1)
    record_all("access.handed_over", held, actor=actor, data={"to": str(to.pk)}, at=now)
    return len(held)


OF_NEEDS: Final = Kind(
    code="needs",
    pointer="events.AccessRequest owner",
    theirs=_theirs,
    said=_said,
    may_take=may_arrange,
    give=_give,
)
