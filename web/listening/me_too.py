""" "Me too": under a question that everybody can read, one press a browser, and nothing that says whose browser it was."""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from typing import Final
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from engage.listening.contributing import endorse
from engage.listening.models import Contribution, ContributionKind
from engage.refusals import Unknown
from events.event.models import Event
from web.events.detail import facts_of
from web.events.reading import public_event
from web.site.counting import room_code_in
from web.site.forms.kept_answers import FIELD, fresh_key, key_of
from web.site.forms.page import asked_to_wait, form_page
from web.site.forms.refusals import TakesRefusals
from web.site.frames.public import public_form_page, show
from web.site.languages.addresses import address_of

MOST: Final = 100
_MARK: Final = re.compile(r"[0-9a-f]{64}")


class MeToo(TakesRefusals):
    """mark: SHA-256, in hex, of a secret of the browser's and the question's id."""

    mark = forms.CharField(required=False)


@public_form_page
def me_too(request: HttpRequest, event_id: UUID, contribution_id: UUID) -> HttpResponse:
    """POST counts it, once for each mark, and says how many there are; GET leads to the questions."""
    event = public_event(event_id)
    question = _question(event, contribution_id)
    if request.method != "POST":
        return HttpResponseRedirect(f"{address_of('event', event_id=event.pk)}#asked")
    form = MeToo(request.POST)
    shown = partial(_show, request, event, question)
    if wait := asked_to_wait(request, form, partial(shown, form), event_id=event_id):
        return wait
    mark = _mark_in(request, question)
    if not mark:
        return shown(form)
    return form_page(
        request,
        form,
        lambda: endorse(question, mark=mark, now=timezone.now()),
        shown=partial(shown, form),
        done=lambda _new: shown(form, counted=True),
    )


def questions_in_public(event: Event) -> list[Contribution]:
    """Those that most people share first; as many as one page can hold. One query."""
    return list(_questions(event).order_by("-endorsements_count", "pk")[:MOST])


def _questions(event: Event) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        event=event, moderation=Contribution.Moderation.SHOWN, kind=ContributionKind.QUESTION
    )


def _question(event: Event, contribution_id: UUID) -> Contribution:
    """Raises Unknown."""
    found = _questions(event).select_related("agency").filter(pk=contribution_id).first()
    if found is None:
        raise Unknown
    return found


def _mark_in(request: HttpRequest, question: Contribution) -> bytes:
    """32 bytes; empty where neither the browser nor our page has made anything to count it by: then it is asked once more."""
    given, key = request.POST.get("mark", ""), key_of(request)
    if _MARK.fullmatch(given):
        return bytes.fromhex(given)
    return sha256(f"{key}:{question.pk}".encode()).digest() if key else b""


def _show(
    request: HttpRequest,
    event: Event,
    question: Contribution,
    form: MeToo,
    *,
    counted: bool = False,
    status: int = 200,
) -> HttpResponse:
    """That it is counted; or, for a browser that made no mark, the question once more, with a key of ours."""
    question.refresh_from_db(fields=["endorsements_count"])
    context = facts_of(event) | {
        "form": form,
        "contribution": question,
        "counted": counted,
        "hidden": [*room_code_in(request), (FIELD, key_of(request) or fresh_key())],
    }
    return show(request, "listening/me_too.html", event.agency, context, nav="events", status=status)
