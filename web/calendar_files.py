"""Meetings as calendar files: the public feeds, one meeting to save, and the one behind a resident's link."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from engage.access import agency_called
from engage.models import Agency, Dialogue
from engage.resident_links import Purpose
from engage.rule_violation import Unknown
from events.access import public_events
from events.calendar_export import (
    Feed,
    agency_feed,
    agency_feed_etag,
    dialogue_feed,
    dialogue_feed_etag,
    meeting_calendar,
    rsvp_calendar,
)
from events.discretion import is_discreet
from web.behind_a_link import answers_refusals, place_behind

_TYPE = "text/calendar; charset=utf-8"


@require_safe
def agency_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public meeting of an agency. 304 costs one look at an index."""
    agency = _agency(slug)
    unchanged = _unchanged(request, agency_feed_etag(agency))
    return _for_its_reader(unchanged or _public(request, agency_feed(agency), slug))


@require_safe
def dialogue_calendar(request: HttpRequest, slug: str, dialogue_id: UUID) -> HttpResponse:
    """The public meetings of one dialogue."""
    found = Dialogue.objects.exclude(stage=Dialogue.Stage.PLANNING).filter(
        agency=_agency(slug), pk=dialogue_id
    )
    dialogue = found.first()
    if dialogue is None:
        raise Http404
    unchanged = _unchanged(request, dialogue_feed_etag(dialogue))
    name = slug if is_discreet("dialogue", dialogue.pk) else slugify(dialogue.title) or slug
    return _for_its_reader(unchanged or _public(request, dialogue_feed(dialogue), name))


@require_safe
def invite(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One public meeting to save in a calendar."""
    event = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if event is None:
        raise Http404
    tag = f'"{event.edit_version}-{int(event.feed_changed_at.timestamp() * 1000)}"'
    return _unchanged(request, tag) or _public(request, Feed(tag, meeting_calendar(event)), "invite")


@require_safe
@answers_refusals
def rsvp_file(request: HttpRequest, token: str) -> HttpResponse:
    """The one meeting of a place, behind the link that its calendar subscribes to."""
    place = place_behind(request, token, [Purpose.CALENDAR], now=timezone.now()).rsvp
    answer = HttpResponse(rsvp_calendar(place), content_type=_TYPE)
    answer["Content-Disposition"] = 'inline; filename="meeting.ics"'
    return answer


def _for_its_reader(answer: HttpResponse) -> HttpResponse:
    """A feed names all meetings, discreet ones too: no cache that others share keeps it."""
    answer["Cache-Control"] = "private, max-age=60"
    return answer


def _agency(slug: str) -> Agency:
    try:
        return agency_called(slug)
    except Unknown:
        raise Http404 from None


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 where the reader has this version; None where it has to be sent."""
    answer = get_conditional_response(request, etag=etag)
    if answer is not None:
        answer["Cache-Control"] = "public, max-age=60"
        answer["ETag"] = etag
    return answer


def _public(request: HttpRequest, feed: Feed, name: str) -> HttpResponse:
    answer = HttpResponse(feed.body, content_type=_TYPE)
    answer["ETag"] = feed.etag
    answer["Cache-Control"] = "public, max-age=60"
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return answer
