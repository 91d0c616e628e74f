"""Every event of the agency, past ones too: found by stage and by words, and copied from here."""

from __future__ import annotations

import datetime as dt
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engage.agencies.models import Agency
from engage.paging import Slice, slice_of
from events.event.models import Event
from events.event.standing import EventStanding, standings
from events.event.when import when_of
from web.events.staff_head import stage_names
from web.events.stages import Stage, in_stage
from web.events.standing_words import standing_in_words
from web.site.frames.staff import Desk, desk_page, show

PAGE: Final = 25
CANCELLED, HISTORY = "cancelled", "history"
# What a list can be narrowed to besides a stage.
OTHERS: Final = (CANCELLED, HISTORY)


def list_events(
    agency: Agency, *, now: dt.datetime, which: str = "", words: str = "", before: str = ""
) -> Slice[Event]:
    """which: a stage, ``cancelled``, ``history`` (imported past ones) or "" for all. words: of the title. One query.

    before: from the page before; one that nobody gave out is the beginning.
    """
    found = Event.objects.filter(_which(which, now), agency=agency)
    if words:
        found = found.filter(title__icontains=words)
    return slice_of(_light(found), ("-starts_at", "-pk"), size=PAGE, after=before, refused=None)


def _light(found: QuerySet[Event]) -> QuerySet[Event]:
    return found.select_related("venue", "agency").defer(
        "vevent", "description", "translations", "getting_there"
    )


def _which(which: str, now: dt.datetime) -> Q:
    if which == CANCELLED:
        return standings(now)[EventStanding.CANCELLED]
    if which == HISTORY:
        return Q(imported=True) & standings(now)[EventStanding.OVER]
    return in_stage(Stage(which)) if which in list(Stage) else Q()


@desk_page("events:write")
def event_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A page at a time, the newest first."""
    stages = {stage.value: name for stage, name in stage_names().items()}
    names = stages | {CANCELLED: pgettext("meetings", "Cancelled"), HISTORY: _("Imported history")}
    asked = request.GET.get("which", "")
    which = asked if asked in stages or asked in OTHERS else ""
    words, copying = request.GET.get("q", "").replace("\x00", "").strip()[:100], bool(request.GET.get("copy"))
    page = list_events(
        desk.agency, now=desk.now, which=which, words=words, before=request.GET.get("before", "")
    )
    kept = {name: value for name, value in (("q", words), ("copy", "1" if copying else "")) if value}
    context = {
        "rows": [
            {"event": event, "when": when_of(event), "stands": standing_in_words(event, now=desk.now)}
            for event in page.rows
        ],
        "filters": [
            {"name": name, "query": urlencode(kept | ({"which": key} if key else {})), "is_now": key == which}
            for key, name in [("", pgettext("meetings", "All")), *names.items()]
        ],
        "which": which,
        "words": words,
        "copying": copying,
        "next": urlencode(kept | {"which": which, "before": page.following}) if page.following else "",
    }
    return show(request, "desk/events.html", desk, context, nav="events")
