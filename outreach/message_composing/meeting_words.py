"""When and where, and how a letter about a meeting looks from outside: a discreet one gives nothing away."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engage.models import Agency, Contact
from engage.resident_links import Purpose, mint
from events.models import Event, EventFormat, Rsvp
from outreach.letter_languages import in_language
from outreach.message_composing.content import Block, Content, facts, ticket
from outreach.message_composing.occasion import Occasion

_MOST_TICKETS = 6


def day(moment: dt.datetime | dt.date) -> str:
    """In full, with the weekday. The message is Django's format for a date, in the order of the language."""
    return date_format(moment, _("l, F j, Y"))


def date(moment: dt.date) -> str:
    return date_format(moment, _("F j, Y"))


def clock(moment: dt.datetime) -> str:
    return date_format(moment, "TIME_FORMAT")


def one_stop(sentence: str) -> str:
    """An English time brings a stop of its own ("6 p.m."): at the end of a sentence it is not followed by another."""
    return sentence[:-1] if sentence.endswith("..") else sentence


def moment_there(moment: dt.datetime, zone: str) -> str:
    """An instant on the clock of the place."""
    local = moment.astimezone(ZoneInfo(zone))
    return _("{day}, {time}").format(day=day(local), time=clock(local))


def when(event: Event) -> str:
    return _("{day}, {begins} to {ends}").format(
        day=day(event.local_starts_at), begins=clock(event.local_starts_at), ends=clock(event.local_ends_at)
    )


def when_lines(event: Event) -> list[str]:
    lines = [when(event)]
    if event.format != EventFormat.IN_PERSON:
        lines.append(_("Time zone: {zone}").format(zone=event.timezone.replace("_", " ")))
    if event.doors_open_at is not None:
        doors = event.doors_open_at.astimezone(ZoneInfo(event.timezone))
        lines.append(one_stop(_("Doors open at {time}.").format(time=clock(doors))))
    return lines


def where_lines(event: Event, *, with_link: bool = True) -> list[str]:
    lines = []
    if event.venue is not None:
        lines.append(", ".join(part for part in (event.venue.name, event.venue.room) if part))
        lines += [event.venue.address, event.getting_there or event.venue.getting_there]
    elif event.format != EventFormat.ONLINE:
        lines += [_("The place will be announced."), event.getting_there]
    if with_link and event.online_url and event.format != EventFormat.IN_PERSON:
        lines.append(event.online_url)
    return [line for line in lines if line]


def title_of(event: Event, language: str) -> str:
    """What the meeting is called in a letter; nothing that says what it is about where it is discreet."""
    if event.discreet:
        return _("the meeting")
    return in_language(event.translations, language, "title", event.title)


def when_and_where(event: Event, *more: tuple[str, list[str]], with_link: bool = True) -> Block:
    rows = [(_("When"), when_lines(event)), (_("Where"), where_lines(event, with_link=with_link)), *more]
    return facts(rows)


def letter_about(occasion: Occasion, *, subject: str, discreet_subject: str, heading: str) -> Content:
    """A letter about a meeting, with the sender that may be seen."""
    event = occasion.meeting
    content = Content(subject=discreet_subject if event.discreet else subject, heading=heading)
    signed_by(content, occasion.agency, discreet=event.discreet)
    erased_on(content, occasion.contact, event.timezone)
    return content


def signed_by(content: Content, agency: Agency, *, discreet: bool = False) -> Content:
    """Who writes, and whom to ask. A discreet letter names a telephone number, and no office."""
    content.sender = _("Meeting office") if discreet else agency.name
    content.sender_line = "" if discreet else _("Community meetings and promises")
    if agency.contact_phone and discreet:
        content.small.append(_("Questions? Call {phone}.").format(phone=agency.contact_phone))
    elif agency.contact_phone:
        office = agency.contact_office or agency.name
        content.small.append(
            _("Questions? {office}, {phone}.").format(office=office, phone=agency.contact_phone)
        )
    return content


def erased_on(content: Content, contact: Contact, zone: str) -> None:
    if contact.erase_after is not None:
        gone = contact.erase_after.astimezone(ZoneInfo(zone)).date()
        content.small.append(_("We delete your email address on {date}.").format(date=date(gone)))


def tickets(places: list[Rsvp], note: str) -> tuple[list[Block], list[str]]:
    """The codes of these places, and which pictures they need."""
    shown = places[:_MOST_TICKETS]
    return [ticket(place.checkin_code, note) for place in shown], [place.checkin_code for place in shown]


def manage_url(place: Rsvp) -> str:
    """Reaches every place of the address it is mailed to; proves that somebody reads it once used in a form."""
    return f"{settings.PUBLIC_URL}/r/{mint(Purpose.RSVP_MAIL, place.pk, place.link_version)}"


def accept_url(place: Rsvp) -> str:
    return f"{settings.PUBLIC_URL}/accept/{mint(Purpose.ACCEPT, place.pk, place.link_version)}"
