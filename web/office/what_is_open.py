"""What is open for somebody who works here: where they are signed in, their keys and door links; and its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from engage.people.models import Person
from engage.refusals import Unknown
from engage.roles.ending import Cause, end_access
from web.account.sessions import must_be_fresh, open_sessions
from web.account.what_ends import end_and_stay
from web.office.staff_listing import tokens_of
from web.site.frames.staff import Desk, desk_page, show


@desk_page("admin")
def what_is_open(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """GET shows it; POST ends all of it, and tells the person by mail. Raises Unknown for who has no role here."""
    person = Person.objects.filter(roles__agency=desk.agency, roles__until=None, pk=person_id).first()
    if person is None:
        raise Unknown
    if request.method == "POST":
        must_be_fresh(request)
        _end(request, desk, person)
        messages.success(request, _("All of it is closed. A mail says so to its owner."))
        return redirect("office_what_is_open", slug=desk.agency.slug, person_id=person.pk)
    context: dict[str, Any] = {
        "somebody": person,
        "sessions": open_sessions(person, reader=desk.person, key=request.session.session_key),
        "tokens": tokens_of(desk.agency, now=desk.now, person=person),
    }
    return show(request, "office/what_is_open.html", desk, context, nav="office")


def _end(request: HttpRequest, desk: Desk, person: Person) -> None:
    if person == desk.person:
        end_and_stay(request, person, Cause.ENDED_BY_OFFICE, agency=desk.agency)
    else:
        end_access(person, Cause.ENDED_BY_OFFICE, now=desk.now, actor=desk.person, agency=desk.agency)
