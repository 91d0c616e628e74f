"""Pages for when something is not as it should be: what happened, then one next step."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from web.site.languages.addresses import OtherLanguage

_IN_ANOTHER_LANGUAGE: Final = re.compile(rf"/({OtherLanguage.regex})(?:/|$)")
_FRAMED: Final = "site/frames/public.html"
_OF_THE_STAFF: Final = re.compile(r"/(?:desk|door)(?:/|$)")


# What an agency's page has around it: ``web.site.frames.public`` fills this, which stands above.
_around: Callable[[HttpRequest], dict[str, Any] | None] | None = None


def framed_by(around: Callable[[HttpRequest], dict[str, Any] | None]) -> None:
    """around: the frame of the agency that the request's address names, None where it names none."""
    global _around
    _around = around


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go from here."""

    address: str
    words: str


def page(request: HttpRequest, status: HTTPStatus, *, text: Any = "", next_step: str = "") -> HttpResponse:
    """The page of ``status``. Asks neither the session nor the database, either of which may be what is broken; but where
    there is nothing at an address that names an agency, its name and its ways stand around that.

    text: what is the matter, where somebody knows better than the status.
    """
    with translation.override(_language_of(request)):
        heading, usual = _words(status)
        text = str(text) or usual
        nothing_there = status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
        around = _around(request) if nothing_there and _around is not None else None
        way = _way_on(request) if nothing_there and around is None else None
        return _answer(status, heading, text, next_step or _next_step(status), way, around)


def refusal(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    """A rule said no: its own sentence, and the way back."""
    next_step = _("Nothing was changed. Go back to see where it stands now.")
    return _answer(status, _("That was not possible"), sentence, next_step)


def not_for_your_role(request: HttpRequest) -> HttpResponse:
    """Somebody of the staff opened what another role does."""
    return _answer(
        HTTPStatus.FORBIDDEN,
        _("You can’t see this"),
        _("Your role at this agency does not reach this page. Nothing was changed."),
        _("If you need it for your work, ask an administrator of your agency to give you the role."),
        _way_on(request),
    )


def _answer(
    status: HTTPStatus,
    heading: str,
    text: str,
    next_step: str,
    way: Way | None = None,
    around: dict[str, Any] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"heading": heading, "text": text, "next_step": next_step, "way": way}
    context |= {"frame": "site/frames/plain.html"} if around is None else around | {"frame": _FRAMED}
    answer = HttpResponse(render_to_string("site/error.html", context), status=status)
    answer["Cache-Control"] = "no-store"
    answer["Content-Language"] = translation.get_language()
    return answer


def _language_of(request: HttpRequest) -> str:
    """That of the address where it names one: the view behind it has let go of it by now."""
    named = _IN_ANOTHER_LANGUAGE.match(request.path_info)
    return named[1] if named else translation.get_language()


def _way_on(request: HttpRequest) -> Way:
    if _OF_THE_STAFF.match(request.path_info):
        return Way("/desk/", _("Your work"))
    return Way("/", _("Meetings and promises"))


def _words(status: HTTPStatus) -> tuple[str, str]:
    words = {
        HTTPStatus.BAD_REQUEST: (
            _("We could not read that"),
            _("Your browser sent something we cannot use. Nothing was changed."),
        ),
        HTTPStatus.FORBIDDEN: (
            _("That was not sent from our page"),
            _("The form was open for too long, or it was sent from another site. Nothing was changed."),
        ),
        HTTPStatus.NOT_FOUND: (
            _("There is nothing at this address"),
            _("The link may have been cut off, or what it led to has been erased."),
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            _("Use the button on the page"),
            _("This address only takes the form that belongs to it. Nothing was changed."),
        ),
        HTTPStatus.CONFLICT: (_("We are still at it"), _("Your first press of the button is not done yet.")),
        HTTPStatus.GONE: (
            _("This link has been used up"),
            _("It was good for one time, or its time is over. Nothing was changed."),
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            _("That was too much at once"),
            _("What you sent is larger than we can take. Nothing was changed."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("Too many tries just now"),
            _("To protect you from others, we slow down when many requests come from one place."),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            _("We are back in a moment"),
            _("Our database does not answer just now."),
        ),
    }
    fault = (_("Something went wrong on our side"), _("It is our fault, not yours. Nothing was half-saved."))
    return words.get(status, fault)


def _next_step(status: HTTPStatus) -> str:
    steps = {
        HTTPStatus.BAD_REQUEST: _("Go back, check what you typed, and send it again."),
        HTTPStatus.FORBIDDEN: _("Go back, load the page again, and press the button once more."),
        HTTPStatus.NOT_FOUND: _(
            "Open the link from your message again, all of it, or start from our home page."
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: _("Go back to the page before, and press its button again."),
        HTTPStatus.CONFLICT: _("Wait a moment, then look whether it is there. You need not send it again."),
        HTTPStatus.GONE: _("Ask whoever sent it for a new one."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Go back, make it shorter, and send it again."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Wait a minute, then try again."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Wait a minute, then load the page again."),
    }
    return steps.get(
        status, _("Try again in a minute. If it happens again, call the office that runs this site.")
    )
