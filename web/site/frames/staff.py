"""What every page of the staff has in common: who is there, at which agency, what they may do, and their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from engage.agencies.finding import agency_called
from engage.agencies.models import Agency
from engage.local_time import local_day
from engage.people.models import Person
from engage.refusal_statuses import status_of
from engage.refusals import Forbidden, RuleViolation, Unknown
from engage.roles.permissions import Viewer, viewer_of
from web.site import errors
from web.site.forms.one_act import IS_ONE_ACT, one_act

_View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody of the staff at their agency, at one moment."""

    viewer: Viewer
    person: Person
    agency: Agency
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The agency's own day."""
        return local_day(self.agency.timezone, self.now)

    def may(self, scope: str) -> bool:
        return self.viewer.may(scope, self.agency.pk)

    def does(self, act: str) -> bool:
        """act: of ``engage/roles/permissions.py:ROLE_OF_ACT``."""
        return self.viewer.does(act, self.agency.pk)

    def must_do(self, act: str) -> None:
        """Raises Forbidden."""
        self.viewer.must_do(act, self.agency.pk)

    # For templates, which cannot hand over an argument.
    @property
    def runs_events(self) -> bool:
        return self.may("events:write")

    @property
    def keeps_commitments(self) -> bool:
        return self.may("commitments:write")

    @property
    def moderates(self) -> bool:
        return self.may("dialogue:write")

    @property
    def sees_follow_through(self) -> bool:
        return self.may("insights:read")

    @property
    def administers(self) -> bool:
        return self.may("admin")


def desk_page(scope: str, *, keeps_itself: bool = False) -> Callable[[_View], _View]:
    """A page below ``/desk/<slug>/`` for who has ``scope`` there; the view gets a Desk in place of the slug.

    Who is not signed in is asked to; another agency's page is not there (404); a missing role is said (403). A refusal
    by a rule that the view lets through becomes a page that says what to do next. Its form, sent twice, is one act
    (web.site.forms.one_act); keeps_itself: the view sees to that, by the same key.
    """

    def decorate(view: _View) -> _View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def shown(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            person = request.user
            with translation.override(language_of(person)):
                try:
                    desk = _at(person, slug, scope)
                    if keeps_itself:
                        return view(request, desk, **kwargs)
                    return one_act(
                        request,
                        lambda: view(request, desk, **kwargs),
                        principal=str(desk.person.pk),
                        agency=desk.agency.slug,
                    )
                except Forbidden:
                    return errors.not_for_your_role(request)
                except Unknown:
                    return errors.page(request, HTTPStatus.NOT_FOUND)
                except RuleViolation as refusal:
                    return errors.refusal(request, status_of(refusal), str(refusal.detail))

        setattr(shown, IS_ONE_ACT, True)
        return shown

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here afterwards.

    Whoever is signed in and has to set up a second factor first goes to their account instead: the sign-in page would
    send them back here, and so on for ever.
    """
    if request.headers.get("HX-Request"):
        # A part of a page would hold the page of the sign-in; the page itself, loaded again, leads there.
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Refresh": "true"})
    if SESSION_KEY in request.session:
        return redirect("account")
    return redirect_to_login(request.get_full_path())


def language_of(person: Person) -> str:
    """The language of the staff's pages: the person's own where we speak it."""
    return person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def show(
    request: HttpRequest,
    template: str,
    desk: Desk,
    context: Mapping[str, Any] | None = None,
    *,
    nav: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page in the frame of the staff. nav: events, promises, questions, follow or office."""
    return render(
        request,
        template,
        {"desk": desk, "agency": desk.agency, "nav": nav} | dict(context or {}),
        status=status,
    )


def go_on(request: HttpRequest, desk: Desk, done: str, to: str, **where: Any) -> HttpResponse:
    """On to the desk's page named ``to``, which says at its top what was done."""
    messages.success(request, done)
    return redirect(to, slug=desk.agency.slug, **where)


def _at(person: Person, slug: str, scope: str) -> Desk:
    viewer, agency = viewer_of(person), agency_called(slug)
    viewer.must(scope, agency.pk)
    return Desk(viewer, person, agency, timezone.now())
