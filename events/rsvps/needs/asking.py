"""Asking for what somebody needs to take part: an interpreter, a wheelchair space, childcare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.forgetting import forget_acts_about
from engage.database.ids import uuid7_of_this_second
from engage.refusals import FieldError
from engage.sealing.seals import seal, unseal
from events.event.models import Event
from events.rsvps.models import Rsvp
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus

MOST_NEEDS: Final = 10
LONGEST_DETAIL: Final = 1000
_TABLE: Final = "events_accessrequest"
NEEDS_KEPT_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Need:
    """One thing asked for. kind: an ``NeedKind``; language: of an interpreter; detail: in the resident's words.

    detail None: what was said before stays, unread by whoever changes the rest.
    """

    kind: str
    language: str = ""
    detail: str | None = ""


def check_needs(needs: Sequence[Need]) -> list[FieldError]:
    """What is wrong with ``needs``, each by its path in ``access_requests``."""
    if len(needs) > MOST_NEEDS:
        return [FieldError("access_requests", "too_many", str(_("Ask for ten things at most.")))]
    wrong: list[FieldError] = []
    for number, need in enumerate(needs):
        path = f"access_requests/{number}"
        if need.kind not in NeedKind.values:
            wrong.append(FieldError(f"{path}/kind", "invalid_choice", str(_("Choose one of the list."))))
        if need.kind == NeedKind.INTERPRETER and not need.language:
            wrong.append(FieldError(f"{path}/language", "language_required", str(_("Say which language."))))
        if len(need.language) > 16:
            wrong.append(FieldError(f"{path}/language", "max_length", str(_("At most 16 characters."))))
        if len(need.detail or "") > LONGEST_DETAIL:
            wrong.append(FieldError(f"{path}/detail", "max_length", str(_("At most 1,000 characters."))))
    return wrong


def ask(event: Event, rsvp: Rsvp, needs: Sequence[Need], *, now: dt.datetime) -> list[AccessRequest]:
    """Write down what the people of ``rsvp`` need: one statement, in the transaction of the RSVP."""
    # Ids made within one second are in no order; the list keeps the one it was typed in.
    ids = sorted(uuid7_of_this_second() for _need in needs)
    requests = [_request(event, rsvp, pk, need, now) for pk, need in zip(ids, needs, strict=True)]
    return AccessRequest.objects.bulk_create(requests) if requests else []


def ask_anew(event: Event, rsvp: Rsvp, needs: Sequence[Need], *, now: dt.datetime) -> bool:
    """Make ``needs`` the whole list. What stays in it keeps its progress; new words for it put it back to asked.

    Returns whether anything changed.
    """
    standing = list(AccessRequest.objects.filter(rsvp=rsvp).order_by("pk"))
    added: list[Need] = []
    changed = False
    for need in needs:
        same = next((one for one in standing if (one.kind, one.language) == (need.kind, need.language)), None)
        if same is None:
            added.append(need)
            continue
        standing.remove(same)
        if need.detail is not None and detail_of(same) != need.detail:
            same.sealed_detail = _sealed(same, need.detail)
            same.status, same.edit_version = NeedStatus.ASKED.value, same.edit_version + 1
            same.save(update_fields=["sealed_detail", "status", "edit_version"])
            changed = True
    if standing:
        forget_needs(AccessRequest.objects.filter(pk__in=[gone.pk for gone in standing]))
    ask(event, rsvp, added, now=now)
    return bool(changed or added or standing)


def needs_of(rsvp: Rsvp) -> list[AccessRequest]:
    """In the order in which they were asked for."""
    return list(AccessRequest.objects.filter(rsvp=rsvp).order_by("pk"))


def detail_of(request: AccessRequest) -> str:
    """The resident's own words, opened."""
    if request.sealed_detail is None:
        return ""
    return unseal(
        bytes(request.sealed_detail),
        table=_TABLE,
        column="sealed_detail",
        row=request.pk,
        agency=request.agency_id,
    )


def _request(event: Event, rsvp: Rsvp, pk: UUID, need: Need, now: dt.datetime) -> AccessRequest:
    request = AccessRequest(
        id=pk,
        agency_id=event.agency_id,
        event_id=event.pk,
        rsvp_id=rsvp.pk,
        kind=need.kind,
        language=need.language,
        erase_after=needs_erased_after(event.last_end),
        created_at=now.replace(microsecond=0),
    )
    request.sealed_detail = _sealed(request, need.detail)
    return request


def _sealed(request: AccessRequest, detail: str | None) -> bytes | None:
    if not detail:
        return None
    return seal(detail, table=_TABLE, column="sealed_detail", row=request.pk, agency=request.agency_id)


def needs_erased_after(ends_at: dt.datetime) -> dt.datetime:
    """What somebody needs in order to take part says much about them: a week after the end."""
    return ends_at + dt.timedelta(days=NEEDS_KEPT_DAYS)


def forget_needs(needs: QuerySet[AccessRequest]) -> int:
    """Delete them, in the caller's transaction, and what staff did about them from the record. Returns how many."""
    ids = list(needs.values_list("pk", flat=True))
    if ids:
        AccessRequest.objects.filter(pk__in=ids).delete()
        forget_acts_about(ids)
    return len(ids)
