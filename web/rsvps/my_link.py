"""Send me my link again: the answer is the same for every address, and the mail goes to the address or nowhere."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.contacts.addresses import LONGEST_EMAIL
from engage.kept_answers.keeping import KeyInvalid, KeyReused, done_once
from events.event.models import Event
from events.rsvps.resident_record import resend_links
from web.events.detail import facts_of
from web.events.in_the_hall import hall_of
from web.events.reading import public_event
from web.site.forms.kept_answers import fresh_key, kept, key_of
from web.site.forms.page import asked_to_wait, form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.public import public_form_page, show


class MyLink(TakesRefusals):
    email = forms.CharField(
        label=_("The email you gave us for this meeting"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Type your email.")},
    )


@public_form_page
def my_link(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """GET asks for the address; POST answers the same whether it is known or not."""
    event = public_event(event_id)
    form = MyLink(sent(request))
    told = facts_of(event) | {
        "form": form,
        "sent": False,
        "hall": hall_of(request, event, now=timezone.now()),
    }

    def shown(status: int, **more: bool) -> HttpResponse:
        return show(request, "rsvps/my_link.html", event.agency, told | more, nav="events", status=status)

    wait = asked_to_wait(request, form, shown, event_id=event_id) if request.method == "POST" else None
    return wait or form_page(
        request,
        form,
        lambda: _send(request, event, form.cleaned_data["email"]),
        shown=shown,
        done=lambda _sent: shown(HTTPStatus.OK, sent=True),
    )


def _send(request: HttpRequest, event: Event, email: str) -> None:
    """In the one transaction that keeps the answer, which is written for every address alike: a commit takes longer
    than all else here, and would tell who has a place. Without a key of the browser's nothing has to be asked first:
    a form sent twice is one more mail of two a day, or none.
    """
    now = timezone.now()
    send = partial(resend_links, event, email, now=now)
    try:
        done_once(kept(request, now=now, key=key_of(request) or fresh_key()), send)
    except (KeyInvalid, KeyReused):
        done_once(kept(request, now=now, key=fresh_key()), send)
