"""One promise: where it stands, every change of it, where it was made, and following it by email."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from engage.models import Agency, Commitment
from engage.rule_violation import Unknown
from outreach.letter_languages import in_language
from outreach.models import SubscriptionTarget
from outreach.promise_showing import ShownPromise, show_promise
from web.discretion import named
from web.languages import address_of
from web.meetings.meeting_words import title_of as meeting_title
from web.promise_words import standing_of
from web.promises.history_words import history, latest
from web.promises.promise_rows import due_in_words, title_of
from web.public_pages import public_page, show, the_agency


@public_page
def promise(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    agency = the_agency(slug)
    try:
        shown = show_promise(agency, number, now=timezone.now())
    except Unknown:
        raise Http404 from None
    return show(request, "promises/detail.html", agency, _context(agency, shown), nav="promises")


@public_page
def promise_that_says_nothing(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """To the promise's page, from an address that says neither whose it is nor what it is about: discreet letters hold it."""
    found = (
        Commitment.objects.filter(pk=commitment_id, draft=False).values_list("agency__slug", "number").first()
    )
    if found is None:
        raise Http404
    answer = redirect(address_of("promise", slug=found[0], number=found[1]))
    patch_cache_control(answer, no_store=True)
    return answer


def _context(agency: Agency, shown: ShownPromise) -> dict[str, Any]:
    made, origin = shown.told.promise, shown.origin
    # The meeting says so itself; what people had said is named here too.
    named(discreet=origin.discreet)
    moved = made.due_on != made.first_due_on
    return {
        "promise": made,
        "title": title_of(made),
        "done_means": in_language(made.translations, get_language() or "", "done_means", made.done_means),
        "standing": standing_of(made, shown.today),
        "latest": latest(shown.told, agency),
        "entries": history(shown.told, agency),
        "made_on": shown.told.made_on,
        "due": due_in_words(made, shown.today),
        "first_due": made.first_due_on if moved else None,
        "communities": sorted(made.communities.all(), key=lambda each: each.name),
        "origin": origin,
        "meeting": origin.meeting,
        "meeting_title": meeting_title(origin.meeting) if origin.meeting else "",
        "target": SubscriptionTarget.COMMITMENT.value,
        "target_id": made.pk,
    }
