"""Asking in public, at a meeting or the agency itself: one form, one way, and no name unless somebody wants to hear what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from engage.contacts.addresses import LONGEST_EMAIL
from engage.kept_answers.keeping import anonymous_once, done_once
from engage.listening.contributing import contribute
from engage.listening.intake import take_in
from engage.listening.models import Contribution, ContributionIntake, ContributionKind, WayIn
from engage.listening.words import LONGEST_TEXT
from engage.paging import Slice, slice_of
from engage.refusals import Unknown
from events.event.models import Event
from events.event.standing import EventStanding, standing_of
from events.planning.room_codes import as_typed
from outreach.subscriptions.subscribing import contribute_and_follow
from web.events.detail import facts_of
from web.events.in_the_hall import NO_HALL, hall_of
from web.events.reading import public_event
from web.listening.me_too import questions_in_public
from web.site.counting import ROOM_CODE, ROOM_IN_ADDRESS, room_code_in
from web.site.forms.fields import offered
from web.site.forms.kept_answers import FIELD, fresh_key, kept, key_of
from web.site.forms.page import asked_to_wait, keyed_form_page
from web.site.forms.refusals import TakesRefusals
from web.site.frames.public import off_the_device, public_form_page, show, the_agency
from web.site.languages.addresses import address_of

EMAIL, NOBODY = "email", "none"


class AskSomething(TakesRefusals):
    """Rules live in the domain. ``anonymous`` is the default, and needs nothing but the words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (each.value, each.label)
            for each in (
                ContributionKind.QUESTION,
                ContributionKind.CONCERN,
                ContributionKind.IDEA,
                ContributionKind.THANKS,
            )
        ],
        initial=ContributionKind.QUESTION.value,
    )
    body = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "Leave out what points to you or to somebody else, such as names and addresses."
        ),
        error_messages={"required": gettext_lazy("Write what you want to ask or say.")},
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("Do you want to hear what comes of it?"),
        choices=[
            (NOBODY, gettext_lazy("No. Send it without a name")),
            (EMAIL, gettext_lazy("Yes, write to me")),
        ],
        widget=forms.RadioSelect,
        initial=NOBODY,
    )
    email = forms.CharField(
        label=gettext_lazy("Your email"),
        required=False,
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("contact") == EMAIL
            and not given.get("email", "").strip()
            and "email" not in self.errors
        ):
            self.add_error("email", gettext_lazy("Type your email, or choose to send it without a name."))
        return given

    @property
    def anonymous(self) -> bool:
        return bool(self.cleaned_data["contact"] == NOBODY)


PAGE: Final = 20
SENT: Final = "sent"


def contributions_in_public(agency: Agency, *, after: str = "") -> Slice[Contribution]:
    """The latest day first; no hour of it is kept. One query. Raises Unknown for an ``after`` that nobody gave out."""
    rows = Contribution.objects.filter(
        agency=agency, event=None, dialogue=None, moderation=Contribution.Moderation.SHOWN
    )
    return slice_of(rows, ("-said_on", "-pk"), size=PAGE, after=after, refused=Unknown)


class Shows(Protocol):
    """Shows the page with the form as it stands. key: in place of the one it came with."""

    def __call__(self, form: AskSomething, *, status: int = 200, key: str = "") -> HttpResponse: ...


def take_words(
    request: HttpRequest,
    *,
    show: Shows,
    is_this_right: Callable[[dict[str, Any]], HttpResponse],
    take: Callable[[AskSomething], None],
    page: str,
    event_id: UUID | None = None,
) -> HttpResponse:
    """Answer a POST of the form. page: its address, where the thanks stand too. take: keeps the words. event_id: at which.

    What a rule refuses, and a key that is spent, are said on the form.
    """
    form = AskSomething(request.POST)

    def done(_taken: object) -> HttpResponse:
        answer = HttpResponseRedirect(f"{page}?{SENT}{_from_the_hall(request)}")
        answer.status_code = 303
        return answer

    return asked_to_wait(request, form, partial(show, form), event_id=event_id) or keyed_form_page(
        request,
        form,
        lambda: take(form),
        shown=lambda status, key: show(form, status=status, key=key),
        is_this_right=lambda: is_this_right(_to_look_at(request, form) | {"page": page}),
        done=done,
    )


def _from_the_hall(request: HttpRequest) -> str:
    """So that whoever asks one thing more need not read the wall again."""
    code = as_typed(request.POST.get(ROOM_CODE, ""))
    return f"&{ROOM_IN_ADDRESS}={code}" if code else ""


def key_for(request: HttpRequest, key: str) -> str:
    """The form's key on an answer to a POST, which is kept nowhere; a page that may be kept holds none."""
    return key or key_of(request) or fresh_key() if request.method == "POST" else ""


def _to_look_at(request: HttpRequest, form: AskSomething) -> dict[str, Any]:
    """A browser that made no key: what it is asked about once more, with a key of ours."""
    hidden = [(name, request.POST.get(name, "")) for name in form.fields]
    return {
        "given": form.cleaned_data,
        "anonymous": form.anonymous,
        "kind": dict(offered(form, "kind"))[form.cleaned_data["kind"]],
        "hidden": [*hidden, *room_code_in(request), (FIELD, fresh_key())],
    }


@public_form_page
def ask_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """GET asks for the words; POST takes them in, and says the same to everyone who sent some."""
    now = timezone.now()
    event = public_event(event_id)
    if request.method != "POST":
        return _show_event(request, event, AskSomething(), sent=SENT in request.GET)
    at: dict[str, Any] = {"target": ContributionIntake.Target.EVENT, "target_id": event.pk}
    return take_words(
        request,
        show=partial(_show_event, request, event),
        is_this_right=partial(_is_this_right_at_event, request, event),
        take=partial(
            _take,
            request,
            event.agency,
            at=at,
            zone=event.timezone,
            now=now,
            named=partial(contribute, way_in=WayIn.WEB, **at),
        ),
        page=address_of("ask_event", event_id=event.pk),
        event_id=event_id,
    )


def _take(
    request: HttpRequest,
    agency: Agency,
    form: AskSomething,
    *,
    at: dict[str, Any],
    zone: str,
    named: Callable[..., object],
    now: dt.datetime,
) -> None:
    """at: ``target`` and ``target_id``; zone: its own; named: takes the words where an address stands with them.

    Whoever is signed in is of no interest here. Raises what the rules refuse, KeyReused, KeyInProgress.
    """
    keeping, given = kept(request, now=now), form.cleaned_data
    words = {"kind": given["kind"], "body": given["body"], "language": get_language() or "en"}
    if form.anonymous:
        anonymous_once(
            keeping,
            lambda key: take_in(
                agency_id=agency.pk, zone=zone, way_in=WayIn.WEB, idempotency_key=key, now=now, **at, **words
            ),
        )
        return

    done_once(keeping, lambda: named(agency=agency, email=given["email"].strip(), now=now, **words))


def _is_this_right_at_event(request: HttpRequest, event: Event, asked: dict[str, Any]) -> HttpResponse:
    facts = facts_of(event)
    back = {"address": address_of("event", event_id=event.pk), "words": facts["title"]}
    return show(
        request,
        "listening/is_this_right.html",
        event.agency,
        facts | asked | {"back": back},
        nav="events",
    )


def _show_event(
    request: HttpRequest,
    event: Event,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    now = timezone.now()
    context = facts_of(event) | {
        "form": form,
        "sent": sent,
        "key": key_for(request, key),
        "is_live": standing_of(event, now) is EventStanding.LIVE,
        "hall": hall_of(request, event, now=now),
        "standing": standing_of(event, now).value,
        "questions": [] if sent else questions_in_public(event),
    }
    answer = show(request, "listening/ask_event.html", event.agency, context, nav="events", status=status)
    return off_the_device(answer) if sent else answer


@public_form_page
def ask_us(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks for the words, POST takes them in; GET ``after`` (from a link of ours) leafs through what was asked."""
    now = timezone.now()
    agency = the_agency(slug)
    if request.method != "POST":
        return _show_agency(request, agency, AskSomething(), sent=SENT in request.GET)
    return take_words(
        request,
        show=partial(_show_agency, request, agency),
        is_this_right=partial(_is_this_right_at_agency, request, agency),
        take=partial(
            _take,
            request,
            agency,
            at={"target": ContributionIntake.Target.AGENCY, "target_id": agency.pk},
            zone=agency.timezone,
            now=now,
            named=contribute_and_follow,
        ),
        page=address_of("ask_us", slug=agency.slug),
    )


def _is_this_right_at_agency(request: HttpRequest, agency: Agency, asked: dict[str, Any]) -> HttpResponse:
    back = {"address": asked["page"], "words": _("Ask us")}
    return show(request, "listening/is_this_right.html", agency, asked | {"back": back}, nav="ask")


def _show_agency(
    request: HttpRequest,
    agency: Agency,
    form: AskSomething,
    *,
    sent: bool = False,
    status: int = 200,
    key: str = "",
) -> HttpResponse:
    if sent:
        return off_the_device(show(request, "listening/sent.html", agency, nav="ask"))
    try:
        contributions = contributions_in_public(agency, after=request.GET.get("after", ""))
    except Unknown:
        raise Http404 from None
    context = {
        "form": form,
        "key": key_for(request, key),
        "contributions": contributions,
        "first": "after" in request.GET,
        "hall": NO_HALL,
    }
    return show(request, "listening/ask_agency.html", agency, context, nav="ask", status=status)
