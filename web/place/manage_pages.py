"""A resident's own place, behind the link in a message or on the screen: change it, give it back, take an offer."""

from __future__ import annotations

import datetime as dt
import io

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engage.rule_violation import RuleViolation
from events.changing_a_place import cancel, change
from events.link_reading import MAILED, MANAGING, Access
from events.link_revoking import make_link_new
from events.waitlisting import accept, decline
from outreach.message_composing.qr_codes import address_of
from web.behind_a_link import link_page, place_behind
from web.forms.change_place import ChangePlace
from web.place.showing import about, show

_ACCEPTING = frozenset({*MANAGING, *MAILED})
_PIXELS_A_MODULE = 12


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
    return show(request, "rsvp/cancel.html", access, about(access, token, now=now))


@link_page
def accept_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an offer: GET says what is offered and until when, POST takes it."""
    now = timezone.now()
    access = place_behind(request, token, _ACCEPTING, now=now)
    if request.method == "POST":
        accept(access.rsvp.pk, access=access, now=now)
        if access.purpose in MANAGING:
            return redirect("manage", token)
        access.rsvp.refresh_from_db()
    return show(request, "rsvp/offer.html", access, about(access, token, now=now))


@link_page
def decline_offer(request: HttpRequest, token: str) -> HttpResponse:
    """POST gives an offered place on to the next; GET leads back to the place."""
    now = timezone.now()
    access = place_behind(request, token, MANAGING, now=now)
    if request.method == "POST":
        decline(access.rsvp.pk, access=access, now=now)
    return redirect("manage", token)


@link_page
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks; POST ends the old links. The new one goes to the address, or, where there is none, to this screen."""
    now = timezone.now()
    access = place_behind(request, token, MANAGING, now=now)
    if request.method != "POST":
        return show(request, "rsvp/new_link.html", access, about(access, token, now=now))
    if made := make_link_new(access, now=now):
        return redirect(f"{reverse('manage', args=[made])}?renewed")
    text = _(
        "The old links do not work any more. A new one is on its way to your address. "
        "If it does not come, ask for your link again on the page of the meeting."
    )
    return show(request, "rsvp/done.html", access, {"heading": _("Your link is new"), "text": text})


@require_safe
@link_page
def place_picture(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code of the ticket as a PNG to keep on the phone: it checks in, and opens nothing."""
    access = place_behind(request, token, MANAGING, now=timezone.now())
    code = access.rsvp.checkin_code
    drawn = io.BytesIO()
    made = segno.make(address_of(code), micro=False, error="m", boost_error=False)
    made.save(drawn, kind="png", scale=_PIXELS_A_MODULE, border=4)
    answer = HttpResponse(drawn.getvalue(), content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="{code}.png"'
    return answer


def _show(
    request: HttpRequest,
    access: Access,
    token: str,
    form: ChangePlace,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    context = about(access, token, now=now) | {
        "form": form,
        "saved": "saved" in request.GET,
        "new": "new" in request.GET,
        "renewed": "renewed" in request.GET,
    }
    return show(request, "rsvp/saved.html", access, context, status=status)
