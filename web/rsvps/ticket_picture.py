"""The ticket as a picture for the phone: what it is for, when and where, the code in letters and as a square."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.event.models import Event
from events.event.when import days_of, doors_of, hours_of
from events.rsvps.links import MANAGING
from events.rsvps.models import Rsvp
from events.rsvps.ways_in import has_code
from outreach.letters.qr_codes import address_of
from web.events.words import where_in_a_line
from web.rsvps.showing import spaced
from web.site.frames.behind_a_link import link_page, own_rsvp
from web.site.frames.discretion import title_of
from web.site.pictures import Ticket, drawable, ticket_png


@require_safe
@link_page
def rsvp_picture(request: HttpRequest, token: str) -> HttpResponse:
    """It checks in, and opens nothing. Where there is no code: the page."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if not has_code(reach.rsvp, came=reach.came, now=now):
        return redirect("manage", token)
    answer = HttpResponse(ticket_png(ticket_of(reach.rsvp)), content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(reach.rsvp.event)}"'
    return answer


def ticket_of(rsvp: Rsvp) -> Ticket:
    """Of a discreet meeting the day and the code: others look through a phone's pictures too."""
    event, title, note = rsvp.event, "", ""
    lines = [days_of(event)]
    if not event.discreet:
        name = title_of(event)
        title = name if drawable(name) else _("Meeting")
        hours = " ".join(each for each in (f"{hours_of(event)}.", doors_of(event)) if each)
        lines += [hours.replace("..", "."), where_in_a_line(event)]
        note = _("Show this, or say the code. If you lose it, come all the same.")
    return Ticket(
        spaced(rsvp.checkin_code), address_of(rsvp.checkin_code), _("Your code:"), title, tuple(lines), note
    )


def _file_name(event: Event) -> str:
    """By its day, so that it is found in a gallery; no more than that of a discreet meeting."""
    day = event.local_starts_at.date().isoformat()
    name = "" if event.discreet else slugify(title_of(event))[:40].strip("-")
    return f"{day}-{name}.png" if name else f"{day}.png"
