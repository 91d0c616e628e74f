"""Saving a place: one form, one act, one answer, however often it is sent."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from engage.answer_keeping import KeyInvalid, KeyReused
from engage.rate_counting import LONGEST_WAIT
from engage.rule_violation import Refusal, RuleViolation, Unknown
from events.flood_undoing import remember_connection
from events.models import RsvpSource
from events.responding import Response, respond
from events.room_codes import as_typed
from outreach.meeting_showing import host_of_public_meeting, show_meeting
from web.behind_a_link import answers_refusals
from web.counting import ROOM_IN_ADDRESS, TooManyTries, count_public_post, network_of, room_code_in
from web.form_origins import public_form
from web.forms.save_place import SavePlace
from web.kept_answers import FIELD, AnsweredBefore, Keeping, fresh_key, key_of
from web.languages import address_of
from web.meetings.event_page import about
from web.meetings.in_the_hall import hall_of
from web.public_pages import show

_STATUS: Final = {Refusal.INVALID: HTTPStatus.BAD_REQUEST, Refusal.CONFLICT: HTTPStatus.CONFLICT}


@public_form
@answers_refusals
def save_place(request: HttpRequest, event_id: UUID, language: str = settings.LANGUAGE_CODE) -> HttpResponse:
    """POST: saved, and on to the page of the place; or the form again, with all that was typed and what to mend."""
    with translation.override(language):
        if request.method != "POST":
            return HttpResponseRedirect(f"{address_of('event', event_id=event_id)}{_with_room(request)}#rsvp")
        answer = _saved(request, event_id, now=timezone.now())
    patch_cache_control(answer, no_store=True)
    answer["Content-Language"] = language
    return answer


def _with_room(request: HttpRequest) -> str:
    code = as_typed(request.GET.get(ROOM_IN_ADDRESS, ""))
    return f"?{ROOM_IN_ADDRESS}={code}" if code else ""


def _saved(request: HttpRequest, event_id: UUID, *, now: dt.datetime) -> HttpResponse:
    # The rest of the page is read only where it has to be shown again.
    form = SavePlace(host_of_public_meeting(event_id), request.POST)
    try:
        count_public_post(request, event_id, now=now)
    except TooManyTries as tries:
        return _too_many(request, event_id, form, tries, now=now)
    wants_to_change = "change" in request.POST
    if not form.is_valid() or wants_to_change:
        status = HTTPStatus.OK if wants_to_change and form.is_valid() else HTTPStatus.BAD_REQUEST
        return _again(request, event_id, form, now=now, status=status)
    if not key_of(request):
        return _is_this_right(request, event_id, form)
    try:
        return _on_to(_respond(request, event_id, form, now=now))
    except Unknown:
        raise
    except RuleViolation as refusal:
        return _refused(request, event_id, form, refusal, now=now)


def _respond(request: HttpRequest, event_id: UUID, form: SavePlace, *, now: dt.datetime) -> str:
    """The token of the place's page: of the one just saved, or of the one that this form saved before."""
    keeping = Keeping(request, now=now)
    stored = keeping.look_up()
    if stored is not None:
        return stored.body.decode()

    def settle(made: Response) -> None:
        keeping.settle(status=HTTPStatus.CREATED, body=made.screen_token.encode())

    try:
        made = respond(
            event_id, **form.wish(), source=RsvpSource.WEB, idempotency_key=keeping.key, now=now,
            opening=keeping.claim, settle=settle,
        )  # fmt: skip
    except AnsweredBefore as before:
        return before.stored.body.decode()
    remember_connection(made.rsvp, network_of(request))
    return made.screen_token


def _on_to(token: str) -> HttpResponse:
    # 303: whatever the browser sent, it goes on with a GET (RFC 9110 §15.4.4).
    answer = HttpResponseRedirect(reverse("manage", args=[token]) + "?new")
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def _refused(
    request: HttpRequest, event_id: UUID, form: SavePlace, refusal: RuleViolation, *, now: dt.datetime
) -> HttpResponse:
    """What a rule says no to. The page reads the meeting anew: a race with others may be why."""
    status = _STATUS.get(refusal.refusal, HTTPStatus.CONFLICT)
    if isinstance(refusal, KeyReused | KeyInvalid):
        form.add_error(
            None, _("This form has saved a place before. Press the button again for one more place.")
        )
        return _again(request, event_id, form, now=now, status=HTTPStatus.CONFLICT, new_key=True)
    received = bool(refusal.extra.get("question_received"))
    form.take(refusal)
    if received:
        # It is kept already; sent again it would be there twice.
        kept = request.POST.copy()
        kept["question"] = ""
        form.data = kept
        form.add_error(None, _("Your question has reached us all the same, without a name."))
    return _again(request, event_id, form, now=now, status=status, new_key=received)


def _too_many(
    request: HttpRequest, event_id: UUID, form: SavePlace, tries: TooManyTries, *, now: dt.datetime
) -> HttpResponse:
    form.is_valid()
    form.add_error(
        None, _("Many people are using this page from one place. Wait a minute, then press the button again.")
    )
    answer = _again(request, event_id, form, now=now, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(min(max(tries.verdict.retry_after, 1), LONGEST_WAIT))
    return answer


def _again(
    request: HttpRequest,
    event_id: UUID,
    form: SavePlace,
    *,
    now: dt.datetime,
    status: int,
    new_key: bool = False,
) -> HttpResponse:
    """The whole page with the form as it was filled in. Nothing was done under its key yet, unless it gets a new one."""
    key = fresh_key() if new_key else key_of(request) or fresh_key()
    shown = show_meeting(event_id, now=now)
    context = about(shown, form, now=now) | {"key": key, "again": True}
    context["hall"] = hall_of(request, shown.event, now=now)
    return show(request, "events/detail.html", shown.event.agency, context, nav="meetings", status=status)


def _is_this_right(request: HttpRequest, event_id: UUID, form: SavePlace) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    hidden = [
        (name, value) for name, values in request.POST.lists() if name in form.fields for value in values
    ]
    now = timezone.now()
    shown = show_meeting(event_id, now=now)
    context: dict[str, Any] = about(shown, form, now=now) | {
        "wish": form.wish(),
        "needs": [need.kind for need in form.wanted()],
        "need_words": [need["box"].label for need in form.needs() if need["box"].value()],
        "message_language": dict(settings.LANGUAGES).get(form.cleaned_data["language"]),
        "hidden": [*hidden, *room_code_in(request), (FIELD, fresh_key())],
    }
    return show(request, "rsvp/is_this_right.html", shown.event.agency, context, nav="meetings")
