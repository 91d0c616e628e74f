"""A form that is sent twice is one act: a second press, a retry and the way back through the browser find what the first one made.

``{% csrf_token %}`` gives each form a key of its own (web.templatetags.form_keys), so no form of staff can be without. The frame of
their pages (``desk_page``), and that of pages behind a link, ask here before the view runs: it acts, and its answer is kept under the key
for a day, in one transaction (engage.kept_answers). Kept is where the answer leads and what it said, not what was typed.

A view whose POST leads on (a redirect) has acted. ``form_page`` says of itself what it did; a view that answers with a
page of its own says ``is_done`` or ``may_be_sent_again``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.kept_answers.keeping import (
    AnsweredBefore,
    Keeping,
    KeyInProgress,
    KeyInvalid,
    KeyReused,
    StoredAnswer,
)
from engage.refusals import RuleViolation
from web.site import errors
from web.site.forms.kept_answers import filled_in, key_of
from web.site.message_cookie import SaidOnce

_PATIENCE: Final = 3
_View = Callable[..., HttpResponse]
# What a view answers with that goes through here; a test looks for it at every view that takes a form.
IS_ONE_ACT: Final = "is_one_act"


class SentBefore(RuleViolation):
    """The form's key is spent: it was sent with other words. With a new one it is another act."""

    code = "sent_before"
    sentence = gettext_lazy("This form was sent before. Press the button again to send this as well.")


@dataclass(slots=True)
class _Form:
    """The form that is being answered. spent: its key stands for other words. told: its page says so."""

    spent: bool = False
    told: bool = False
    done: bool | None = None


_under_way: ContextVar[_Form | None] = ContextVar("form_under_way", default=None)


def is_done() -> None:
    """The answer that follows is that of an act, also where it is a page and leads nowhere."""
    if form := _under_way.get():
        form.done = True


def may_be_sent_again() -> None:
    """Nothing was done yet, or nothing that must not be done twice: the same key is good for the next try."""
    if form := _under_way.get():
        form.done = False


def must_be_unspent() -> None:
    """Raises SentBefore, for a page that can show it above its form."""
    form = _under_way.get()
    if form is not None and form.spent:
        form.told = True
        raise SentBefore


def one_act(
    request: HttpRequest, view: Callable[[], HttpResponse], *, principal: str = "", agency: str = ""
) -> HttpResponse:
    """The view's answer, or, where this form was answered before, that answer again.

    principal: who is there; a key is good for them alone. Raises SentBefore, and what the view does; then nothing was done.
    """
    if request.method != "POST" or not key_of(request):
        return view()
    keeping = Keeping(
        route=f"form:{request.path}",
        key=key_of(request),
        body=_what_was_sent(request),
        now=timezone.now(),
        principal=principal,
        agency=agency,
        patient=True,
    )
    for _try in range(_PATIENCE):
        try:
            stored = keeping.look_up()
            return _again(request, stored) if stored else _under_its_key(request, keeping, view)
        except AnsweredBefore as before:
            return _again(request, before.stored)
        except (KeyReused, KeyInvalid):
            return _with_other_words(request, view)
        except KeyInProgress:
            continue
    return errors.page(request, HTTPStatus.CONFLICT)


def _under_its_key(request: HttpRequest, keeping: Keeping, view: Callable[[], HttpResponse]) -> HttpResponse:
    form = _Form()
    with transaction.atomic():
        keeping.claim()
        answer = _seen(view, form)
        leads_on = isinstance(answer, HttpResponseRedirect)
        if leads_on if form.done is None else form.done and answer.status_code < HTTPStatus.BAD_REQUEST:
            keeping.settle(body=json.dumps(_as_kept(request, answer)).encode())
        else:
            keeping.settle(status=HTTPStatus.CONFLICT)
    return answer


def _with_other_words(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The form with what was typed and a new key. A view that cannot show that does nothing, and the frame says so."""
    form = _Form(spent=True)
    try:
        with transaction.atomic():
            answer = _seen(view, form)
            if not form.told and form.done is not False:
                raise SentBefore
    except SentBefore:
        _storage(request).take_back()
        raise
    return answer


def _seen(view: Callable[[], HttpResponse], form: _Form) -> HttpResponse:
    before = _under_way.set(form)
    try:
        return view()
    finally:
        _under_way.reset(before)


def _what_was_sent(request: HttpRequest) -> bytes:
    files = [
        [name, one.name, sha256(b"".join(one.chunks())).hexdigest()]
        for name, each in sorted(request.FILES.lists())
        for one in cast("list[Any]", each)
    ]
    for each in request.FILES.values():
        cast("Any", each).seek(0)
    return filled_in(request) + json.dumps(files).encode()


def _as_kept(request: HttpRequest, answer: HttpResponse) -> dict[str, Any]:
    """A part of a page is not kept: the page, loaded again, shows what was made."""
    if isinstance(answer, HttpResponseRedirect):
        return {
            "to": answer["Location"],
            "status": answer.status_code,
            "said": _storage(request).said_now(),
        }
    if request.headers.get("HX-Request"):
        return {"part": True}
    return {"page": answer.content.decode(), "language": answer.get("Content-Language", "")}


def _again(request: HttpRequest, stored: StoredAnswer) -> HttpResponse:
    kept = json.loads(stored.body or b"{}")
    if "to" in kept:
        _storage(request).say_again(kept["said"])
        return _led_on(kept["to"], kept["status"])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    if "page" in kept:
        answer = HttpResponse(kept["page"])
        if kept["language"]:
            answer["Content-Language"] = kept["language"]
        return answer
    messages.info(request, _("This was done already."))
    return _led_on(request.path, HTTPStatus.SEE_OTHER)


def _led_on(to: str, status: int) -> HttpResponse:
    answer = HttpResponseRedirect(to)
    answer.status_code = status
    return answer


def _storage(request: HttpRequest) -> SaidOnce:
    return cast("SaidOnce", messages.get_messages(request))
