"""Where one is signed in: seen on one's account, and ended there; and whether one showed a short while ago who one is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engage.people.models import Person, SignInSession
from engage.people.sessions import end_other_sessions, end_session, sessions_of, stored
from web.site.frames.staff import language_of
from web.site.languages.dates import moment_in_words


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


def must_be_fresh(request: HttpRequest) -> None:
    """Go on where a password, a code or a passkey was given in this session within the last 10 minutes.

    Else raises ReauthenticationRequired: allauth's page asks, and then goes on with this very request.
    """
    given = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in given), default=0)
    if time.time() - newest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired
