"""Keeping what residents left for fewer days than they were told: asked first, done in the second night, taken back until then.

When meetings end is known above (events), which fills the hooks when the app starts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.confirming import Consequence, Question, ask
from engage.local_time import one_stop

# When the nightly round erases what is due (outreach/worker/rounds.py).
ERASED_AT: Final = dt.time(3, 30, tzinfo=dt.UTC)

# What is erased at that moment where the agency keeps it for ``retention_days``, and would be kept longer now.
what_goes_then: list[Callable[[Agency, dt.datetime], list[Consequence]]] = []
# Called in the transaction that shortens an agency's retention: what is here already goes sooner.
when_retention_shortens: list[Callable[[Agency], None]] = []
# Called in the transaction that lengthens it, with the days until now: what was promised at a meeting stays promised there.
when_retention_grows: list[Callable[[Agency, int], None]] = []


def second_night(now: dt.datetime) -> dt.datetime:
    """The night after the next: 24 to 48 hours from now."""
    first = dt.datetime.combine(now.astimezone(dt.UTC).date(), ERASED_AT)
    return first + dt.timedelta(days=1 if first > now else 2)


def set_days(agency: Agency, before: int, *, confirm: str | None, now: dt.datetime) -> None:
    """The locked agency says other days than ``before``: longer at once; shorter in the second night, where it erases anything.

    The same days again take a shorter time back that is on its way. confirm: as engage.confirming.ask takes it. The caller
    saves. Raises ConfirmRequired.
    """
    days = agency.retention_days
    if days == agency.retention_days_next:
        agency.retention_days = before
        return
    agency.retention_days_next = agency.retention_next_at = None
    if days > before:
        for keep in when_retention_grows:
            keep(agency, before)
    if days >= before:
        return
    at = second_night(now)
    gone = [one for look in what_goes_then for one in look(agency, at)]
    if not gone:
        _shorten(agency)
        return
    ask(Question(f"retention {agency.pk} {days}", [*gone, _when(agency, at)]), confirm=confirm)
    agency.retention_days, agency.retention_days_next, agency.retention_next_at = before, days, at


def let_shorter_times_begin(*, now: dt.datetime) -> int:
    """Whatever was said two nights ago holds from now on. How many agencies. Before the round that erases."""
    done = 0
    for pk in Agency.objects.filter(retention_next_at__lte=now).values_list("pk", flat=True):
        done += _begin(pk, now)
    return done


@transaction.atomic
def _begin(pk: UUID, now: dt.datetime) -> int:
    held = Agency.objects.select_for_update(no_key=True).filter(pk=pk, retention_next_at__lte=now).first()
    if held is None or held.retention_days_next is None:
        return 0
    held.retention_days = held.retention_days_next
    held.retention_days_next = held.retention_next_at = None
    held.edit_version += 1
    held.save(update_fields=["retention_days", "retention_days_next", "retention_next_at", "edit_version"])
    _shorten(held)
    data = {"fields": ["retention_days"], "to": held.retention_days}
    record("agency.changed", held, agency_id=held.pk, data=data, at=now)
    return 1


def _shorten(agency: Agency) -> None:
    for shorten in when_retention_shortens:
        shorten(agency)


def _when(agency: Agency, at: dt.datetime) -> Consequence:
    local = at.astimezone(ZoneInfo(agency.timezone))
    moment = date_format(local, "DATETIME_FORMAT")
    sentence = _("It happens on {moment}. Until then everything is as before, and you can take it back.")
    said = one_stop(sentence.format(moment=moment))
    return Consequence("when_retention_shortens", said, of=at.isoformat())


def addresses_erased(addresses: int, events: int) -> Consequence:
    """For ``what_goes_then``."""
    many = ngettext("%(n)d address", "%(n)d addresses", addresses) % {"n": addresses}
    where = ngettext("of %(n)d meeting", "of %(n)d meetings", events) % {"n": events}
    sentence = _("It erases {addresses} {of_meetings}.").format(addresses=many, of_meetings=where)
    return Consequence("addresses_erased", sentence, addresses, of=str(events))


def rsvps_erased(rsvps: int) -> Consequence:
    """For ``what_goes_then``."""
    words = ngettext(
        "It erases %(n)d saved place with its name and code.",
        "It erases %(n)d saved places with their names and codes.",
        rsvps,
    )
    return Consequence("rsvps_erased", words % {"n": rsvps}, rsvps)


def events_sooner(events: int) -> Consequence:
    """For ``what_goes_then``."""
    words = ngettext(
        "What people left at %(n)d other meeting is erased sooner than they were told.",
        "What people left at %(n)d other meetings is erased sooner than they were told.",
        events,
    )
    return Consequence("erased_sooner", words % {"n": events}, events)
