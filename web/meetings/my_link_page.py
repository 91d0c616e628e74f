"""Send me my link again: the answer is the same for every address, and the mail goes to the address or nowhere."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.answer_keeping import KeyInvalid, KeyReused
from engage.rule_violation import Invalid
from events.models import Event
from events.resident_record import resend_links
from outreach.meeting_showing import public_meeting
from web.forms.refusals import TakesRefusals
from web.kept_answers import Keeping, fresh_key, key_of, once
from web.meetings.event_page import facts_of
from web.meetings.in_the_hall import hall_of
from web.public_pages import public_form_page, show


class MyLink(TakesRefusals):
    email = forms.CharField(
        label=_("The email you gave us for this meeting"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Type your email.")},
    )


@public_form_page
def my_link(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """GET asks for the address; POST answers the same whether it is known or not."""
    event = public_meeting(event_id)
    form = MyLink(request.POST if request.method == "POST" else None)
    told = facts_of(event) | {"form": form, "hall": hall_of(request, event, now=timezone.now())}
    if request.method != "POST":
        return show(request, "rsvp/my_link.html", event.agency, told, nav="meetings")
    if form.is_valid():
        try:
            _send(request, event, form.cleaned_data["email"])
            return show(request, "rsvp/my_link.html", event.agency, told | {"sent": True}, nav="meetings")
        except Invalid as refusal:
            form.take(refusal)
    return show(request, "rsvp/my_link.html", event.agency, told, nav="meetings", status=400)


def _send(request: HttpRequest, event: Event, email: str) -> None:
    """In the one transaction that keeps the answer, which is written for every address alike: a commit takes longer
    than all else here, and would tell who has a place. Without a key of the browser's nothing has to be asked first:
    a form sent twice is one more mail of two a day, or none.
    """
    now = timezone.now()

    def send() -> bytes:
        resend_links(event, email, now=now)
        return b""

    try:
        once(Keeping(request, now=now, key=key_of(request) or fresh_key()), send)
    except (KeyInvalid, KeyReused):
        once(Keeping(request, now=now, key=fresh_key()), send)
