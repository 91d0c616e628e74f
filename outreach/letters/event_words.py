"""When and where, and how a letter about a meeting looks from outside: a discreet one gives nothing away."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import in_language, in_words_of
from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.contacts.telephones import RELAY
from events.event.models import Event, EventFormat, Venue
from events.event.when import doors_of, when_of
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.standing import may_come_all_the_same
from events.rsvps.ways_in import has_code
from outreach.letters.content import Block, Content, facts, paragraph, ticket
from outreach.letters.occasion import Occasion

_MOST_TICKETS = 6


def date(moment: dt.date) -> str:
    return date_format(moment, _("F j, Y"))


def when_lines(event: Event) -> list[str]:
    return [line for line in (when_of(event), doors_of(event)) if line]


def where_lines(event: Event, *, with_link: bool = True) -> list[str]:
    lines = []
    if event.venue is not None:
        room = own_words(event.venue, "room")
        lines.append(", ".join(part for part in (event.venue.name, room) if part))
        lines += [
            event.venue.address,
            own_words(event, "getting_there") or own_words(event.venue, "getting_there"),
        ]
    elif event.format != EventFormat.ONLINE:
        lines += [_("The place will be announced."), own_words(event, "getting_there")]
    if with_link and event.online_url and event.format != EventFormat.IN_PERSON:
        lines.append(event.online_url)
    return [line for line in lines if line]


def own_words(thing: Event | Venue, field: str) -> str:
    """In the language of the letter, where it was translated."""
    return in_language(thing.translations, get_language() or "", field, getattr(thing, field))


def office_of(agency: Agency, name: str) -> str:
    """An office in the language of the letter, where the agency named it."""
    return in_words_of(agency, name, get_language() or "")


def title_of(event: Event, language: str) -> str:
    """What the meeting is called in a letter; nothing that says what it is about where it is discreet."""
    if event.discreet:
        return _("the meeting")
    return in_language(event.translations, language, "title", event.title)


def when_and_where(event: Event, *more: tuple[str, list[str]], with_link: bool = True) -> Block:
    rows = [(_("When"), when_lines(event)), (_("Where"), where_lines(event, with_link=with_link)), *more]
    return facts(rows)


def has_begun(occasion: Occasion, rsvp: Rsvp) -> list[Block]:
    """For a letter that may be written while the meeting is on: that it is, and whether this party can still come."""
    event = rsvp.event = occasion.event
    if occasion.now < event.starts_at or occasion.has_come(rsvp):
        return []
    if event.format == EventFormat.ONLINE and rsvp.status == RsvpStatus.CONFIRMED:
        return [paragraph(_("The meeting has begun. You can still join."))]
    if event.format != EventFormat.ONLINE and may_come_all_the_same(rsvp):
        return [paragraph(_("The meeting has begun. You can still come in."))]
    return [paragraph(_("The meeting has begun."))]


def letter_about(occasion: Occasion, *, subject: str, heading: str, discreet_subject: str = "") -> Content:
    """A letter about a meeting, with the sender that may be seen. discreet_subject: if not given, only when it is."""
    event = occasion.event
    if event.discreet:
        subject = discreet_subject or _("Your meeting on {when}").format(when=when_of(event))
    content = Content(subject=subject, heading=heading)
    signed_by(content, occasion.agency, discreet=event.discreet)
    erased_on(content, occasion.contact, event.timezone)
    return content


def signed_by(content: Content, agency: Agency, *, discreet: bool = False) -> Content:
    """Who writes, and whom to ask. A discreet letter names a telephone number, and no office."""
    content.sender = _("Meeting office") if discreet else agency.name
    content.calls = (agency.contact_phone, RELAY)
    content.sender_line = "" if discreet else _("Community meetings and promises")
    if agency.contact_phone and discreet:
        words = _("Questions? Call {phone}, or {relay} for relay.")
        content.small.append(words.format(phone=agency.contact_phone, relay=RELAY))
    elif agency.contact_phone:
        office = office_of(agency, agency.contact_office) or agency.name
        words = _("Questions? {office}: call {phone}, or {relay} for relay.")
        content.small.append(words.format(office=office, phone=agency.contact_phone, relay=RELAY))
    return content


def erased_on(content: Content, contact: Contact, zone: str) -> None:
    if contact.erase_after is not None:
        gone = contact.erase_after.astimezone(ZoneInfo(zone)).date()
        content.small.append(_("We delete your email address on {date}.").format(date=date(gone)))


def tickets(occasion: Occasion, rsvps: list[Rsvp], note: str) -> tuple[list[Block], list[str]]:
    """The codes of those that have one, and which pictures they need: none opens a meeting that is online."""
    for rsvp in rsvps:
        rsvp.event = occasion.event
    due = [rsvp for rsvp in rsvps if has_code(rsvp, came=occasion.has_come(rsvp), now=occasion.now)]
    shown = due[:_MOST_TICKETS]
    return [ticket(rsvp.checkin_code, note) for rsvp in shown], [rsvp.checkin_code for rsvp in shown]


def manage_url(rsvp: Rsvp) -> str:
    """Reaches every place of the address it is mailed to; proves that somebody reads it once used in a form."""
    return f"{settings.PUBLIC_URL}/r/{mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)}"


def accept_url(rsvp: Rsvp) -> str:
    return f"{settings.PUBLIC_URL}/accept/{mint(Purpose.ACCEPT, rsvp.pk, rsvp.link_version)}"
