"""Saying something under an address, noting down what was said in the room, and saying "me too"."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.agencies.belonging import with_things_of
from engage.agencies.models import Agency
from engage.contacts.keeping import keep_contact
from engage.contacts.models import Channel, Contact
from engage.listening.models import (
    Contribution,
    ContributionIntake,
    ContributionKind,
    EndorsementMark,
    SaidBy,
    WayIn,
)
from engage.listening.moderating import show
from engage.listening.theming import must_fit
from engage.listening.words import checked_text, sealed_words
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, WrongState

_Target = ContributionIntake.Target


@transaction.atomic
def contribute(
    *,
    agency: Agency,
    target: str,
    target_id: UUID,
    kind: str,
    body: str,
    language: str,
    way_in: str,
    now: dt.datetime,
    contact: Contact | None = None,
    email: str = "",
    phone: str = "",
    erase_after: dt.datetime | None = None,
) -> Contribution:
    """Somebody says something and may be told what comes of it: sealed until a moderator shows it.

    target: ``event``, ``dialogue`` or ``agency``. contact: the RSVP's, if it came with one; else made from email or
    phone. erase_after: for the address and for what is never shown; if not given, the agency's days after the
    event, or from now. For a text without a name there is ``listening.intake.take_in``. Raises Invalid.
    """
    where = _where(agency, target, target_id)
    ends = getattr(where.get("event"), "last_end", now)
    days = getattr(where.get("event"), "days_kept", agency.retention_days)
    gone = erase_after or max(ends, now) + dt.timedelta(days=days)
    text = checked_text(body)
    for channel, address in ((Channel.EMAIL, email), (Channel.SMS, phone)):
        if contact is None and address:
            contact = _reached_by(agency, where, channel, address, language, now=now, erase_after=gone)
    row = uuid4()
    contribution = Contribution.objects.create(
        id=row,
        agency=agency,
        kind=ContributionKind(kind),
        way_in=WayIn(way_in),
        language=language,
        sealed_body=sealed_words(text, row=row, agency_id=agency.pk),
        anonymous=False,
        said_on=local_day(agency.timezone, now),
        contact=contact,
        erase_after=gone,
        **where,
    )
    # No address, no text; and the public part of the record shows no resident's acts.
    record("contribution.made", contribution, data={"target": target, "kind": str(kind)}, at=now)
    return contribution


@transaction.atomic
def note_down(
    *,
    agency: Agency,
    target: str,
    target_id: UUID,
    body: str,
    language: str,
    actor: Person | None,
    now: dt.datetime,
    note_id: UUID | None = None,
    kind: str = ContributionKind.NOTE,
    way_in: str = WayIn.LIVE,
    said_by: str = SaidBy.RESIDENT,
    speaker: str = "",
    table_label: str = "",
    may_quote: bool = False,
    shown: bool = False,
    theme: Any = None,
) -> Contribution:
    """Staff write down what was said in the room; it names nobody unless ``speaker`` does, which only staff see.

    note_id: the form's own (UUID of version 4), so that one sent twice is refused by the key. shown: public at once,
    for notes that are read back to the room. Raises Invalid, also for a resident's name as ``speaker``; ThemeElsewhere,
    IntegrityError for an id that is there.
    """
    must_name_no_resident(said_by, speaker)
    where = _where(agency, target, target_id)
    contribution = Contribution(
        id=note_id or uuid4(), agency=agency, kind=ContributionKind(kind), way_in=WayIn(way_in), language=language,
        body=checked_text(body), anonymous=not speaker.strip(), said_on=local_day(agency.timezone, now),
        said_by=SaidBy(said_by), speaker=speaker.strip(), table_label=table_label.strip(), may_quote=may_quote, **where,
    )  # fmt: skip
    must_fit(theme, contribution)
    contribution.theme = theme
    # No line in the record, for its theme neither: its hour would say who had the word just then.
    contribution.save(force_insert=True)
    if shown:
        show(contribution, actor=actor, now=now)
    return contribution


def must_name_no_resident(said_by: str, speaker: str) -> None:
    """Raises Invalid where a resident has a name: an office or a group may stand beside a note, and nobody else."""
    if said_by == SaidBy.RESIDENT and speaker.strip():
        sentence = _("Leave this empty for a resident: we never write down who said it.")
        raise Invalid(errors=[FieldError("speaker", "names_a_resident", sentence)])


@transaction.atomic
def endorse(contribution: Contribution, *, mark: bytes, now: dt.datetime) -> bool:
    """Once a browser. mark: 32 bytes, SHA-256 of the browser's secret and the contribution's id.

    Whether it was new. Raises WrongState where the contribution is not shown, Invalid.
    """
    if len(mark) != 32:
        raise Invalid(errors=[FieldError("mark", "invalid", _("The mark has 32 bytes."))])
    if contribution.moderation != Contribution.Moderation.SHOWN:
        raise WrongState
    day = local_day(contribution.agency.timezone, now)
    row = EndorsementMark(contribution=contribution, mark=mark, day=day)
    EndorsementMark.objects.bulk_create([row], ignore_conflicts=True)
    if not EndorsementMark.objects.filter(pk=row.pk).exists():
        return False
    Contribution.objects.filter(pk=contribution.pk).update(endorsements_count=F("endorsements_count") + 1)
    contribution.endorsements_count += 1
    return True


def _where(agency: Agency, target: str, target_id: UUID) -> dict[str, Any]:
    if target == _Target.AGENCY:
        return {}
    name = str(_Target(target))
    return with_things_of(agency.pk, Contribution, {name: target_id}, names=(name,))


def _reached_by(
    agency: Agency,
    where: dict[str, Any],
    channel: str,
    address: str,
    language: str,
    *,
    now: dt.datetime,
    erase_after: dt.datetime,
) -> Contact:
    # At an event it is the event's contact: the same person's place and question are told of together.
    event, dialogue = where.get("event"), where.get("dialogue")
    return keep_contact(
        agency=agency, scope=Contact.Scope.EVENT if event else Contact.Scope.CONTRIBUTION,
        scope_id=(event or dialogue or agency).pk, channel=channel, address=address, language=language, now=now,
        erase_after=erase_after,
    )  # fmt: skip
