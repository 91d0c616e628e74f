"""Devices at the door of one event: a link for each, shown once, closed when it is no longer wanted."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.door.links import closing_time, link_of, links_of, open_link, revoke
from events.door.models import DoorLink
from events.event.models import STANDING, Event
from events.event.when import moment_of
from web.events.staff_head import own_event
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, show


class DeviceForm(TakesRefusals):
    device = field_of(
        DoorLink,
        "device",
        gettext_lazy("Which device is it for?"),
        hint=gettext_lazy("For example: Tablet at the main door."),
    )


@desk_page("rsvps:write")
def door_links(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """POST makes a link: its answer shows the link, and no other page ever does."""
    event = own_event(desk, event_id)
    form = DeviceForm(sent(request))

    def opened(made: tuple[object, str]) -> HttpResponse:
        url = settings.PUBLIC_URL + reverse("open_door", kwargs={"token": made[1]})
        return _page(request, desk, event, DeviceForm(), made_url=url, made_for=form.cleaned_data["device"])

    return form_page(
        request,
        form,
        lambda: open_link(event, device=form.cleaned_data["device"], actor=desk.person, now=desk.now),
        shown=lambda status: _page(request, desk, event, form, status),
        done=opened,
    )


@desk_page("rsvps:write")
def close_door_link(request: HttpRequest, desk: Desk, event_id: UUID, link_id: UUID) -> HttpResponse:
    """The device is shut out at once."""
    event = own_event(desk, event_id)
    if request.method == "POST":
        revoke(link_of(event, link_id), actor=desk.person, now=desk.now)
        messages.success(request, _("The link is closed. That device is shut out."))
    return redirect("door_links", slug=desk.agency.slug, event_id=event.pk)


def _page(
    request: HttpRequest, desk: Desk, event: Event, form: DeviceForm, status: int = 200, **more: str
) -> HttpResponse:
    links = links_of(event)
    rows = [
        {
            "link": link,
            "until": moment_of(event, link.expires_at),
            "stands": link.revoked_at is None and link.expires_at > desk.now,
        }
        for link in links
    ]
    context = {
        "form": form,
        "event": event,
        "rows": rows,
        "closes": moment_of(event, closing_time(event)),
        "made_url": "",
        "may_open": event.status in STANDING,
    }
    return show(request, "door/links.html", desk, context | more, nav="events", status=status)
