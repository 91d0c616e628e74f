"""A meeting in somebody's own calendar: as a file, and as links that fill in the form of Google or of Outlook.

The links cannot say that an entry is only tentative, and do not follow when a meeting moves: who waits for a place has the
file alone, which says so. How to join from afar stands in none of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from events.calendars.export import venue_line
from events.event.models import Event
from events.event.short_addresses import short_address
from web.site.frames.discretion import title_of

_GOOGLE: Final = "https://calendar.google.com/calendar/render"
_OUTLOOK: Final = "https://outlook.live.com/calendar/0/deeplink/compose"
# In the address of a page, and of a calendar file: the entry says "Meeting", where and when.
PRIVATE: Final = "private"
_ENTRY: Final = "entry"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """is_private: the entry does not name the meeting. may_choose: its reader decides that; ``choose``: the page with the other."""

    file: str
    google: str
    outlook: str
    is_private: bool
    may_choose: bool
    choose: str


def wants_private(request: HttpRequest) -> bool:
    return request.GET.get(_ENTRY) == PRIVATE


def calendar_links(event: Event, *, file: str, private: bool = False) -> CalendarLinks:
    """file: the address of the .ics. private: as the reader chose; of a discreet meeting there is nothing to choose."""
    hidden = private or event.discreet
    subject = _("Meeting") if hidden else title_of(event)
    told = "" if hidden else short_address(event)
    where = venue_line(event.venue) if event.venue else ""
    google = {
        "action": "TEMPLATE",
        "text": subject,
        "dates": f"{event.local_starts_at:%Y%m%dT%H%M%S}/{event.local_ends_at:%Y%m%dT%H%M%S}",
        "ctz": event.timezone,
        "location": where,
        "details": told,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": subject,
        "startdt": _instant(event.starts_at),
        "enddt": _instant(event.ends_at),
        "location": where,
        "body": told,
    }
    return CalendarLinks(
        f"{file}?{_ENTRY}={PRIVATE}" if private and not event.discreet else file,
        f"{_GOOGLE}?{_filled(google)}",
        f"{_OUTLOOK}?{_filled(outlook)}",
        is_private=hidden,
        may_choose=not event.discreet,
        choose="?" if private else f"?{_ENTRY}={PRIVATE}",
    )


def _filled(form: dict[str, str]) -> str:
    return urlencode({name: value for name, value in form.items() if value})


def _instant(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
