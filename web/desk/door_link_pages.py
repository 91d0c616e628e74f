"""Devices at the door of one event: a link for each, shown once, closed when it is no longer wanted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.rule_violation import RuleViolation
from events.door_links import link_of, links_of, open_link, revoke
from events.door_times import closing_time
from events.models import Event, EventStatus
from events.seats import OPEN
from web.dates_in_words import moment_in_words
from web.desk.event_head import own_event
from web.desk.field_making import a_text
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of


class DeviceForm(TakesRefusals):
    device = a_text(
        gettext_lazy("Which device is it for?"),
        60,
        required=True,
        hint=gettext_lazy("For example: Tablet at the main door."),
    )


@desk_page("rsvps:write")
def door_links(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """POST makes a link: its answer shows the link, and no other page ever does."""
    event = own_event(desk, event_id)
    form = DeviceForm(request.POST or None)
    context: dict[str, Any] = {}
    status: int = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        device = form.cleaned_data["device"]
        try:
            _link, secret = open_link(event, device=device, actor=desk.person, now=desk.now)
        except RuleViolation as refusal:
            form.take(refusal)
            status = status_of(refusal)
        else:
            url = settings.PUBLIC_URL + reverse("open_door", kwargs={"token": secret})
            context, status, form = {"made_url": url, "made_for": device}, HTTPStatus.OK, DeviceForm()
    return _page(request, desk, event, {"form": form} | context, status)


@desk_page("rsvps:write")
def close_door_link(request: HttpRequest, desk: Desk, event_id: UUID, link_id: UUID) -> HttpResponse:
    """The device is shut out at once."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        revoke(link_of(event, link_id), actor=desk.person, now=desk.now)
        messages.success(request, _("The link is closed. That device is shut out."))
    return redirect("door_links", slug=desk.agency.slug, event_id=event.pk)


def _page(
    request: HttpRequest, desk: Desk, event: Event, context: dict[str, Any], status: int
) -> HttpResponse:
    links = links_of(event)
    rows = [
        {
            "link": link,
            "until": moment_in_words(link.expires_at, event.timezone),
            "stands": link.revoked_at is None and link.expires_at > desk.now,
        }
        for link in links
    ]
    context = context | {
        "event": event,
        "rows": rows,
        "closes": moment_in_words(closing_time(event), event.timezone),
        "may_open": event.status in OPEN | {EventStatus.DRAFT.value},
    }
    return show(request, "console/door_links.html", desk, context, nav="events", status=status)
