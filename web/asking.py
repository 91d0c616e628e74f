"""Taking in what somebody has to say, at a meeting or to the agency: one form, one way, with or without an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from engage.answer_keeping import KeyInvalid, KeyReused
from engage.rule_violation import Refusal, RuleViolation
from events.room_codes import as_typed
from web.counting import ROOM_CODE, ROOM_IN_ADDRESS, room_code_in
from web.forms.ask_something import AskSomething
from web.kept_answers import FIELD, fresh_key, key_of

SENT: Final = "sent"


class Shows(Protocol):
    """Shows the page with the form as it stands. key: in place of the one it came with."""

    def __call__(self, form: AskSomething, *, status: int = 200, key: str = "") -> HttpResponse: ...


def take_words(
    request: HttpRequest,
    *,
    show: Shows,
    is_this_right: Callable[[dict[str, Any]], HttpResponse],
    take: Callable[[AskSomething], None],
    page: str,
) -> HttpResponse:
    """Answer a POST of the form. page: its address, where the thanks stand too. take: keeps the words.

    What a rule refuses, and a key that is spent, are said on the form.
    """
    form = AskSomething(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return show(form, status=400 if form.errors else 200)
    if not key_of(request):
        return is_this_right(_to_look_at(request, form) | {"page": page})
    try:
        take(form)
    except (KeyReused, KeyInvalid):
        form.add_error(None, _("This form was sent before. Press the button again to send this as well."))
        return show(form, status=409, key=fresh_key())
    except RuleViolation as refusal:
        form.take(refusal)
        return show(form, status=400 if refusal.refusal is Refusal.INVALID else 409)
    answer = HttpResponseRedirect(f"{page}?{SENT}{_from_the_hall(request)}")
    answer.status_code = 303
    return answer


def _from_the_hall(request: HttpRequest) -> str:
    """So that whoever asks one thing more need not read the wall again."""
    code = as_typed(request.POST.get(ROOM_CODE, ""))
    return f"&{ROOM_IN_ADDRESS}={code}" if code else ""


def key_for(request: HttpRequest, key: str) -> str:
    """The form's key on an answer to a POST, which is kept nowhere; a page that may be kept holds none."""
    return key or key_of(request) or fresh_key() if request.method == "POST" else ""


def _to_look_at(request: HttpRequest, form: AskSomething) -> dict[str, Any]:
    """A browser that made no key: what it is asked about once more, with a key of ours."""
    hidden = [(name, request.POST.get(name, "")) for name in form.fields]
    return {
        "given": form.cleaned_data,
        "anonymous": form.anonymous,
        "kind": dict(form.fields["kind"].choices)[form.cleaned_data["kind"]],  # type: ignore[attr-defined]
        "hidden": [*hidden, *room_code_in(request), (FIELD, fresh_key())],
    }
