"""Saving a place: one form, one act, one answer, however often it is sent."""

from __future__ import annotations

import datetime as dt
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from engage.counting.rates import network_of
from engage.kept_answers.keeping import StoredAnswer, kept_inside
from events.event.standing import takes_rsvps
from events.planning.room_codes import as_typed
from events.rsvps.floods import remember_connection
from events.rsvps.models import RsvpSource
from events.rsvps.parties import EventFull, room_of
from events.rsvps.responding import Response, respond
from web.events.detail import about
from web.events.in_the_hall import hall_of
from web.events.party_choice import BUTTONS
from web.events.reading import event_to_save_at, public_event, show_event
from web.events.rsvp_form import SaveRsvp
from web.site.counting import ROOM_IN_ADDRESS, room_code_in
from web.site.forms.kept_answers import FIELD, fresh_key, kept, key_of
from web.site.forms.origins import public_form
from web.site.forms.page import asked_to_wait, keyed_form_page
from web.site.frames.behind_a_link import answers_refusals
from web.site.frames.public import show
from web.site.languages.addresses import address_of


@public_form
@answers_refusals
def save_rsvp(request: HttpRequest, event_id: UUID, language: str = settings.LANGUAGE_CODE) -> HttpResponse:
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
    form = SaveRsvp(event_to_save_at(event_id), request.POST)
    again = partial(_again, request, event_id, form, now=now)
    return asked_to_wait(request, form, again, event_id=event_id) or keyed_form_page(
        request,
        form,
        lambda: _respond(request, event_id, form, now=now),
        # The page reads the meeting anew: a race with others may be why a rule said no.
        shown=lambda status, key: again(status=status, key=key),
        is_this_right=lambda: _asked_about(request, event_id, form),
        done=_on_to,
        half_done=lambda refusal: bool(refusal.extra.get("question_received")),
        spent=_("This form has saved a place before. Press the button again for one more place."),
    )


def _respond(request: HttpRequest, event_id: UUID, form: SaveRsvp, *, now: dt.datetime) -> str:
    """The token of the place's page: of the one just saved, or of the one that this form saved before."""
    keeping = kept(request, now=now)

    def settle(made: Response) -> None:
        keeping.settle(status=HTTPStatus.CREATED, body=made.screen_token.encode())

    def save() -> str:
        try:
            made = respond(
                event_id, **form.wish(), source=RsvpSource.WEB, idempotency_key=keeping.key, now=now,
                opening=keeping.claim, settle=settle,
            )  # fmt: skip
        except EventFull:
            # The same form, sent twice at once, may be what has taken the seats.
            if stored := keeping.look_up():
                return _token_kept(stored)
            raise
        remember_connection(made.rsvp, network_of(request.META))
        return made.screen_token

    return kept_inside(keeping, save, again=_token_kept)


def _token_kept(stored: StoredAnswer) -> str:
    return stored.body.decode()


def _on_to(token: str) -> HttpResponse:
    # 303: whatever the browser sent, it goes on with a GET (RFC 9110 §15.4.4).
    answer = HttpResponseRedirect(reverse("manage", args=[token]) + "?new")
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer


def _again(
    request: HttpRequest, event_id: UUID, form: SaveRsvp, *, now: dt.datetime, status: int, key: str = ""
) -> HttpResponse:
    """The whole page with the form as it was filled in, or what is to be chosen where a party finds no room.

    Nothing was done under its key yet, unless it gets a new one.
    """
    if form.asked:
        return _is_this_right(request, event_id, form, status=status, key=key or key_of(request))
    shown = show_event(event_id, now=now)
    context = about(shown, form, now=now) | {"key": key or key_of(request) or fresh_key(), "again": True}
    context["hall"] = hall_of(request, shown.event, now=now)
    return show(request, "events/detail.html", shown.event.agency, context, nav="events", status=status)


def _asked_about(request: HttpRequest, event_id: UUID, form: SaveRsvp) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    event, party = public_event(event_id), form.party()
    room = room_of(event)
    if takes_rsvps(event, timezone.now()) and not form.cleaned_data["wait"] and not room.seats(party):
        form.ask(EventFull(room, party))
    return _is_this_right(request, event_id, form, status=HTTPStatus.OK, key=fresh_key())


def _is_this_right(
    request: HttpRequest, event_id: UUID, form: SaveRsvp, *, status: int, key: str
) -> HttpResponse:
    """All that was typed, to be looked at once more; and where the party finds no room, what it can do."""
    given: Any = form.data
    kept = form.fields.keys() - (BUTTONS if form.asked else set())
    hidden = [(name, value) for name, values in given.lists() if name in kept for value in values]
    now = timezone.now()
    shown = show_event(event_id, now=now)
    context: dict[str, Any] = about(shown, form, now=now) | {
        "wish": form.wish() | ({"party_size": form.typed} if form.asked else {}),
        "needs": [need.kind for need in form.wanted()],
        "need_words": [need["box"].label for need in form.needs() if need["box"].value()],
        "message_language": dict(settings.LANGUAGES).get(form.cleaned_data["language"]),
        "hidden": [*hidden, *room_code_in(request), (FIELD, key)],
    }
    return show(
        request, "events/is_this_right.html", shown.event.agency, context, nav="events", status=status
    )
