"""One commitment: where it stands, every change of it, where it was made, and following it by email."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import Worded, in_language
from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.reading import Told, public_commitment, tell
from engage.commitments.standing import first_day_of_moved
from engage.listening.dialogues import public_dialogues
from engage.listening.models import Contribution, SaidBy, Theme
from engage.local_time import local_day
from engage.refusals import Unknown
from events.event.models import Event
from events.event.permissions import public_events
from outreach.subscriptions.models import SubscriptionTarget
from outreach.summaries.reading import first_published
from web.commitments.history import history, latest
from web.commitments.rows import due_in_words, title_of
from web.commitments.words import standing_of
from web.site.frames.discretion import named
from web.site.frames.discretion import title_of as event_title
from web.site.frames.public import public_page, show, the_agency
from web.site.languages.addresses import address_of
from web.site.languages.worded import own
from web.site.pictures import Card, answer_with, color_of, drawable, shown_outside


@dataclass(frozen=True, slots=True)
class Origin:
    """event: public, else None. summarized: whether what was heard there can be read. theme: of something public.

    discreet: whether the theme names what was said at a discreet meeting.
    """

    event: Event | None = None
    summarized: bool = False
    theme: Theme | None = None
    quote: str = ""
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class ShownCommitment:
    """today: the agency's own."""

    told: Told
    origin: Origin
    today: dt.date


def show_commitment(agency: Agency, number: int, *, now: dt.datetime) -> ShownCommitment:
    """At most nine queries, however long its history is. Raises Unknown."""
    today = local_day(agency.timezone, now)
    commitment = public_commitment(agency, number)
    return ShownCommitment(tell(commitment, today=today), _origin(commitment), today)


def _origin(commitment: Commitment) -> Origin:
    event = None
    if commitment.event_id is not None:
        event = public_events().defer("vevent").filter(pk=commitment.event_id).first()
    summarized = event is not None and first_published(event) is not None
    theme = commitment.theme
    discreet = _discreet_if_public(theme) if theme is not None else None
    if theme is None or discreet is None:
        return Origin(event, summarized)
    return Origin(event, summarized, theme, _quote(theme), discreet)


def _discreet_if_public(theme: Theme) -> bool | None:
    """Whether what it is a heading of is discreet; None where not everyone may know of that. One query."""
    if theme.event_id is not None:
        return public_events().filter(pk=theme.event_id).values_list("discreet", flat=True).first()
    homes = public_dialogues().filter(themes=theme)
    events = Event.objects.filter(dialogue=OuterRef("pk"), discreet=True)
    return homes.annotate(discreet=Exists(events)).values_list("discreet", flat=True).first()


def _quote(theme: Theme) -> Worded:
    """What most agreed with, of what may be quoted; what the department itself said is no quote."""
    shown = Contribution.objects.filter(theme=theme, moderation=Contribution.Moderation.SHOWN, may_quote=True)
    told = shown.exclude(said_by=SaidBy.DEPARTMENT).order_by("-endorsements_count", "pk")
    return Worded(*(told.values_list("body", "language").first() or ("",)))


@public_page
def commitment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    agency = the_agency(slug)
    try:
        shown = show_commitment(agency, number, now=timezone.now())
    except Unknown:
        raise Http404 from None
    return show(request, "commitments/detail.html", agency, _context(agency, shown), nav="commitments")


@public_page
def commitment_picture(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a link to the promise shows where somebody sends it on."""
    agency = the_agency(slug)
    try:
        shown = show_commitment(agency, number, now=timezone.now())
    except Unknown:
        raise Http404 from None
    event = shown.origin.event
    discreet = shown.origin.discreet or (event is not None and event.discreet)
    named(discreet=discreet)
    return answer_with(request, _card(agency, shown), discreet=discreet)


def _card(agency: Agency, shown: ShownCommitment) -> Card:
    made = shown.told.commitment
    number = _("Promise {number}").format(number=made.number)
    title = title_of(made)
    lines = (standing_of(made, shown.today).word, due_in_words(made, shown.today), made.owner_office)
    return Card(agency.name, title if drawable(title) else number, lines, number, color=color_of(agency))


@public_page
def commitment_that_says_nothing(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """To the commitment's page, from an address that says neither whose it is nor what it is about: discreet letters hold it."""
    found = (
        Commitment.objects.filter(pk=commitment_id, draft=False).values_list("agency__slug", "number").first()
    )
    if found is None:
        raise Http404
    answer = redirect(address_of("commitment", slug=found[0], number=found[1]))
    patch_cache_control(answer, no_store=True)
    return answer


def _context(agency: Agency, shown: ShownCommitment) -> dict[str, Any]:
    made, origin = shown.told.commitment, shown.origin
    # The meeting says so itself; what people had said is named here too.
    named(discreet=origin.discreet)
    return {
        "commitment": made,
        "title": title_of(made),
        "done_means": in_language(made.translations, get_language() or "", "done_means", made.done_means),
        "standing": standing_of(made, shown.today),
        "latest": latest(shown.told, agency),
        "entries": history(shown.told, agency),
        "made_on": shown.told.made_on,
        "due": due_in_words(made, shown.today),
        "first_due": first_day_of_moved(made),
        "communities": sorted(made.communities.all(), key=lambda each: each.name),
        "origin": origin,
        "origin_theme": own(origin.theme, "title") if origin.theme else "",
        "event": origin.event,
        "event_title": event_title(origin.event) if origin.event else "",
        "target": SubscriptionTarget.COMMITMENT.value,
        "target_id": made.pk,
    } | shown_outside(_card(agency, shown), "commitment_picture", slug=agency.slug, number=made.number)
