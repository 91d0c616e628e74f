"""A resident's own place, behind the link in a message or on the screen: change it, give it back, take an offer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from engage.rule_violation import RuleViolation
from events.calendar_export import place_of
from events.changing_a_place import cancel, change
from events.link_reading import MAILED, MANAGING, Access, prove_by
from events.models import RsvpStatus
from events.waitlisting import accept, decline, position_of
from web.behind_a_link import link_page, place_behind
from web.dates_in_words import moment_in_words, when_in_words
from web.forms.change_place import ChangePlace

_ACCEPTING = frozenset({*MANAGING, *MAILED})


@link_page
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the place and what can be done with it; POST changes party, language, reminders or needs."""
    now = timezone.now()
    access = place_behind(request, token, MANAGING, now=now)
    if request.method != "POST":
        return _show(request, access, token, ChangePlace(access), now=now)
    form = ChangePlace(access, request.POST)
    if not form.is_valid():
        return _show(request, access, token, form, now=now, status=400)
    try:
        change(access.rsvp.pk, **form.changes(), access=access, now=now)
    except RuleViolation as refusal:
        form.take(refusal)
        return _show(request, access, token, form, now=now, status=400)
    return redirect(f"{request.path}?saved=1")


@link_page
def cancel_place(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks once more; POST gives the place back."""
    now = timezone.now()
    access = place_behind(request, token, MANAGING, now=now)
    if request.method == "POST":
        cancel(access.rsvp.pk, by="resident", access=access, now=now)
        return redirect("manage", token)
    return render(request, "pages/cancel_place.html", about(access, token, now=now))


@link_page
def accept_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an offer: GET says what is offered and until when, POST takes it."""
    now = timezone.now()
    access = place_behind(request, token, _ACCEPTING, now=now)
    if request.method == "POST":
        with transaction.atomic():
            accept(access.rsvp.pk, now=now)
            prove_by(access, now=now)
        if access.purpose in MANAGING:
            return redirect("manage", token)
        access.rsvp.refresh_from_db()
    return render(request, "pages/accept_offer.html", about(access, token, now=now))


@link_page
def decline_offer(request: HttpRequest, token: str) -> HttpResponse:
    """POST gives an offered place on to the next; GET leads back to the place."""
    now = timezone.now()
    access = place_behind(request, token, MANAGING, now=now)
    if request.method == "POST":
        with transaction.atomic():
            decline(access.rsvp.pk, now=now)
            prove_by(access, now=now)
    return redirect("manage", token)


def _show(
    request: HttpRequest,
    access: Access,
    token: str,
    form: ChangePlace,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    context = about(access, token, now=now) | {"form": form, "saved": "saved" in request.GET}
    return render(request, "pages/manage.html", context, status=status)


def about(access: Access, token: str, *, now: dt.datetime) -> dict[str, Any]:
    """What every page of a place shows. A discreet meeting's title stays away from a shared screen's tab."""
    place, event = access.rsvp, access.rsvp.event
    return {
        "access": access,
        "token": token,
        "place": place,
        "event": event,
        "heading": _("Your place") if event.discreet else event.title,
        "when": when_in_words(event),
        "where": place_of(event),
        "position": position_of(place),
        "offer_until": moment_in_words(place.offer_expires_at, event.timezone),
        "stands": place.status != RsvpStatus.CANCELLED,
        "open": event.status in {"published", "live"} and now < event.ends_at,
        "code": f"{place.checkin_code[:5]} {place.checkin_code[5:]}",
        "other_language": "es" if translation.get_language() != "es" else "en",
    }
