"""Pages for when something is not as it should be: what happened, then one next step."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def page(request: HttpRequest, status: HTTPStatus, *, next_step: str = "") -> HttpResponse:
    """The page of ``status``. Asks neither the session nor the database: either may be what is broken."""
    heading, text = _words(status)
    context = {"heading": heading, "text": text, "next_step": next_step or _next_step(status)}
    answer = HttpResponse(render_to_string("pages/error.html", context), status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def refusal(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    """A rule said no: its own sentence, and the way back."""
    context = {
        "heading": _("That was not possible"),
        "text": sentence,
        "next_step": _("Nothing was changed. Go back to see where it stands now."),
    }
    answer = HttpResponse(render_to_string("pages/error.html", context), status=status)
    answer["Cache-Control"] = "no-store"
    return answer


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
            _("To keep others out, we slow down when many requests come from one place."),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            _("We are back in a moment"),
            _("Our database does not answer just now. Nothing was changed."),
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
        HTTPStatus.METHOD_NOT_ALLOWED: _("Open the link from your message again."),
        HTTPStatus.GONE: _("Ask whoever sent it for a new one."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Go back, make it shorter, and send it again."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Wait a minute, then try again."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Wait a minute, then load the page again."),
    }
    return steps.get(
        status, _("Try again in a minute. If it happens again, call the office that runs this site.")
    )
