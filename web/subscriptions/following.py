"""Following something by email: the same answer for every address, and nothing is sent until its owner has confirmed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from engage.agencies.languages import in_language
from engage.agencies.models import Agency
from engage.contacts.addresses import LONGEST_EMAIL
from engage.database.ids import id_in
from engage.kept_answers.keeping import done_once
from engage.refusals import Unknown
from events.event.discretion import is_seen_to_be_discreet
from outreach.subscriptions.models import SubscriptionTarget
from outreach.subscriptions.subscribing import is_there, subscribe
from outreach.subscriptions.words import name_of, what_comes
from web.site.forms.kept_answers import fresh_key, kept, key_of
from web.site.forms.page import asked_to_wait, keyed_form_page
from web.site.forms.refusals import TakesRefusals
from web.site.frames.discretion import named
from web.site.frames.public import off_the_device, public_form_page, show, the_agency
from web.site.languages.addresses import address_of

_SENT: Final = "sent"


class Follow(TakesRefusals):
    """Whether the address can be one is the domain's to say."""

    email = forms.CharField(
        label=gettext_lazy("Your email"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Type your email, such as name@example.org.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of our emails"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None) -> None:
        spoken = get_language()
        usual = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if data is not None and data.get("language") not in dict(settings.LANGUAGES):
            # A language that our mails do not speak, or none: that of the page.
            data = data.copy()
            data["language"] = usual
        super().__init__(data, initial={"language": usual})


@dataclass(frozen=True, slots=True)
class Followed:
    """name: as it was written first; empty for a contribution, whose words are nobody else's to read."""

    target: str
    target_id: UUID
    name: str = ""
    translations: Any = None


def what_is_followed(agency: Agency, target: str, target_id: UUID | None) -> Followed:
    """Two queries. target_id: not needed for the agency. Raises Unknown where it is not there for the public."""
    if target not in SubscriptionTarget.values:
        raise Unknown
    if target == SubscriptionTarget.AGENCY:
        return Followed(target, agency.pk, agency.name)
    if target_id is None or not is_there(agency, target, target_id):
        raise Unknown
    name, translations = name_of(target, target_id)
    return Followed(target, target_id, name, translations)


@public_form_page
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """``target`` and ``id`` say what is followed: the agency where they are missing. POST also ``email``, ``language``."""
    agency = the_agency(slug)
    if request.method != "POST":
        if _SENT in request.GET:
            return off_the_device(show(request, "subscriptions/check_your_email.html", agency))
        return _show(request, agency, _followed(agency, request.GET), Follow())
    return _posted(request, agency, _followed(agency, request.POST), Follow(request.POST))


def _posted(request: HttpRequest, agency: Agency, followed: Followed, form: Follow) -> HttpResponse:
    def done(_asked: object) -> HttpResponse:
        answer = HttpResponseRedirect(f"{address_of('follow', slug=agency.slug)}?{_SENT}")
        answer.status_code = 303
        return answer

    shown = partial(_show, request, agency, followed, form)
    return asked_to_wait(request, form, shown) or keyed_form_page(
        request,
        form,
        lambda: _ask(request, agency, followed, form, now=timezone.now()),
        shown=lambda status, key: shown(status=status, key=key),
        is_this_right=lambda: _is_this_right(request, agency, followed, form),
        done=done,
    )


def _ask(request: HttpRequest, agency: Agency, followed: Followed, form: Follow, *, now: dt.datetime) -> None:
    """Raises what the rules refuse, KeyReused, KeyInProgress."""
    done_once(
        kept(request, now=now),
        lambda: subscribe(
            agency=agency,
            target=followed.target,
            target_id=followed.target_id,
            email=form.cleaned_data["email"].strip(),
            language=form.cleaned_data["language"],
            now=now,
        ),
    )


def _followed(agency: Agency, asked: dict[str, str]) -> Followed:
    target = asked.get("target") or SubscriptionTarget.AGENCY.value
    try:
        return what_is_followed(agency, target, id_in(asked["id"]) if asked.get("id") else None)
    except Unknown:
        raise Http404 from None


def _is_this_right(request: HttpRequest, agency: Agency, followed: Followed, form: Follow) -> HttpResponse:
    """A browser that made no key: ask once more, with a key of ours, and change nothing yet."""
    context = _words(followed) | {
        "given": form.cleaned_data,
        "language": form.cleaned_data["language"],
        "key": fresh_key(),
    }
    return show(request, "subscriptions/is_this_right.html", agency, context)


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
    return show(request, "subscriptions/follow.html", agency, context, status=status)


def _words(followed: Followed) -> dict[str, object]:
    named(discreet=is_seen_to_be_discreet(followed.target, followed.target_id))
    field = "title"
    name = in_language(followed.translations or {}, get_language() or "", field, followed.name)
    return {"followed": followed, "name": name, "what_comes": what_comes(followed.target)}
