"""Who stands at a door: a device with a door link's cookie, or somebody of the staff who has opened the list.

A device has no session of ours: its cookie goes to this door's pages only, and never along with another site's form
(SameSite=Strict); beside that each POST must come from our own page. Staff have a session, so theirs also carry a token.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from engage.agencies.models import Agency
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusals import Forbidden, RuleViolation, Unknown, WrongState
from engage.roles.permissions import viewer_of
from events.door.links import door_session_behind, must_take_arrivals
from events.door.models import DoorLink
from events.event.models import Event
from events.event.when import start_clock_of, when_of
from web.site import errors
from web.site.forms.origins import came_from_our_page
from web.site.frames.behind_a_link import answers_refusals
from web.site.frames.staff import ask_to_sign_in, language_of

PATH: Final = "/door/"
# In the session of staff: the name of their screen, by event.
OPENED: Final = "doors"
_View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Doorway:
    """One screen at one event's door. device: its name for counting heads. person: of the staff, or None."""

    event: Event
    device: str
    now: dt.datetime
    person: Person | None = None
    link: DoorLink | None = None

    @property
    def agency(self) -> Agency:
        return self.event.agency

    @property
    def when(self) -> str:
        """Short on the day itself."""
        begins = self.event.local_starts_at
        if begins.date() != local_day(self.event.timezone, self.now):
            return when_of(self.event)
        return _("Today, {time}").format(time=start_clock_of(self.event))

    @property
    def takes_arrivals(self) -> bool:
        """The domain says so, here and again when somebody is let in."""
        try:
            must_take_arrivals(self.event, self.now)
        except WrongState:
            return False
        return True


def at_the_door(view: _View) -> _View:
    """A page of one door: the view gets a Doorway in place of the event's id.

    Another event's door is not there (404), for a device as for staff of another agency; a role without the list is
    told so (403); who is nobody here yet signs in; a link that has ended says so.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, event_id: UUID, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not came_from_our_page(request):
            return errors.page(request, HTTPStatus.FORBIDDEN)
        now = timezone.now()
        link = link_of(request, now)
        if link is not None and link.event_id == event_id:
            door = Doorway(link.event, f"link {link.pk}", now, link=link)
            return answers_refusals(_let_work)(request, view, door, kwargs)
        if request.user.is_authenticated:
            return _for_staff(request, view, event_id, kwargs)
        if link is not None:
            return errors.page(request, HTTPStatus.NOT_FOUND)
        return _nobody_here(request)

    return shown


def link_of(request: HttpRequest, now: dt.datetime) -> DoorLink | None:
    """The link behind the device's cookie, while it stands."""
    secret = request.COOKIES.get(settings.DOOR_COOKIE_NAME)
    if not secret:
        return None
    try:
        return door_session_behind(secret, now=now)
    except Unknown:
        return None


def remember_device(answer: HttpResponse, link: DoorLink, session: str, now: dt.datetime) -> None:
    """Give the device its cookie, which ends when the link does."""
    answer.set_cookie(
        settings.DOOR_COOKIE_NAME,
        session,
        max_age=max(int((link.expires_at - now).total_seconds()), 0),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget_device(answer: HttpResponse) -> None:
    answer.delete_cookie(settings.DOOR_COOKIE_NAME, path=PATH, samesite="Strict")


def event_of_staff(person: Person, event_id: UUID) -> Event:
    """Raises Unknown for another agency's event, Forbidden where the role has no guest lists."""
    event = Event.objects.select_related("agency").filter(pk=event_id).first()
    if event is None:
        raise Unknown
    viewer_of(person).must("rsvps:write", event.agency_id)
    return event


@csrf_protect
def _for_staff(request: HttpRequest, view: _View, event_id: UUID, kwargs: dict[str, Any]) -> HttpResponse:
    person = cast("Person", request.user)
    with translation.override(language_of(person)):
        try:
            event = event_of_staff(person, event_id)
        except Forbidden:
            return errors.not_for_your_role(request)
        except Unknown:
            return errors.page(request, HTTPStatus.NOT_FOUND)
        device = request.session.get(OPENED, {}).get(str(event_id), "")
        return answers_refusals(_let_work)(
            request, view, Doorway(event, device, timezone.now(), person=person), kwargs
        )


def _let_work(request: HttpRequest, view: _View, door: Doorway, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, door, **kwargs)
    except WrongState:
        # It closed while the page stood open; loaded again, it says since when.
        return start_again(request, door)
    except RuleViolation:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
        raise


def start_again(request: HttpRequest, door: Doorway) -> HttpResponse:
    """Load the door's page anew, also from a request that would swap a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return redirect("door", event_id=door.event.pk)


def _nobody_here(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Refresh": "true"})
    if not request.COOKIES.get(settings.DOOR_COOKIE_NAME):
        return ask_to_sign_in(request)
    answer = render(
        request, "door/ended.html", {"sign_in_to": request.get_full_path()}, status=HTTPStatus.FORBIDDEN
    )
    forget_device(answer)
    return answer
