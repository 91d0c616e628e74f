"""Who of the staff read names and addresses: for whoever answers for it, without a word about the residents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.contact_reading import purpose_in_words
from engage.models import ContactRead
from engage.reading_grants import requests_of
from engage.readings_listing import page_of_readings, readers_lately
from engage.rule_violation import Unknown
from events.models import Event
from web.dates_in_words import moment_in_words
from web.desk_frame import Desk, desk_page, show


@desk_page("admin")
def readings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By reader of the last thirty days, then each: who, of which event, how many, what for, when. Paged."""
    page = page_of_readings(desk.agency, before=_id_in(request.GET.get("before", "")))
    titles = dict(
        Event.objects.filter(agency=desk.agency, pk__in={one.event_id for one in page.readings}).values_list(
            "pk", "title"
        )
    )
    waiting = [one for one in requests_of(desk.agency, now=desk.now) if one.granted_at is None]
    context = {
        "sums": readers_lately(desk.agency, now=desk.now),
        "rows": [_row(desk, one, titles) for one in page.readings],
        "next": page.next,
        "waiting": len(waiting),
    }
    return show(request, "office/readings.html", desk, context, nav="office")


def _row(desk: Desk, one: ContactRead, titles: dict[UUID, str]) -> dict[str, Any]:
    return {
        "reading": one,
        "event": titles.get(one.event_id, "") if one.event_id else "",
        "what": _kinds()[one.what],
        "purpose": purpose_in_words(one.purpose),
        "when": moment_in_words(one.at, desk.agency.timezone),
    }


def _kinds() -> dict[str, str]:
    return {
        ContactRead.What.REVEAL.value: _("One name and address"),
        ContactRead.What.LIST.value: _("A page of the list, with names"),
        ContactRead.What.DOOR.value: _("The list at the door"),
        ContactRead.What.NEED.value: _("The words beside a need"),
    }


def _id_in(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Unknown from None
