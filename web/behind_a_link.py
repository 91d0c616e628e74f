"""Opening what lies behind a link: one answer for every failure, and a limit for those who guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from engage.resident_links import Purpose
from engage.rule_violation import Refusal, RuleViolation, Unknown
from events.link_reading import Access, rsvp_behind
from web import error_pages
from web.counting import TooManyTries, count, count_public_post
from web.form_origins import public_form

_STATUS = {
    Refusal.INVALID: HTTPStatus.BAD_REQUEST,
    Refusal.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Refusal.CONFLICT: HTTPStatus.CONFLICT,
}
_View = Callable[..., HttpResponse]


def link_page(view: _View) -> _View:
    """A page behind a link: GET and HEAD change nothing, POST only from our own page and not too often."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            count_public_post(request, now=timezone.now())
        return view(request, *args, **kwargs)

    return public_form(answers_refusals(counted))


def answers_refusals(view: _View) -> _View:
    """A refusal by a rule becomes a page that says what to do next; a link that opens nothing is 404, whatever the cause."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # What a view activates lasts for the thread; the next reader must not get this one's language.
        with translation.override(translation.get_language()):
            try:
                return view(request, *args, **kwargs)
            except Unknown:
                return _nothing_there(request)
            except TooManyTries as tries:
                return tries.page(request)
            except RuleViolation as refusal:
                return error_pages.refusal(request, _STATUS[refusal.refusal], str(refusal.detail))

    return guarded


def place_behind(
    request: HttpRequest, token: str, purposes: Iterable[Purpose], *, now: dt.datetime
) -> Access:
    """The place behind a link; from here on the page speaks its language. Raises Unknown."""
    access = rsvp_behind(token, purposes, now=now)
    speak(request, access.rsvp.language)
    return access


def speak(request: HttpRequest, language: str) -> None:
    """Answer in ``language``, unless the reader chose another one on the page (``?lang=``)."""
    for wish in (request.GET.get("lang", ""), language):
        try:
            translation.activate(translation.get_supported_language_variant(wish))
        except LookupError:
            continue
        return


def _nothing_there(request: HttpRequest) -> HttpResponse:
    try:
        count(request, "token_guesses")
    except TooManyTries as tries:
        return tries.page(request)
    return error_pages.page(request, HTTPStatus.NOT_FOUND)
