"""Promises of somebody who leaves: to whom they go. Everyone can read that another person answers, and nobody is mailed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from engage.activity.recording import record_all
from engage.agencies.languages import spoken
from engage.agencies.models import Agency
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.standing import OWED
from engage.people.models import Person
from engage.roles.answering import has_a_role_at, names
from engage.roles.handing_over import Kind


def _theirs(agency: Agency, person: Person) -> QuerySet[Commitment]:
    return Commitment.objects.filter(Q(draft=True) | OWED, names(person.pk), agency=agency)


def _said(number: int) -> str:
    words = ngettext(
        "%(number)d promise that they answer for by name",
        "%(number)d promises that they answer for by name",
        number,
    )
    return words % {"number": number}


def _may_take(agency: Agency) -> QuerySet[Person]:
    return Person.objects.filter(has_a_role_at(agency.pk))


def _give(agency: Agency, person: Person, to: Person, actor: Person | None, now: dt.datetime) -> int:
    """Four statements, however many there are. When each was last heard of stays: nobody has said how it goes."""
    held = list(_theirs(agency, person).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    with override(spoken("", agency)):
        # Everyone reads it, so it is in the agency's own language.
        reason = _("Another person at the office answers for it from now on.")
    lines = [
        CommitmentUpdate(
            agency=agency, commitment=one, number=one.updates_count + 1, owner_from=person, owner_to=to,
            reason=reason, actor=actor, at=now,
        )
        for one in held
        if not one.draft
    ]  # fmt: skip
    CommitmentUpdate.objects.bulk_create(lines)
    ids = [one.pk for one in held]
    Commitment.objects.filter(pk__in=ids).update(owner=to, edit_version=F("edit_version") + 1)
    Commitment.objects.filter(pk__in=ids, draft=False).update(updates_count=F("updates_count") + 1)
    record_all("commitment.handed_over", held, actor=actor, data={"to": str(to.pk)}, at=now)
    return len(held)


OF_COMMITMENTS: Final = Kind(
    code="commitments",
    pointer="engage.Commitment owner",
    theirs=_theirs,
    said=_said,
    may_take=_may_take,
    give=_give,
)
