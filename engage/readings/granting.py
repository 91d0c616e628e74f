"""A second person's yes, to more readings in an hour than one may have and to giving back a flood of places.

At night one's own, once, which everyone is told; of a flood also by day where nobody else could say yes.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.readings.models import ReadingRequest
from engage.readings.recording import TO_CHOOSE, not_on_the_list
from engage.refusals import Forbidden, Invalid, RuleViolation, Unknown, WrongState
from engage.roles.answering import has_a_role
from engage.roles.models import Role
from engage.roles.permissions import Viewer

# The roles whose yes counts, each with the scope of what it alone decides about.
_SAY_YES: Final = {Role.Kind.LEADER.value: "commitments:write", Role.Kind.ADMIN.value: "admin"}
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
    return _ask(
        ReadingRequest(agency=agency, reader=reader, purpose=purpose, asked_at=now), "reading.more_asked"
    )


def ask_to_give_back(
    agency: Agency, *, reader: Person, event_id: UUID, flood: str, now: dt.datetime
) -> ReadingRequest:
    """To cancel the places of a flood. flood: its handle for this reader. Asked twice it is one request."""
    asked = ReadingRequest(agency=agency, reader=reader, event_id=event_id, flood=flood, asked_at=now)
    return _ask(asked, "reading.giving_back_asked")


@transaction.atomic
def grant(request: ReadingRequest, *, viewer: Viewer, now: dt.datetime) -> ReadingRequest:
    """Twenty more within the hour from now, or the flood. Raises Forbidden, NotAtNight, OnceANight, WrongState for one that
    is granted.

    By any leader or administrator but the reader; by the reader alone, once, as ``may_be_alone`` says. That is told to the
    administrators and to each resident whose name or address is read on it.
    """
    person = viewer.person
    if person is None:
        raise Forbidden
    # The reader first, as whoever asks does: of two requests that are granted alone at once the second finds the first.
    Person.objects.select_for_update(no_key=True).get(pk=request.reader_id)
    held = ReadingRequest.objects.select_for_update().get(pk=request.pk)
    if held.granted_at is not None:
        raise WrongState
    alone = held.reader_id == person.pk
    if alone:
        _must_be_alone(held, now)
    elif not may_say_yes(viewer, held.agency):
        raise Forbidden
    held.granted_by, held.granted_at = person, now
    held.save(update_fields=["granted_by", "granted_at"])
    record("reading.granted_alone" if alone else "reading.granted", held, actor=person, at=now)
    return held


def may_say_yes(viewer: Viewer, agency: Agency) -> bool:
    """Leaders and administrators; a program only with a key for what they alone decide about."""
    return any(
        viewer.has_role(kind, agency.pk) and viewer.may(scope, agency.pk) for kind, scope in _SAY_YES.items()
    )


def may_be_alone(asked: ReadingRequest, now: dt.datetime) -> bool:
    """Whether its reader may say yes: at night; of a flood also where nobody else at the agency could ever."""
    return is_night(asked.agency, now) or bool(asked.flood and not _others_who_could(asked).exists())


def is_night(agency: Agency, now: dt.datetime) -> bool:
    """From 20:00 to 7:00 by the agency's clock."""
    clock = now.astimezone(ZoneInfo(agency.timezone)).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def requests_of(agency: Agency, *, now: dt.datetime) -> QuerySet[ReadingRequest]:
    """What is asked now and what was granted lately, of readings and of floods, the newest first.

    What somebody asked who has left since is asked by nobody.
    """
    asked = Q(granted_at__isnull=False) | Q(has_a_role("reader"))
    lately = ReadingRequest.objects.filter(asked, agency=agency, asked_at__gt=now - _ASKED_FOR)
    return lately.select_related("reader", "granted_by").order_by("-asked_at", "-pk")


def request_at(agency: Agency, pk: UUID, *, now: dt.datetime) -> ReadingRequest:
    """Raises Unknown."""
    found = requests_of(agency, now=now).filter(pk=pk).first()
    if found is None:
        raise Unknown
    return found


def _ask(asked: ReadingRequest, verb: str) -> ReadingRequest:
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=asked.reader_id)
        standing = ReadingRequest.objects.filter(
            agency=asked.agency_id, reader=asked.reader_id, flood=asked.flood, granted_at=None
        ).first()
        if standing is not None:
            standing.purpose, standing.asked_at = asked.purpose, asked.asked_at
            standing.save(update_fields=["purpose", "asked_at"])
            return standing
        asked.save(force_insert=True)
        data = {"event": str(asked.event_id)} if asked.flood else {"purpose": asked.purpose}
        record(verb, asked, actor=asked.reader, data=data, at=asked.asked_at)
        return asked


def _others_who_could(asked: ReadingRequest) -> QuerySet[Role]:
    standing = Role.objects.standing().filter(agency=asked.agency_id, kind__in=list(_SAY_YES))
    return standing.exclude(person=asked.reader_id)


def _must_be_alone(held: ReadingRequest, now: dt.datetime) -> None:
    if not may_be_alone(held, now):
        raise NotAtNight
    once = ReadingRequest.objects.filter(
        agency=held.agency, reader=held.reader_id, granted_by=held.reader_id, granted_at__gt=now - _ONE_NIGHT
    )
    if once.exists():
        raise OnceANight
