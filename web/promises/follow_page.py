"""Following something by email: the same answer for every address, and nothing is sent until its owner has confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.answer_keeping import KeyInvalid, KeyReused
from engage.models import Agency
from engage.rule_violation import Refusal, RuleViolation, Unknown
from events.discretion import is_discreet
from outreach.following import Followed, what_is_followed
from outreach.letter_languages import in_language
from outreach.models import SubscriptionTarget
from outreach.subscribing import subscribe
from web.discretion import named
from web.forms.follow import Follow
from web.kept_answers import Keeping, fresh_key, key_of, once
from web.languages import address_of
from web.public_pages import off_the_device, public_form_page, show, the_agency

_SENT: Final = "sent"


@public_form_page
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """``target`` and ``id`` say what is followed: the agency where they are missing. POST also ``email``, ``language``."""
    agency = the_agency(slug)
    if request.method != "POST":
        if _SENT in request.GET:
            return off_the_device(show(request, "subscribe/check_your_email.html", agency))
        return _show(request, agency, _followed(agency, request.GET), Follow())
    return _posted(request, agency, _followed(agency, request.POST), Follow(request.POST))


def _posted(request: HttpRequest, agency: Agency, followed: Followed, form: Follow) -> HttpResponse:
    if not form.is_valid():
        return _show(request, agency, followed, form, status=400)
    if not key_of(request):
        return _is_this_right(request, agency, followed, form)
    try:
        _ask(request, agency, followed, form, now=timezone.now())
    except (KeyReused, KeyInvalid):
        form.add_error(None, _("This form was sent before. Press the button again to send this as well."))
        return _show(request, agency, followed, form, status=409, key=fresh_key())
    except RuleViolation as refusal:
        form.take(refusal)
        status = 400 if refusal.refusal is Refusal.INVALID else 409
        return _show(request, agency, followed, form, status=status)
    answer = HttpResponseRedirect(f"{address_of('follow', slug=agency.slug)}?{_SENT}")
    answer.status_code = 303
    return answer


def _ask(request: HttpRequest, agency: Agency, followed: Followed, form: Follow, *, now: dt.datetime) -> None:
    """Raises what the rules refuse, KeyReused, KeyInProgress."""

    def ask() -> bytes:
        subscribe(
            agency=agency,
            target=followed.target,
            target_id=followed.target_id,
            email=form.cleaned_data["email"].strip(),
            language=form.cleaned_data["language"],
            now=now,
        )
        return b""

    once(Keeping(request, now=now), ask)


def _followed(agency: Agency, asked: dict[str, str]) -> Followed:
    target = asked.get("target") or SubscriptionTarget.AGENCY.value
    try:
        return what_is_followed(agency, target, UUID(asked["id"]) if asked.get("id") else None)
    except (Unknown, ValueError):
        raise Http404 from None


def _is_this_right(request: HttpRequest, agency: Agency, followed: Followed, form: Follow) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    context = _words(followed) | {
        "given": form.cleaned_data,
        "language": form.cleaned_data["language"],
        "key": fresh_key(),
    }
    return show(request, "subscribe/is_this_right.html", agency, context)


def _show(
    request: HttpRequest,
    agency: Agency,
    followed: Followed,
    form: Follow,
    *,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    if request.method == "POST":
        # This page is kept nowhere, so it may hold a key for a browser that makes none.
        key = key or key_of(request) or fresh_key()
    context = _words(followed) | {"form": form, "key": key}
    return show(request, "subscribe/follow.html", agency, context, status=status)


def _words(followed: Followed) -> dict[str, object]:
    named(discreet=is_discreet(followed.target, followed.target_id))
    field = "title"
    name = in_language(followed.translations or {}, get_language() or "", field, followed.name)
    return {"followed": followed, "name": name, "what_comes": what_comes(followed.target)}


def what_comes(target: str) -> str:
    """When we write to whoever follows that kind of thing."""
    sentences = {
        SubscriptionTarget.AGENCY: _(
            "We write when a new meeting is set, and when there is a summary of one."
        ),
        SubscriptionTarget.DIALOGUE: _(
            "We write when a meeting about this is set, and when there is a summary of one."
        ),
        SubscriptionTarget.COMMUNITY: _(
            "We write when a meeting for this community is set, and when there is a summary of one."
        ),
        SubscriptionTarget.THEME: _(
            "We write when a promise that came from this changes, and when a summary speaks of it."
        ),
        SubscriptionTarget.EVENT: _("We write when there is a summary of this meeting."),
        SubscriptionTarget.COMMITMENT: _("We write when something about this promise changes."),
        SubscriptionTarget.CONTRIBUTION: _("We write when a promise that came of your words changes."),
    }
    return sentences[SubscriptionTarget(target)]
