"""What an agency has pledged about its own conduct, and what it took back: both are public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency, Pledge
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import Forbidden, Taken, WrongState, refusals_of

DATE_MOVES_ONCE: Final = "date_moves_once"
# What is refused while it is signed. Every other pledge is the agency's word: the software cannot see whether it is kept.
ENFORCED: Final = frozenset({DATE_MOVES_ONCE})


class PledgeStands(Taken):
    code = "pledge_stands"
    sentence = _("This pledge is signed already. Withdraw it first.")


_BY_CONSTRAINT: Final = {"pledge_signed_once_while_it_stands": (PledgeStands, "code")}


@dataclass(frozen=True, slots=True)
class Pledges:
    """withdrawn: the latest first; one that was signed again stands among both."""

    standing: Sequence[Pledge]
    withdrawn: Sequence[Pledge]

    @property
    def enforced(self) -> list[Pledge]:
        """Of those that stand: the software refuses what would break them."""
        return [each for each in self.standing if each.code in ENFORCED]

    @property
    def given_word(self) -> list[Pledge]:
        """Of those that stand: the agency's word, and no more."""
        return [each for each in self.standing if each.code not in ENFORCED]


def pledges_of(agency: Agency) -> Pledges:
    """One query."""
    found = list(Pledge.objects.filter(agency=agency).order_by("signed_on", "pk"))
    return Pledges(
        standing=[each for each in found if each.withdrawn_on is None],
        withdrawn=[each for each in reversed(found) if each.withdrawn_on is not None],
    )


def sign_pledge(agency: Agency, *, actor: Person, code: str, text: str, now: dt.datetime) -> Pledge:
    """An administrator promises something about the agency's own conduct, with name and date.

    Raises Forbidden for who is no administrator there, PledgeStands while the same one is signed.
    """
    if not agency.roles.standing().filter(person=actor, kind="admin").exists():
        raise Forbidden
    today = local_day(agency.timezone, now)
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        pledge = Pledge.objects.create(agency=agency, code=code, text=text, signed_by=actor, signed_on=today)
        record("pledge.signed", pledge, actor=actor, public=True, data={"code": code}, at=now)
    return pledge


@transaction.atomic
def withdraw_pledge(pledge: Pledge, *, actor: Person, now: dt.datetime) -> None:
    """The promise no longer stands, and the public can see since when. Raises WrongState."""
    today = local_day(pledge.agency.timezone, now)
    if not Pledge.objects.filter(pk=pledge.pk, withdrawn_on=None).update(withdrawn_on=today):
        raise WrongState
    pledge.withdrawn_on = today
    record("pledge.withdrawn", pledge, actor=actor, public=True, data={"code": pledge.code}, at=now)
