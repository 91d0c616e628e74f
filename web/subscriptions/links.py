"""The links under our mails: confirm that you want to hear from us, or stop it at one click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from engage.agencies.models import Agency
from engage.contacts.links import Purpose
from events.event.discretion import is_discreet
from outreach.subscriptions import one_click_unsubscribe, subscribing
from outreach.subscriptions.words import followed_in, what_comes
from web.site.forms.one_act import is_done
from web.site.frames.behind_a_link import answers_refusals, link_page, speak
from web.site.frames.discretion import named
from web.site.frames.public import show


@link_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second half of the double opt-in. Scanners open links, so only the button confirms."""
    if request.method == "POST":
        confirmed = subscribing.confirm(token, now=timezone.now())
        speak(request, confirmed.language)
        is_done()
        return _done(request, confirmed.agency, _("You will hear from us"), what_comes(confirmed.target))
    asked = subscribing.subscription_behind(token, [Purpose.CONFIRM])
    speak(request, asked.language)
    named(discreet=is_discreet(asked.target, asked.target_id))
    context = {
        "heading": _("Hear from us?"),
        "followed": followed_in(asked, get_language() or ""),
        "text": what_comes(asked.target),
        "button": _("Yes, write to me"),
    }
    return show(request, "subscriptions/to_confirm.html", asked.agency, context)


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button for people; for mail programs one POST, without a cookie and from anywhere (RFC 8058 §3.1)."""
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        return _one_click(request, token)
    return _by_button(request, token)


@answers_refusals
def _one_click(request: HttpRequest, token: str) -> HttpResponse:
    one_click_unsubscribe.unsubscribe(token, now=timezone.now())
    return HttpResponse(status=200, content_type="text/plain")


@link_page
def _by_button(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        stopped = one_click_unsubscribe.unsubscribe(token, now=timezone.now())
        speak(request, stopped.language)
        is_done()
        return _stopped(request, stopped.agency)
    standing = one_click_unsubscribe.what_it_stops(token)
    speak(request, standing.language)
    if standing.has_ended:
        return _stopped(request, standing.agency)
    context = {
        "heading": _("Stop these messages?"),
        "followed": "",
        "text": _("Press the button, and no further message of this kind comes to you."),
        "button": _("Stop them"),
    }
    return show(request, "subscriptions/to_confirm.html", standing.agency, context)


def _stopped(request: HttpRequest, agency: Agency) -> HttpResponse:
    text = _("No further message is sent. Your place at a meeting is not touched by this.")
    return _done(request, agency, pgettext("messages", "Stopped"), text)


def _done(request: HttpRequest, agency: Agency, heading: str, text: str) -> HttpResponse:
    return show(request, "subscriptions/done.html", agency, {"heading": heading, "text": text})
