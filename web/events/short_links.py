"""The short address of a meeting: on to its page, in the language of whoever opens it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.event.short_addresses import event_called
from web.site.frames.behind_a_link import answers_refusals, speak
from web.site.languages.addresses import address_of


@require_safe
@answers_refusals
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """404 for whatever has no public page, whether somebody plans it or nobody; each is counted as a guess.

    ``?lang=`` is in what a poster of one language shows to cameras.
    """
    event = event_called(code)
    speak(request, get_language() or "")
    answer = HttpResponseRedirect(address_of("event", event_id=event.pk))
    answer["Cache-Control"] = "no-store"
    return answer
