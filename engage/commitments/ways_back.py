"""A slip taken back: an ending that was none, and a draft that nobody outside has seen."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from engage.activity.recording import record
from engage.commitments.models import ENDED, Commitment, CommitmentUpdate
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import WrongState

# So long the letter of an ending waits: taken back within it, the pair is told to nobody.
ENDING_WAITS: Final = dt.timedelta(seconds=60)


def waits_until(line: CommitmentUpdate) -> dt.datetime | None:
    """The instant before which nobody is told of this line; None where it need not wait."""
    return line.at + ENDING_WAITS if line.status_to in ENDED else None


def is_of_a_pair_taken_back(line: CommitmentUpdate) -> bool:
    """Whether this line ended the promise and was taken back at once, or is the one that took it back."""
    turns = CommitmentUpdate.objects.filter(commitment=line.commitment_id).exclude(status_to="")
    if line.status_to in ENDED:
        after = turns.filter(number__gt=line.number).order_by("number").first()
        return after is not None and _took_back(after, line)
    if line.status_from in ENDED:
        before = turns.filter(number__lt=line.number).order_by("-number").first()
        return before is not None and _took_back(line, before)
    return False


def _took_back(line: CommitmentUpdate, ending: CommitmentUpdate) -> bool:
    return line.status_from == ending.status_to and line.at - ending.at < ENDING_WAITS


@transaction.atomic
def delete_draft(commitment: Commitment, *, actor: Person | None, now: dt.datetime) -> None:
    """Nobody outside has seen it, and it had no number. Raises WrongState for a promise that is public."""
    held = lock(Commitment, commitment)
    if not held.draft:
        raise WrongState
    record("commitment.draft_deleted", held, actor=actor, at=now)
    held.delete()
