"""On the pages a password or a factor changes: what was opened before ends, and the browser that did it goes on."""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.people.second_factors import STRONG
from engage.people.sessions import DEVICE, SIGNED_IN_AT
from engage.roles.ending import Cause, end_access
from web.account.tries import family_of, remember

# In the session of somebody who gave the right password: the mark of the state under which it was right.
_BEGUN_UNDER: Final = "sign_in_begun_under"
# On the request: who becomes known on this device with the answer.
REMEMBERED: Final = "engage_remembered"


def end_and_stay(request: HttpRequest, person: Person, cause: Cause, *, agency: Agency | None = None) -> None:
    """End everything of ``person``'s but the session this request comes with, and its device's mark."""
    # Read before its row goes, so that it goes on in a new one.
    request.session.setdefault(SIGNED_IN_AT, time.time())
    end_access(person, cause, now=timezone.now(), actor=person, agency=agency)
    stay(request, person)


def stay(request: HttpRequest, person: Person) -> None:
    """What was open for ``person`` has ended by an act of their own: the browser they did it in goes on."""
    person.refresh_from_db(fields=["access_version"])
    update_session_auth_hash(request, person)
    setattr(request, REMEMBERED, person)


@receiver(password_reset)
def _reset(request: HttpRequest, user: Person, **_more: Any) -> None:
    """Whoever sets a new password by a mailed link has read the mail: their device has tries of its own from now on."""
    end_access(user, Cause.PASSWORD_RESET, now=timezone.now(), actor=user)
    setattr(request, REMEMBERED, user)


@receiver([password_changed, password_set])
def _changed(request: HttpRequest, user: Person, **_more: Any) -> None:
    end_access(user, Cause.PASSWORD_CHANGED, now=timezone.now(), actor=user)
    setattr(request, REMEMBERED, user)


@receiver(authenticator_added)
def _factor_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type in STRONG:
        end_and_stay(request, user, Cause.FACTOR_ADDED)


@receiver(authenticator_removed)
def _factor_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type in STRONG:
        end_and_stay(request, user, Cause.FACTOR_REMOVED)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Person, **_more: Any) -> None:
    request.session[SIGNED_IN_AT] = time.time()
    request.session[DEVICE] = family_of(request.META.get("HTTP_USER_AGENT", ""))
    request.session.pop(_BEGUN_UNDER, None)
    setattr(request, REMEMBERED, user)


def begin_under(request: HttpRequest, person: Person) -> None:
    """The password was right, or the passkey: from here on a code is asked for, under this state and no later one."""
    request.session[_BEGUN_UNDER] = person.access_mark()


class AccessStates:
    """Half a sign-in ends with the state it was begun under; and who has signed in is known on this device.

    Only below ``/accounts/``, where people sign in.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/accounts/"):
            return self.get_response(request)
        if _began_under_another_state(request):
            clear_login(request)
            return redirect("account_login")
        answer: HttpResponse = self.get_response(request)
        if isinstance(person := getattr(request, REMEMBERED, None), Person):
            remember(request, answer, person)
        return answer


def _began_under_another_state(request: HttpRequest) -> bool:
    begun = request.session.get(LOGIN_SESSION_KEY)
    if not isinstance(begun, dict):
        return False
    person = Person.objects.filter(pk__in=[begun.get("user_pk")]).first()
    return person is None or not person.is_active or person.access_mark() != request.session.get(_BEGUN_UNDER)
