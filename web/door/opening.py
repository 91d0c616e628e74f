"""Opening a door and leaving it. Looking at a link changes nothing; the button on its page opens."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from engage.roles.permissions import viewer_of
from events.door.guests import events_of_code
from events.door.links import link_behind, open_by_link, open_by_staff
from events.event.when import moment_of, when_of
from events.rsvps.tickets import read_code
from web.door.doorway import OPENED, Doorway, at_the_door, forget_device, link_of, remember_device
from web.site import errors
from web.site.frames.behind_a_link import link_page
from web.site.frames.staff import ask_to_sign_in


@link_page
def door_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a door link: which door it opens and until when; its button opens it on this device."""
    now = timezone.now()
    if request.method == "POST":
        link, session = open_by_link(token, now=now)
        answer = redirect("door", event_id=link.event_id)
        remember_device(answer, link, session, now)
        return answer
    link = link_behind(token, now=now)
    context = {
        "link": link,
        "agency": link.event.agency,
        "when": when_of(link.event),
        "until": moment_of(link.event, link.expires_at),
    }
    return render(request, "door/link.html", context)


@require_POST
@at_the_door
def begin(request: HttpRequest, door: Doorway) -> HttpResponse:
    """Staff open the list of names on this screen."""
    if door.person is not None:
        device = open_by_staff(door.event, door.person, now=door.now)
        request.session[OPENED] = request.session.get(OPENED, {}) | {str(door.event.pk): device}
    return _to_the_door(door.event.pk, request.POST.get("code", ""))


@require_POST
@at_the_door
def leave(request: HttpRequest, door: Doorway) -> HttpResponse:
    """This screen is at no door any more; what was counted on it stays."""
    if door.person is not None:
        request.session[OPENED] = {
            event: device
            for event, device in request.session.get(OPENED, {}).items()
            if event != str(door.event.pk)
        }
        return redirect("workspace", slug=door.agency.slug, event_id=door.event.pk)
    answer = redirect("door_left")
    forget_device(answer)
    return answer


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "door/left.html")


@require_safe
def code_at_a_door(request: HttpRequest, code: str) -> HttpResponse:
    """A ticket's code, read by a telephone that is at a door: on to the door's page, with that code typed in.

    Staff come to the meeting of their agency that the code belongs to.
    """
    now = timezone.now()
    link = link_of(request, now)
    if link is not None:
        return _to_the_door(link.event_id, code)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    viewer = viewer_of(request.user)
    mine = [agency for agency in viewer.roles if viewer.may("rsvps:write", agency)]
    for event_id in events_of_code(read_code(code), mine, now=now):
        return _to_the_door(event_id, code)
    return errors.page(request, HTTPStatus.NOT_FOUND)


def _to_the_door(event_id: UUID, code: str) -> HttpResponse:
    return redirect(reverse("door", args=[event_id], query={"code": read_code(code)} if code else None))
