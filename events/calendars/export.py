"""Meetings as calendars: the public feeds, joined from text that was rendered when each meeting was saved."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from engage.contacts.addresses import on_the_wire
from engage.listening.models import Dialogue
from events.calendars.lines import (
    calendar,
    line,
    mail_address,
    moment,
    page_of,
    parameter,
    text_line,
    time_line,
)
from events.calendars.zones import vtimezone
from events.event.models import Audience, Event, EventFormat, EventStatus, Venue
from events.event.standing import is_off
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.rules import link_for, link_for_everybody, link_for_rsvp

REFRESH: Final = "PT1H"
# Raised when feeds look different for the same meetings, so that every reader fetches them anew.
_FORMAT: Final = "3"


def uid_for(event_id: UUID) -> str:
    """A globally unique, lasting UID (RFC 5545 §3.8.4.7, RFC 7986 §5.3); made once, at the event's birth."""
    return f"{event_id}@{urlsplit(settings.PUBLIC_URL).hostname or 'engage'}"


def sequence_in_mail(event: Event, bumps: int) -> int:
    """SEQUENCE of a mailed calendar part: the event's, and one more for each turn that contact has had.

    After a CANCEL a new REQUEST needs a higher number (RFC 5546 §2.1.4), though the event itself never changed.
    """
    return event.sequence + bumps


class Feed(NamedTuple):
    """A calendar and the tag of its version. The tag is read first: a body may be newer than its tag, never older."""

    etag: str
    body: bytes


def render_vevent(event: Event) -> str:
    """The event's VEVENT for the public feeds, in its first language (RFC 5545 §3.6.1)."""
    with translation.override(_spoken(*event.languages)):
        return "".join(
            [
                "BEGIN:VEVENT\r\n",
                *_head(event, sequence=event.sequence),
                text_line("SUMMARY", event.title),
                text_line("DESCRIPTION", _told(event, link_for_everybody(event))),
                text_line("LOCATION", where_line(event, link_for_everybody(event))),
                _geo(event.venue),
                line("URL", page_of(f"/events/{event.pk}")),
                text_line("CATEGORIES", str(event.get_kind_display())),
                line("CLASS", "PUBLIC"),
                "END:VEVENT\r\n",
            ]
        )


def renew_vevent(event: Event, *, now: dt.datetime) -> None:
    """Set ``vevent`` and, where it changed, ``feed_changed_at``, without saving. Empty where no feed shows the event."""
    shown = event.audience == Audience.PUBLIC and event.status != EventStatus.DRAFT
    rendered = render_vevent(event) if shown else ""
    if rendered != event.vevent:
        if event.feed_changed_at != now:
            event.feed_changed_at = now
            rendered = render_vevent(event) if shown else ""
        event.vevent = rendered


def agency_feed_etag(agency: Agency) -> str:
    """The version of the agency's feed, from one look at an index."""
    return _etag(_shown(agency_id=agency.pk), agency.name)


def agency_feed(agency: Agency) -> Feed:
    """Every public meeting of the agency that was ever published, cancelled and past ones included, without a cap."""
    return Feed(agency_feed_etag(agency), _feed(_shown(agency_id=agency.pk), agency.name))


def dialogue_feed_etag(dialogue: Dialogue) -> str:
    return _etag(_shown(dialogue_id=dialogue.pk), dialogue.title)


def dialogue_feed(dialogue: Dialogue) -> Feed:
    """As ``agency_feed``, for the meetings of one dialogue."""
    return Feed(dialogue_feed_etag(dialogue), _feed(_shown(dialogue_id=dialogue.pk), dialogue.title))


def agency_feed_names_discreet(agency: Agency) -> bool:
    """Whether a discreet meeting stands in the agency's feed; one that the feed does not show counts for nothing."""
    return _names_discreet(_shown(agency_id=agency.pk))


def dialogue_feed_names_discreet(dialogue: Dialogue) -> bool:
    return _names_discreet(_shown(dialogue_id=dialogue.pk))


def event_calendar(event: Event, *, private: bool = False) -> bytes:
    """One meeting to save (``/events/{id}/invite.ics``); a discreet one says where and when, and nothing else.

    private: so does any, where whoever saves it wants that.
    """
    joining = link_for_everybody(event)
    return _one(event, method="PUBLISH", sequence=event.sequence, joining=joining, private=private)


def rsvp_calendar(rsvp: Rsvp, *, private: bool = False) -> bytes:
    """The one meeting of an RSVP: tentative while it waits for a place, cancelled once the place is cancelled.

    Its number comes from the meeting and from this place alone. The contact's turns count in mails only: whoever
    typed somebody's address into a form would read from the number that she had given a place back.
    """
    event = rsvp.event
    gone, waits = rsvp.status == RsvpStatus.CANCELLED, rsvp.status == RsvpStatus.WAITLISTED
    with translation.override(_spoken(rsvp.language)):
        return _one(
            event,
            method="PUBLISH",
            sequence=event.sequence + gone,
            cancelled=gone,
            tentative=waits or rsvp.status == RsvpStatus.OFFERED,
            called=_("Waitlist: {title}") if waits else "{title}",
            joining=link_for_rsvp(rsvp),
            private=private,
        )


def invite_calendar(
    event: Event,
    *,
    method: str,
    attendee_address: str,
    bumps: int = 0,
    language: str | None = None,
    holds_an_rsvp: bool = True,
    now: dt.datetime | None = None,
) -> bytes:
    """The calendar part of a mail (RFC 5546 §3.2). method: REQUEST or CANCEL. bumps: the contact's. now: when it is made.

    holds_an_rsvp: a place that is only offered stands there as tentative. RSVP=FALSE until replies are read. A discreet
    event's part has a neutral SUMMARY and ORGANIZER, and no DESCRIPTION, CATEGORIES or URL: the mailbox may be shared
    with someone the resident fears.
    """
    with translation.override(_spoken(language or translation.get_language())):
        accepted = "ACCEPTED" if holds_an_rsvp else "TENTATIVE"
        people = [
            _organizer(event),
            line(
                f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={accepted};RSVP=FALSE",
                mail_address(on_the_wire(attendee_address)),
            ),
        ]
        return _one(
            event,
            method=method,
            sequence=sequence_in_mail(event, bumps),
            cancelled=method == "CANCEL",
            tentative=not holds_an_rsvp,
            people=people,
            joining=link_for(event, holds_an_rsvp=holds_an_rsvp and method == "REQUEST"),
            stamped=now,
        )


def _organizer(event: Event) -> str:
    """The agency, where somebody reads what it is answered; we send on its behalf (RFC 5545 §3.2.18)."""
    ours = mail_address(settings.MAIL_FROM)
    if event.discreet:
        return line(f"ORGANIZER;CN={parameter(_('Meeting office'))}", ours)
    name, theirs = f"ORGANIZER;CN={parameter(event.agency.name)}", event.agency.contact_email
    if not theirs:
        return line(name, ours)
    return line(f"{name};SENT-BY={parameter(ours)}", mail_address(on_the_wire(theirs)))


def where_line(event: Event, joining: str = "") -> str:
    """Where to go, in one line: the venue, its room and address; the link of a meeting that is only online.

    joining: the link, for whom it is meant.
    """
    if event.venue is not None:
        return venue_line(event.venue)
    return joining if event.format == EventFormat.ONLINE else ""


def venue_line(venue: Venue) -> str:
    return ", ".join(part for part in (venue.name, venue.room, venue.address) if part)


def _spoken(*languages: str) -> str:
    """The first of these that the software speaks."""
    return next((each for each in languages if each in dict(settings.LANGUAGES)), settings.LANGUAGE_CODE)


def _one(
    event: Event,
    *,
    method: str,
    sequence: int,
    cancelled: bool = False,
    tentative: bool = False,
    called: str = "{title}",
    people: list[str] | None = None,
    joining: str = "",
    private: bool = False,
    stamped: dt.datetime | None = None,
) -> bytes:
    """tentative: for whom nobody keeps a place yet. called: with the title in it. stamped: when this was
    made (DTSTAMP of what is sent, §3.8.7.2); without it, when the meeting changed.
    """
    summary, more = event.title, [
        text_line("DESCRIPTION", _told(event, joining)),
        line("URL", page_of(f"/events/{event.pk}")),
        text_line("CATEGORIES", str(event.get_kind_display())),
    ]  # fmt: skip
    if event.discreet or private:
        summary, more = _("Meeting"), []
    component = "".join(
        [
            "BEGIN:VEVENT\r\n",
            *_head(event, sequence=sequence, cancelled=cancelled, tentative=tentative, stamped=stamped),
            text_line("SUMMARY", called.replace("{title}", summary)),
            text_line("LOCATION", where_line(event, joining)),
            *more,
            *(people or []),
            "END:VEVENT\r\n",
        ]
    )
    zone = vtimezone(event.timezone, first_year=event.local_starts_at.year, this_year=timezone.now().year)
    return calendar(zone, component, method=method)


def _head(
    event: Event,
    *,
    sequence: int,
    cancelled: bool = False,
    tentative: bool = False,
    stamped: dt.datetime | None = None,
) -> list[str]:
    off = cancelled or is_off(event)
    changed = moment(event.feed_changed_at)
    zone = event.timezone
    return [
        line("UID", event.uid),
        line("DTSTAMP", moment(stamped) if stamped else changed),
        line("LAST-MODIFIED", changed),
        line("CREATED", moment(event.created_at)),
        line("SEQUENCE", str(sequence)),
        line("STATUS", "CANCELLED" if off else "TENTATIVE" if tentative else "CONFIRMED"),
        time_line("DTSTART", event.local_starts_at, zone, event.starts_fold, event.starts_at),
        time_line("DTEND", event.local_ends_at, zone, event.ends_fold, event.ends_at),
    ]


def _told(event: Event, joining: str) -> str:
    parts = [event.description, event.getting_there, joining]
    if event.cancelled_reason:
        parts.insert(0, _("Cancelled: {reason}").format(reason=event.cancelled_reason))
    return "\n\n".join(part for part in parts if part)


def _geo(venue: Venue | None) -> str:
    if venue is None or venue.latitude is None:
        return ""
    return line("GEO", f"{venue.latitude};{venue.longitude}")


def _shown(**owner: UUID) -> QuerySet[Event]:
    return Event.objects.filter(**owner).exclude(vevent="")


def _names_discreet(shown: QuerySet[Event]) -> bool:
    return shown.filter(discreet=True).exists()


def _etag(shown: QuerySet[Event], *more: object) -> str:
    """Strong: every change of a shown meeting raises its edit version, and one that leaves lowers the count."""
    version = shown.aggregate(
        many=Count("*"), versions=Coalesce(Sum("edit_version"), 0), changed=Max("feed_changed_at")
    )
    # The zones' rules are told for the years around this one.
    marks = [_FORMAT, settings.PUBLIC_URL, timezone.now().year, *more, *version.values()]
    return '"' + sha256("|".join(map(str, marks)).encode()).hexdigest()[:32] + '"'


def _feed(shown: QuerySet[Event], name: str) -> bytes:
    this_year = timezone.now().year
    zones = shown.order_by("timezone").values_list("timezone").annotate(first=Min("local_starts_at"))
    rules = [vtimezone(zone, first_year=first.year, this_year=this_year) for zone, first in zones]
    # Joined by the database, along its index: sorting this much text would spill to disk.
    statement, values = shown.order_by("starts_at", "id").values("vevent").query.sql_with_params()
    with connection.cursor() as cursor:
        joined = f"SELECT coalesce(string_agg(vevent, ''), '') FROM ({statement}) AS shown"  # noqa: S608 - our own
        cursor.execute(joined, values)
        events = cursor.fetchone()[0]
    return calendar(*rules, events, method="PUBLISH", name=name, refresh=REFRESH)
