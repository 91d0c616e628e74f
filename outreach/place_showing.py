"""A resident's own place, as the page behind their link shows it: how it stands, what was asked for, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from engage.agency_time import local_day
from events.access_asking import needs_of
from events.flood_undoing import was_taken_back
from events.link_reading import Access
from events.models import AccessRequest, Remind, RsvpStatus
from events.waitlisting import position_of
from outreach.models import OutcomeSummary
from outreach.reminder_dates import reminder_times


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """position: in the queue, from 1. reminders: instants still to come. summary_due: a day at the place.

    summary_is_out: what was heard can be read.
    """

    position: int | None
    needs: Sequence[AccessRequest]
    reminders: Sequence[dt.datetime]
    summary_due: dt.date
    summary_is_out: bool
    # By staff, with many others that came from one connection.
    taken_back: bool = False


def show_place(access: Access, *, now: dt.datetime) -> ShownPlace:
    """At most four queries; changes nothing."""
    place, event = access.rsvp, access.rsvp.event
    reminded = (
        place.remind == Remind.EMAIL
        and place.email_contact_id is not None
        and place.status == RsvpStatus.CONFIRMED
        and now < event.starts_at
    )
    due = local_day(event.timezone, event.ends_at) + dt.timedelta(days=event.agency.summary_due_days)
    published = now >= event.ends_at and (
        OutcomeSummary.objects.filter(event=event, first_published_at__isnull=False).exists()
    )
    return ShownPlace(
        position_of(place),
        needs_of(place),
        reminder_times(event, since=max(now, place.confirmed_at or now)) if reminded else (),
        due,
        published,
        was_taken_back(place),
    )
