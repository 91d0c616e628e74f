"""A second person's yes to more readings in an hour than one may have; and, at night, one's own, which everyone is told."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engage.access import Viewer
from engage.activity_recording import record
from engage.contact_reading import TO_CHOOSE, not_on_the_list
from engage.models import Agency, Person, ReadingRequest, Role
from engage.rule_violation import Forbidden, Invalid, RuleViolation, Unknown, WrongState

# Of the agency's own clock: then nobody else may be there to ask.
NIGHT_BEGINS: Final = dt.time(20)
NIGHT_ENDS: Final = dt.time(7)
_ONE_NIGHT: Final = dt.timedelta(hours=12)
# What nobody said yes to within a day is not asked any more.
_ASKED_FOR: Final = dt.timedelta(days=1)


class NotAtNight(RuleViolation):
    code = "not_at_night"
    sentence = _("By day a second person has to say yes: any leader or administrator of your agency.")


class OnceANight(RuleViolation):
    code = "once_a_night"
    sentence = _("You have said yes to yourself tonight already. More has to wait for a second person.")


def ask_for_more(agency: Agency, *, reader: Person, purpose: str, now: dt.datetime) -> ReadingRequest:
    """Asked twice it is one request. Raises Invalid for a purpose that is not on the list."""
    if purpose not in {one.value for one in TO_CHOOSE}:
        raise Invalid(errors=[not_on_the_list()])
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=reader.pk)
        standing = ReadingRequest.objects.filter(agency=agency, reader=reader, granted_at=None).first()
        if standing is not None:
            standing.purpose, standing.asked_at = purpose, now
            standing.save(update_fields=["purpose", "asked_at"])
            return standing
        made = ReadingRequest.objects.create(agency=agency, reader=reader, purpose=purpose, asked_at=now)
        record("reading.more_asked", made, actor=reader, data={"purpose": purpose}, at=now)
        return made


@transaction.atomic
def grant(request: ReadingRequest, *, viewer: Viewer, now: dt.datetime) -> ReadingRequest:
    """Twenty more within the hour from now. Raises Forbidden, NotAtNight, OnceANight, WrongState for one that is granted.

    By any leader or administrator but the reader; by the reader at night, once. That is told to the administrators and
    to each resident whose name or address is read on it.
    """
    person = viewer.person
    if person is None:
        raise Forbidden
    held = ReadingRequest.objects.select_for_update().get(pk=request.pk)
    if held.granted_at is not None:
        raise WrongState
    alone = held.reader_id == person.pk
    if alone:
        _must_be_alone_at_night(held, now)
    elif not may_say_yes(viewer, held.agency):
        raise Forbidden
    held.granted_by, held.granted_at = person, now
    held.save(update_fields=["granted_by", "granted_at"])
    record("reading.granted_alone" if alone else "reading.granted", held, actor=person, at=now)
    return held


def may_say_yes(viewer: Viewer, agency: Agency) -> bool:
    """Leaders and administrators; a program only with a key for what they alone decide about."""
    scopes = {Role.Kind.LEADER.value: "commitments:write", Role.Kind.ADMIN.value: "admin"}
    return any(
        viewer.has_role(kind, agency.pk) and viewer.may(scope, agency.pk) for kind, scope in scopes.items()
    )


def is_night(agency: Agency, now: dt.datetime) -> bool:
    """From 20:00 to 7:00 by the agency's clock."""
    clock = now.astimezone(ZoneInfo(agency.timezone)).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def requests_of(agency: Agency, *, now: dt.datetime) -> QuerySet[ReadingRequest]:
    """What is asked now and what was granted lately, the newest first."""
    lately = ReadingRequest.objects.filter(agency=agency, asked_at__gt=now - _ASKED_FOR)
    return lately.select_related("reader", "granted_by").order_by("-asked_at", "-pk")


def request_at(agency: Agency, pk: UUID, *, now: dt.datetime) -> ReadingRequest:
    """Raises Unknown."""
    found = requests_of(agency, now=now).filter(pk=pk).first()
    if found is None:
        raise Unknown
    return found


def _must_be_alone_at_night(held: ReadingRequest, now: dt.datetime) -> None:
    if not is_night(held.agency, now):
        raise NotAtNight
    once = ReadingRequest.objects.filter(
        agency=held.agency, reader=held.reader_id, granted_by=held.reader_id, granted_at__gt=now - _ONE_NIGHT
    )
    if once.exists():
        raise OnceANight
