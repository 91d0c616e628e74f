"""The page of a form: looked at, sent, refused, done. Every form's view is made of this, so that one rule holds for all."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from engage.counting.rates import TooOften
from engage.kept_answers.keeping import KeyInvalid, KeyReused
from engage.refusal_statuses import status_of
from engage.refusals import RuleViolation, Unknown
from web.site.counting import count_public_post
from web.site.forms.kept_answers import fresh_key, key_of
from web.site.forms.one_act import SentBefore, is_done, may_be_sent_again, must_be_unspent
from web.site.forms.refusals import TakesRefusals


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form of this request is made from: None while it is only looked at."""
    return request.POST if request.method == "POST" else None


class Shows(Protocol):
    """Shows the page with its form as it stands."""

    def __call__(self, *, status: int) -> HttpResponse: ...


def form_page[Made](
    request: HttpRequest,
    form: TakesRefusals,
    act: Callable[[], Made],
    *,
    shown: Shows,
    done: Callable[[Made], HttpResponse],
    refused: Callable[[RuleViolation], HttpResponse | None] = lambda _refusal: None,
) -> HttpResponse:
    """GET shows the form; POST acts where the form is valid, and an invalid form never acts.

    shown: the page with the form as it stands, and its status: 200, 400 where the form is invalid, or the refusal's own
    (engage.refusal_statuses). done: what follows, from what ``act`` gave. refused: what is to be done about a refusal
    that stands on the form already; an answer of its own is given in place of the page. Raises Unknown: there is nothing
    to show a form about.
    """
    if request.method != "POST":
        return shown(status=HTTPStatus.OK)
    if not form.is_valid():
        may_be_sent_again()
        return shown(status=HTTPStatus.BAD_REQUEST)
    try:
        must_be_unspent()
        made = act()
    except Unknown:
        raise
    except RuleViolation as refusal:
        form.take(refusal)
        may_be_sent_again()
        return refused(refusal) or shown(status=status_of(refusal))
    is_done()
    return done(made)


def asked_to_wait(
    request: HttpRequest, form: TakesRefusals, shown: Shows, *, event_id: UUID | None = None
) -> HttpResponse | None:
    """Count one form that anybody may send. Where there were too many: the page, with what was typed; else None.

    event_id: the meeting whose code on the wall may have come along (web.site.counting).
    """
    try:
        count_public_post(request, event_id, now=timezone.now())
    except TooOften as often:
        form.is_valid()
        words = gettext(
            "Many people are using this page from one place. Wait a minute, then press the button again."
        )
        form.add_error(None, words)
        answer = shown(status=HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(often.verdict.wait)
        return answer
    return None


def keyed_form_page[Made](
    request: HttpRequest,
    form: TakesRefusals,
    act: Callable[[], Made],
    *,
    shown: Callable[[int, str], HttpResponse],
    is_this_right: Callable[[], HttpResponse],
    done: Callable[[Made], HttpResponse],
    half_done: Callable[[RuleViolation], bool] = lambda _refusal: False,
    spent: str = "",
) -> HttpResponse:
    """Answer the POST of a form that is one act however often it is sent (web.site.forms.kept_answers).

    As ``form_page``; besides, a form without a key is asked about once more, and ``change`` leads from there back to the
    form. shown: also takes a key in place of the one that came along, empty for that one. half_done: whether what was
    refused has been done in part, so that its key is spent. spent: what to say where it was before.
    """

    def under_its_key() -> Made:
        try:
            return act()
        except (KeyReused, KeyInvalid):
            raise SentBefore(spent) from None

    def refused(refusal: RuleViolation) -> HttpResponse:
        is_spent = isinstance(refusal, SentBefore) or half_done(refusal)
        return shown(status_of(refusal), fresh_key() if is_spent else "")

    if form.is_valid():
        if "change" in request.POST:
            return shown(HTTPStatus.OK, "")
        if not key_of(request):
            return is_this_right()
    return form_page(
        request,
        form,
        under_its_key,
        shown=lambda status: shown(status, ""),
        done=done,
        refused=refused,
    )
