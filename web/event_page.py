"""One public meeting, in plain words: where its entry in a calendar leads to."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.access import public_events
from events.calendar_export import place_of
from web.dates_in_words import when_in_words


@require_safe
@cache_control(public=True, max_age=60)
def event(request: HttpRequest, event_id: UUID, language: str = "en") -> HttpResponse:
    """404 for drafts and for what is not for everyone. One language an address, as on the first page."""
    found = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if found is None:
        raise Http404
    with translation.override(language):
        context = {
            "event": found,
            "when": when_in_words(found),
            "where": place_of(found),
            "agenda": list(found.agenda_items.all()),
            "language": language,
        }
        answer = render(request, "pages/event.html", context)
    answer["Content-Language"] = language
    return answer
