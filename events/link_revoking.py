"""Ending links: by a resident, who then gets a new one by mail or on the screen, and by whoever runs the site."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q

from engage.activity_recording import record
from engage.day_sketch import within_the_day
from engage.models import Contact
from engage.resident_links import Purpose, mint
from events.link_reading import Access
from events.models import Rsvp

_LETTERS_A_DAY: Final = 2


@transaction.atomic
def make_link_new(access: Access, *, now: dt.datetime) -> str | None:
    """From now on the links of this place open nothing, calendar and offers included.

    Where the place has an address, the new link goes there and nowhere else, so that whoever holds an old one gets
    nothing by this; a mailed link ends all links of the address's places at the meeting. Without an address: the token
    of the new link, for the screen.

    A link of the screen speaks for one form only, whose address may be somebody else's: it ends nothing else of that
    address's, and has it written to twice in 24 hours at the most. Then the old link ends all the same, and silently:
    "send me my link again" is there.
    """
    place = access.rsvp
    reached = Rsvp.objects.filter(pk=place.pk)
    if access.reaches_the_contact and place.email_contact_id is not None:
        reached = Rsvp.objects.filter(event_id=place.event_id, email_contact_id=place.email_contact_id)
    end_links(reached, with_addresses=access.reaches_the_contact)
    place.refresh_from_db(fields=["link_version"])
    if place.email_contact is None or place.email_contact.unreachable_since is not None:
        return mint(Purpose.RSVP_SCREEN, place.pk, place.link_version)
    if access.reaches_the_contact or within_the_day(
        "new-link", str(place.email_contact_id), limit=_LETTERS_A_DAY, now=now
    ):
        record("rsvp.link_asked", place, at=now)
    return None


@transaction.atomic
def end_links(places: Any, *, with_addresses: bool = True) -> tuple[int, int]:
    """Every link of these places, and of the addresses behind them: how many places, how many addresses. Once each."""
    ids = list(places.order_by("pk").values_list("pk", flat=True))
    whose = Q(rsvps_by_email__in=ids) | Q(rsvps_by_phone__in=ids)
    theirs = Contact.objects.filter(whose) if with_addresses else Contact.objects.none()
    contacts = list(theirs.order_by("pk").distinct().values_list("pk", flat=True))
    Contact.objects.filter(pk__in=contacts).update(link_version=F("link_version") + 1)
    ended = Rsvp.objects.filter(pk__in=ids).update(link_version=F("link_version") + 1)
    return ended, len(contacts)
