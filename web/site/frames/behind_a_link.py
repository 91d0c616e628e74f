"""Opening what lies behind a link: one answer for every failure, and a limit for those who guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from engage.contacts.links import Purpose
from engage.counting.rates import TooOften, count
from engage.refusal_statuses import status_of
from engage.refusals import RuleViolation, Unknown
from events.rsvps.links import Reach, rsvp_behind
from web.site import errors
from web.site.counting import count_public_post, too_often_page
from web.site.forms.one_act import IS_ONE_ACT, one_act
from web.site.forms.origins import public_form

_View = Callable[..., HttpResponse]


def link_page(view: _View) -> _View:
    """A page behind a link: GET and HEAD change nothing, POST only from our own page and not too often.

    Its form, sent twice, is one act (web.site.forms.one_act).
    """

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            count_public_post(request, now=timezone.now())
        return one_act(request, lambda: view(request, *args, **kwargs))

    setattr(counted, IS_ONE_ACT, True)
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
            except TooOften as often:
                return too_often_page(request, often)
            except RuleViolation as refusal:
                return errors.refusal(request, status_of(refusal), str(refusal.detail))

    return guarded


def own_rsvp(request: HttpRequest, token: str, purposes: Iterable[Purpose], *, now: dt.datetime) -> Reach:
    """The place behind a link; from here on the page speaks its language. Raises Unknown."""
    reach = rsvp_behind(token, purposes, now=now)
    speak(request, reach.rsvp.language)
    return reach


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
        count(request.META, "token_guesses")
    except TooOften as often:
        return too_often_page(request, often)
    return errors.page(request, HTTPStatus.NOT_FOUND)
