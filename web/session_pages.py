"""Where one is signed in: seen on one's account, and ended there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engage.models import Person, SignInSession
from engage.sign_in_sessions import end_other_sessions, end_session, sessions_of, stored
from web.dates_in_words import moment_in_words
from web.desk_frame import language_of


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in words. is_this: the one that asks."""

    number: UUID
    device: str
    since: str
    seen: str
    is_this: bool


def open_sessions(person: Person, *, reader: Person, key: str | None = None) -> list[OpenSession]:
    """``person``'s sessions, in the clock of ``reader``. key: the asking session's cookie."""
    here = stored(key or "")
    return [_in_words(one, reader.time_zone, one.session_key == here) for one in sessions_of(person)]


@require_POST
@login_required
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out that browser. A session that is over already, or somebody else's, changes nothing."""
    person = cast("Person", request.user)
    with translation.override(language_of(person)):
        if end_session(person, session_id):
            messages.success(request, _("That browser is signed out."))
    return redirect("account")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    person = cast("Person", request.user)
    with translation.override(language_of(person)):
        n = end_other_sessions(person, request.session.session_key)
        said = ngettext("%(n)d other browser is signed out.", "%(n)d other browsers are signed out.", n)
        messages.success(request, said % {"n": n})
    return redirect("account")


@require_safe
@login_required
def still_here(request: HttpRequest) -> HttpResponse:
    """204 where somebody is signed in, whose two hours begin anew; where the session is over, the way to sign in."""
    return HttpResponse(status=204)


def _in_words(one: SignInSession, zone: str, is_this: bool) -> OpenSession:
    return OpenSession(
        one.number,
        one.device or _("A browser"),
        moment_in_words(one.made_at, zone),
        moment_in_words(one.seen_at, zone),
        is_this,
    )
