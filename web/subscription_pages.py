"""The links under our mails: confirm that you want to hear from us, or stop it at one click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from engage.resident_links import Purpose
from outreach import one_click_unsubscribe, subscribing
from web.behind_a_link import answers_refusals, link_page, speak


@link_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The second half of the double opt-in. Scanners open links, so only the button confirms."""
    if request.method == "POST":
        speak(request, subscribing.confirm(token, now=timezone.now()).language)
        text = _("We write when there is news. Each mail has a link to stop it.")
        return render(request, "pages/done.html", {"heading": _("You will hear from us"), "text": text})
    speak(request, subscribing.subscription_behind(token, [Purpose.CONFIRM]).language)
    asking = {
        "heading": _("Hear from us?"),
        "text": _(
            "Press the button, and we write to you about what you chose. You can stop it in every mail."
        ),
        "button": _("Yes, write to me"),
    }
    return render(request, "pages/confirm.html", asking)


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
        text = _("No further message is sent. Your place at a meeting is not touched by this.")
        return render(request, "pages/done.html", {"heading": _("Stopped"), "text": text})
    speak(request, one_click_unsubscribe.what_it_stops(token).language)
    asking = {
        "heading": _("Stop these messages?"),
        "text": _("Press the button, and no further message of this kind comes to you."),
        "button": _("Stop them"),
    }
    return render(request, "pages/confirm.html", asking)
