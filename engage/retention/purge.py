"""Forgetting: what holds something about a resident goes when its day has come; counts stay."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from engage.activity.forgetting import forget_acts_about
from engage.contacts.keeping import before_contacts_go
from engage.contacts.models import BlockedAddress, Contact
from engage.database.erasable import Erasable
from engage.kept_answers.keeping import forget_expired
from engage.listening.models import Contribution, EndorsementMark
from engage.people.sessions import forget_ended_sessions
from engage.restoring.erasure_list import write_down_erased
from engage.retention.models import Destruction

BATCH: Final = 500
MARKS_KEPT: Final = dt.timedelta(days=30)
# Well under the soft time limit of the worker's tasks, 540 s.
_A_RUN: Final = 420.0  # seconds
_Counts = dict[UUID | None, Counter[str]]


def purge(*, now: dt.datetime) -> dict[str, int]:
    """Delete every personal row whose ``erase_after`` has passed, in small transactions; the counts by table.

    Freeze the totals of ended events before: they are counted from these rows. Messages go with their contact, after
    upper layers have counted them (``before_contacts_go``). What a batch destroys is written down in its transaction, so
    that this may be killed anywhere; it ends by itself when it has taken long, and the next run goes on.
    """
    began = time.monotonic()
    total: Counter[str] = Counter()
    for model in erasable_models():
        while time.monotonic() - began < _A_RUN and (gone := _purge_batch(model, now=now)):
            total.update(gone)
    total["answers"] = forget_expired(now=now)
    total["sign_in_sessions"] = forget_ended_sessions(now=now)
    total["endorsement_marks"] = EndorsementMark.objects.filter(day__lte=(now - MARKS_KEPT).date()).delete()[
        0
    ]
    total["blocked_addresses"] = BlockedAddress.objects.filter(until__lte=now.date()).delete()[0]
    return {name: count for name, count in total.items() if count}


@transaction.atomic
def erase_contacts(
    contact_ids: Iterable[UUID], *, now: dt.datetime, cause: str = "erasure", is_listed: bool = False
) -> int:
    """Delete these addresses and every message to them, now. How many there were.

    What names a contact loses it: an RSVP that stays, a contribution, a subscription. is_listed: they stand on the list
    outside the database already (``engage.restoring.erasure_list``). Raises ListIsAway.
    """
    gone: _Counts = defaultdict(Counter)
    contacts = Contact.objects.select_for_update().filter(pk__in=list(contact_ids)).order_by("pk")
    found = list(contacts.values_list("pk", "agency_id"))
    if not is_listed:
        write_down_erased("engage_contact", [pk for pk, _ in found], now=now)
    _delete(Contact, found, gone, now=now)
    _write_down(gone, cause=cause, now=now)
    return len(found)


def erasable_models() -> list[type[models.Model]]:
    """Every personal table, upper layers included: what points at others before what is pointed at."""
    found = [model for model in apps.get_models() if issubclass(model, Erasable)]
    ordered: list[type[models.Model]] = []
    while found:
        free = [
            model for model in found if not any(_points_at(other, model) for other in found if other != model)
        ]
        ordered += free
        found = [model for model in found if model not in free]
    return ordered


def _points_at(one: type[models.Model], other: type[models.Model]) -> bool:
    return any(field.related_model is other for field in one._meta.concrete_fields if field.is_relation)


@transaction.atomic
def _purge_batch(model: type[models.Model], *, now: dt.datetime) -> Counter[str]:
    # Somebody who is just changing a row keeps it until the next run.
    due: Any = (
        model._base_manager.select_for_update(skip_locked=True)
        .filter(erase_after__lte=now)
        .order_by("pk")
        .values_list("pk", "agency_id")[:BATCH]
    )
    gone: _Counts = defaultdict(Counter)
    _delete(model, list(due), gone, now=now)
    _write_down(gone, cause="purge", now=now)
    total: Counter[str] = Counter()
    for counts in gone.values():
        total.update(counts)
    return total


def _delete(
    model: type[models.Model], rows: list[tuple[UUID, UUID]], gone: _Counts, *, now: dt.datetime
) -> None:
    ids = [pk for pk, _ in rows]
    if not ids:
        return
    if model is Contact:
        for hook in before_contacts_go:
            hook(ids, now)
        forget_acts_about(Contribution.objects.filter(contact__in=ids).values_list("pk", flat=True))
    forget_acts_about(ids)
    model._base_manager.filter(pk__in=ids).delete()
    for _, agency_id in rows:
        gone[agency_id][model._meta.model_name or ""] += 1


def _write_down(gone: _Counts, *, cause: str, now: dt.datetime) -> None:
    Destruction.objects.bulk_create(
        Destruction(agency_id=agency_id, on=now.date(), cause=cause, counts=dict(counts))
        for agency_id, counts in gone.items()
    )
