"""Writing the record: one line per act, in the transaction of the change it tells of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from engage.activity.models import Activity
from engage.database.ids import uuid7, uuid7_of_this_second

# What cannot wait for the sweep is hinted after commit. Outreach fills this when the app starts.
_hint: Callable[[], None] | None = None
_born_announced: ContextVar[bool] = ContextVar("born_announced", default=False)


@contextmanager
def all_born_announced() -> Iterator[None]:
    """Whatever act is recorded within mails nobody, though the act itself knows nothing of it: for made-up people."""
    before = _born_announced.set(True)
    try:
        yield
    finally:
        _born_announced.reset(before)


def hint_with(ring: Callable[[], None] | None) -> None:
    """Set the one hook that is called after an activity has been committed; it must neither block nor raise."""
    global _hint
    _hint = ring


def ring() -> None:
    """After the commit of the current transaction, say "look now" to whoever announces."""
    if _hint is not None and not _born_announced.get():
        transaction.on_commit(_hint, robust=True)


def record(
    verb: str,
    thing: models.Model,
    *,
    actor: AbstractBaseUser | None = None,
    agency_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    public: bool = False,
    born_announced: bool = False,
    to_the_second: bool = False,
    at: Any = None,
) -> Activity:
    """Write one ``Activity`` about ``thing`` and ring the doorbell after commit.

    verb: ``<object type>.<what happened>``, e.g. ``event.published``. data: ids, states, dates and where an event was to
    be, never a person's address or name, or a text that a resident typed. born_announced: for imported and made-up rows,
    which mail nobody. to_the_second: its id tells no more than the second. Must run inside the transaction of the change.
    """
    return record_by_id(
        verb,
        object_type=thing._meta.model_name or "",
        object_id=thing.pk,
        agency_id=agency_id or getattr(thing, "agency_id", None),
        actor=actor,
        data=data,
        public=public,
        born_announced=born_announced,
        to_the_second=to_the_second,
        at=at,
    )


def record_all(
    verb: str,
    things: Sequence[models.Model],
    *,
    actor: AbstractBaseUser | None = None,
    data: Mapping[str, Any] | None = None,
    at: Any = None,
) -> None:
    """One line for each of ``things``, of one kind, in their order, by one statement: a raised capacity seats hundreds."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An activity is written in the transaction of the change it tells of.")
    lines = [
        Activity(
            verb=verb,
            object_type=thing._meta.model_name or "",
            object_id=thing.pk,
            agency_id=getattr(thing, "agency_id", None),
            actor_id=actor.pk if actor else None,
            data=dict(data or {}),
        )
        for thing in things
    ]
    for line in lines:
        line.at = at or line.at
        line.announced_at = line.at if _born_announced.get() else None
    if lines:
        Activity.objects.bulk_create(lines, batch_size=2000)
        ring()


def record_by_id(
    verb: str,
    *,
    object_type: str,
    object_id: UUID,
    agency_id: UUID | None,
    actor: AbstractBaseUser | None = None,
    data: Mapping[str, Any] | None = None,
    public: bool = False,
    born_announced: bool = False,
    to_the_second: bool = False,
    at: Any = None,
) -> Activity:
    """As ``record``, for a thing of which only the id is at hand."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An activity is written in the transaction of the change it tells of.")
    activity = Activity(
        id=uuid7_of_this_second() if to_the_second else uuid7(),
        agency_id=agency_id,
        verb=verb,
        object_type=object_type,
        object_id=object_id,
        actor_id=actor.pk if actor else None,
        data=dict(data or {}),
        public=public,
    )
    if at is not None:
        activity.at = at
    if born_announced or _born_announced.get():
        activity.announced_at = activity.at
    activity.save(force_insert=True)
    if not born_announced:
        ring()
    return activity
