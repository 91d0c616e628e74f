"""When, where and how to get in, and how a letter about a meeting looks from outside: a discreet one gives nothing away."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from engage.agencies.languages import in_language, in_words_of
from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.contacts.telephones import relay_of
from events.event.directions import map_of
from events.event.models import Audience, Event, EventFormat, EventStatus, Venue
from events.event.short_addresses import short_address
from events.event.when import clock, doors_of, span_of
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.rules import link_for
from events.rsvps.standing import may_come_all_the_same
from events.rsvps.ways_in import JOINS_BEFORE, has_code
from outreach.letters.content import Block, Content, Line, Linked, facts, paragraph, ticket
from outreach.letters.occasion import Occasion
from outreach.letters.subjects import subject_about

_MOST_TICKETS = 6
type Row = tuple[str, list[Line]]


def date(moment: dt.date) -> str:
    return date_format(moment, _("F j, Y"))


def own_words(thing: Event | Venue, field: str) -> str:
    """In the language of the letter, where it was translated."""
    return in_language(thing.translations, get_language() or "", field, getattr(thing, field))


def office_of(agency: Agency, name: str) -> str:
    """An office in the language of the letter, where the agency named it."""
    return in_words_of(agency, name, get_language() or "")


def title_of(event: Event, language: str) -> str:
    return in_language(event.translations, language, "title", event.title)


def the_facts(
    occasion: Occasion, *more: Row, joins: bool = False, comes: bool = True, named: bool = True
) -> Block:
    """Which meeting, when and on whose clock, where, and how to get in from afar.

    joins: the reader has a seat, and so the link. comes: they may want to get there. named: the letter may say what the
    meeting is called, with the way to its page; never where it is discreet.
    """
    event = occasion.event
    rows: list[Row] = [
        (pgettext("label", "Meeting"), _called(occasion) if named and not event.discreet else [])
    ]
    rows.append((_("When"), [span_of(event, with_zone=True).words(), doors_of(event) if comes else ""]))
    rows.append((_("Where"), _where(event, comes=comes)))
    if comes and event.format != EventFormat.IN_PERSON:
        rows.append((_("Online"), _how_to_join(event, joins=joins)))
    return facts([*rows, *more])


def _called(occasion: Occasion) -> list[Line]:
    event, name = occasion.event, title_of(occasion.event, occasion.language)
    return [Linked(name, page_of_event(event, occasion.language)) if has_page(event) else name]


def _where(event: Event, *, comes: bool) -> list[Line]:
    if event.venue is None:
        if event.format == EventFormat.ONLINE:
            return [_("Online")]
        return [_("The place will be announced."), own_words(event, "getting_there")]
    hall = ", ".join(part for part in (event.venue.name, own_words(event.venue, "room")) if part)
    lines: list[Line] = [hall, event.venue.address]
    if not comes:
        return lines
    lines.append(own_words(event, "getting_there") or own_words(event.venue, "getting_there"))
    # A discreet letter has one way, and that leads to the meeting.
    way = "" if event.discreet else map_of(event)
    return [*lines, Linked(_("Directions"), way)] if way else lines


def _how_to_join(event: Event, *, joins: bool) -> list[Line]:
    link = link_for(event, holds_an_rsvp=joins)
    if not link:
        if joins:
            return [_("We write to you before the meeting how to join.")]
        return [_("The link to join comes with your place.")]
    opens = _("You can join from {time} by this link:").format(
        time=clock(event.local_starts_at - JOINS_BEFORE)
    )
    return [opens, link]


def has_page(event: Event) -> bool:
    return event.audience == Audience.PUBLIC and event.status != EventStatus.DRAFT


def page_of_event(event: Event, language: str) -> str:
    """Short, since it stands in text too; in the reader's language."""
    address = short_address(event)
    if not address:
        return page_of(f"/events/{event.pk}", language)
    return address if language == settings.LANGUAGE_CODE else f"{address}?lang={language}"


def page_of(path: str, language: str) -> str:
    """A public page's address; the first language has none in its path, every other that we speak has its code in front."""
    spoken = language in dict(settings.LANGUAGES) and language != settings.LANGUAGE_CODE
    return f"{settings.PUBLIC_URL}{f'/{language}' if spoken else ''}{path}"


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


def letter_about(
    occasion: Occasion, what: str, *, heading: str = "", neutral: str = "", at: bool = False
) -> Content:
    """A letter about a meeting, with the outside that may be seen.

    what: happened, for the subject; neutral: the same of a discreet meeting. heading: inside, ``what`` if not given.
    at: the hour belongs in the subject.
    """
    event = occasion.event
    said = (neutral or _("Your meeting")) if event.discreet else what
    content = Content(
        subject=subject_about(event, said, language=occasion.language, now=occasion.now, at=at),
        heading=heading or what,
    )
    signed_by(content, occasion.agency, discreet=event.discreet)
    if occasion.contact.scope == Contact.Scope.EVENT:
        erased_on(content, occasion.contact, event.timezone)
    return content


def signed_by(content: Content, agency: Agency, *, discreet: bool = False) -> Content:
    """Who writes, and whom to ask. A discreet letter names a telephone number, and no office."""
    content.is_discreet = discreet
    content.sender = _("Meeting office") if discreet else agency.name
    content.reply_to = "" if discreet else agency.contact_email
    relay = relay_of(agency.country)
    content.calls = tuple(one for one in (agency.contact_phone, relay, agency.contact_tty) if one)
    content.sender_line = "" if discreet else _("Community meetings and promises")
    if agency.contact_phone:
        # A discreet letter names no office.
        office = "" if discreet else office_of(agency, agency.contact_office) or agency.name
        content.small.append(
            _whom_to_call(office, relay).format(office=office, phone=agency.contact_phone, relay=relay)
        )
        if agency.contact_tty:
            content.small.append(_("By TTY: {tty}.").format(tty=agency.contact_tty))
    return content


def _whom_to_call(office: str, relay: str) -> str:
    if not office:
        return _("Questions? Call {phone}, or {relay} for relay.") if relay else _("Questions? Call {phone}.")
    if relay:
        return _("Questions? {office}: call {phone}, or {relay} for relay.")
    return _("Questions? {office}: call {phone}.")


def erased_on(content: Content, contact: Contact, zone: str) -> None:
    if contact.erase_after is not None:
        gone = contact.erase_after.astimezone(ZoneInfo(zone)).date()
        content.small.append(_("We delete your email address on {date}.").format(date=date(gone)))


def also_in(content: Content, language: str, addresses: dict[str, str]) -> None:
    """The way to the same in each other language; a discreet letter has one way in, and the page there offers them.

    addresses: by language.
    """
    if content.is_discreet:
        return
    content.tongues = [
        (_own_name(code), code, address) for code, address in addresses.items() if code != language
    ]


def in_every_language(path: str) -> dict[str, str]:
    return {code: page_of(path, code) for code in dict(settings.LANGUAGES)}


def _own_name(code: str) -> str:
    name = str(LANG_INFO[code]["name_local"])
    return name[:1].upper() + name[1:]


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
