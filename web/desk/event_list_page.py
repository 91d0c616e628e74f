"""Every event of the agency, past ones too: found by stage and by words, and copied from here."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.staff_event_listing import CANCELLED, HISTORY, OTHERS, Place, list_events
from web.dates_in_words import when_in_words
from web.desk.event_head import stage_names
from web.desk_frame import Desk, desk_page, show


@desk_page("events:write")
def event_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A page at a time, the newest first."""
    stages = {stage.value: name for stage, name in stage_names().items()}
    names = stages | {CANCELLED: _("Cancelled"), HISTORY: _("Imported history")}
    asked = request.GET.get("which", "")
    which = asked if asked in stages or asked in OTHERS else ""
    words, copying = request.GET.get("q", "").replace("\x00", "").strip()[:100], bool(request.GET.get("copy"))
    page = list_events(desk.agency, which=which, words=words, before=_read(request.GET.get("before", "")))
    kept = {name: value for name, value in (("q", words), ("copy", "1" if copying else "")) if value}
    context = {
        "rows": [{"event": event, "when": when_in_words(event)} for event in page.events],
        "filters": [
            {"name": name, "query": urlencode(kept | ({"which": key} if key else {})), "is_now": key == which}
            for key, name in [("", _("All")), *names.items()]
        ],
        "which": which,
        "words": words,
        "copying": copying,
        "next": urlencode(kept | {"which": which, "before": _written(page.next)}) if page.next else "",
    }
    return show(request, "console/events.html", desk, context, nav="events")


def _written(place: Place) -> str:
    starts_at, pk = place
    return f"{starts_at.isoformat()}~{pk}"


def _read(given: str) -> Place | None:
    """A place in the list as an address holds it; what nobody wrote is the beginning."""
    starts_at, _mark, pk = given.partition("~")
    try:
        moment, key = dt.datetime.fromisoformat(starts_at), UUID(pk)
    except ValueError:
        return None
    return (moment, key) if moment.tzinfo else None
