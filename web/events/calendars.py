"""Meetings as calendar files: the public feeds, one meeting to save, and the one behind a resident's link."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from engage.agencies.finding import agency_called
from engage.agencies.models import Agency
from engage.contacts.links import Purpose
from engage.listening.dialogues import public_dialogues
from engage.refusals import Unknown
from events.calendars.export import (
    Feed,
    agency_feed,
    agency_feed_etag,
    agency_feed_names_discreet,
    dialogue_feed,
    dialogue_feed_etag,
    dialogue_feed_names_discreet,
    event_calendar,
    rsvp_calendar,
)
from events.event.permissions import public_events
from web.events.calendar_links import wants_private
from web.site.frames.behind_a_link import answers_refusals, own_rsvp

_TYPE = "text/calendar; charset=utf-8"


@require_safe
def agency_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public meeting of an agency. 304 costs a look at two indexes."""
    agency = _agency(slug)
    unchanged = _unchanged(request, agency_feed_etag(agency))
    answer = unchanged or _public(request, agency_feed(agency), slug)
    # Looked at after the text was read: one that has come since is in neither, or in the text and here.
    return _kept_by(answer, names_discreet=agency_feed_names_discreet(agency))


@require_safe
def dialogue_calendar(request: HttpRequest, slug: str, dialogue_id: UUID) -> HttpResponse:
    """The public meetings of one dialogue."""
    dialogue = public_dialogues().filter(agency=_agency(slug), pk=dialogue_id).first()
    if dialogue is None:
        raise Http404
    unchanged = _unchanged(request, dialogue_feed_etag(dialogue))
    answer = unchanged or _public(request, dialogue_feed(dialogue), slug)
    names_discreet = dialogue_feed_names_discreet(dialogue)
    if not (unchanged or names_discreet):
        _call_it(answer, slugify(dialogue.title) or slug)
    return _kept_by(answer, names_discreet=names_discreet)


@require_safe
def invite(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One public meeting to save in a calendar."""
    event = public_events().select_related("agency", "venue").filter(pk=event_id).first()
    if event is None:
        raise Http404
    private = wants_private(request)
    tag = f'"{event.edit_version}-{int(event.feed_changed_at.timestamp() * 1000)}{"-private" if private else ""}"'
    return _unchanged(request, tag) or _public(
        request, Feed(tag, event_calendar(event, private=private)), "invite"
    )


@require_safe
@answers_refusals
def rsvp_file(request: HttpRequest, token: str) -> HttpResponse:
    """The one meeting of a place, behind the link that its calendar subscribes to."""
    rsvp = own_rsvp(request, token, [Purpose.CALENDAR], now=timezone.now()).rsvp
    answer = HttpResponse(rsvp_calendar(rsvp, private=wants_private(request)), content_type=_TYPE)
    answer["Content-Disposition"] = 'inline; filename="meeting.ics"'
    return answer


def _kept_by(answer: HttpResponse, *, names_discreet: bool) -> HttpResponse:
    """A feed that names a discreet meeting is kept by nothing, like a page that does; any other by its reader alone.

    Only what stands in the text decides: a meeting that is planned, or for staff, changes no header of it. A 304 says
    the same as the answer whose place it takes.
    """
    answer["Cache-Control"] = "no-store" if names_discreet else "private, max-age=60"
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
    _call_it(answer, name)
    return answer


def _call_it(answer: HttpResponse, name: str) -> None:
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
