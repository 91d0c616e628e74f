"""The picture that a link to a meeting shows where somebody sends it on: what its page says to who has not opened it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.event.models import Event
from events.event.permissions import public_events
from events.event.standing import is_off, standing_of
from events.event.when import span_of
from web.events.standing_words import before_it_moved
from web.events.words import where_in_a_line
from web.site.frames.discretion import title_of
from web.site.frames.public import public_page
from web.site.pictures import Card, answer_with, color_of, drawable


@public_page
def event_picture(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """404 for what is not for everyone, as its page. Nothing in the address changes it: there is one for each language."""
    event = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if event is None:
        raise Http404
    return answer_with(request, card_of(event, timezone.now()), discreet=event.discreet)


def card_of(event: Event, now: dt.datetime) -> Card:
    """Nothing of it grows old in an hour, such as how many places are left: who shows it keeps it for days.

    The zone is always named, since nobody knows where it will be read. A discreet meeting says when and where, as its page
    does from outside, and not what it is about.
    """
    span, off = span_of(event, with_zone=True), is_off(event)
    where = where_in_a_line(event)
    if event.discreet and event.venue is not None:
        where = event.venue.name
    note = before_it_moved(event, now).in_a_line
    if off:
        note = _("This meeting is called off")
    elif standing_of(event, now).is_over:
        note = _("This meeting is over")
    name = title_of(event)
    title = _("Meeting") if event.discreet or not drawable(name) else name
    return Card(
        event.agency.name, title, (span.days(), span.hours(), where), note, off, color_of(event.agency)
    )
