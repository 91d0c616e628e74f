"""Letters about a whole meeting: it moved, it is cancelled, it is soon. Once per address, however many places it holds."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import AccessRequest, EventStatus, Remind, Rsvp, RsvpStatus
from outreach.message_composing import calendar_stepping
from outreach.message_composing.content import Content, button, paragraph
from outreach.message_composing.meeting_words import (
    clock,
    day,
    letter_about,
    manage_url,
    moment_there,
    tickets,
    title_of,
    when,
    when_and_where,
)
from outreach.message_composing.occasion import Occasion
from outreach.message_composing.place_letters import with_way_out
from outreach.message_composing.verdicts import Pointless, TooLate
from outreach.one_click_unsubscribe import unsubscribe_link


def moved(occasion: Occasion) -> Content:
    """A new time or place: the REQUEST for whoever has or is offered a place, plain words for who waits."""
    event = occasion.must_be_ahead()
    held = occasion.standing
    if not held:
        raise Pointless("place_gone")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Changed: {title} is now {when}").format(title=name, when=when(event)),
        discreet_subject=_("Your meeting has changed: {when}").format(when=when(event)),
        heading=_("The meeting has changed"),
    )
    act = occasion.activity()
    before = act.data.get("from") if act else None
    if before and act is not None and "time" in act.data.get("what", []):
        was = moment_there(dt.datetime.fromisoformat(before), event.timezone)
        content.add(paragraph(_("It was planned for {before}.").format(before=was)))
    seated = [one for one in held if one.status in {RsvpStatus.CONFIRMED, RsvpStatus.OFFERED}]
    if seated:
        content.add(paragraph(_("Your place moves with it. This is what holds now.")))
        content.calendar = calendar_stepping.request(occasion)
    else:
        content.add(paragraph(_("You stay on the waitlist. This is what holds now.")))
    content.add(
        when_and_where(event, (_("Places"), [_places(held)]), with_link=bool(occasion.confirmed)),
        button(_("Change or cancel"), manage_url(held[0])),
        paragraph(_("Can’t come then? Cancel, and someone waiting gets your place.")),
    )
    if occasion.needs:
        content.add(paragraph(_("We arrange what you asked for anew and write to you.")))
    return with_way_out(content, occasion, held[0])


def called_off(occasion: Occasion) -> Content:
    """Everyone who had an invitation gets the CANCEL."""
    event = occasion.meeting
    if event.status != EventStatus.CANCELLED:
        raise Pointless("event_not_cancelled")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Cancelled: {title}, {when}").format(title=name, when=when(event)),
        discreet_subject=_("Cancelled: your meeting on {when}").format(when=when(event)),
        heading=_("The meeting is cancelled"),
    )
    content.add(
        paragraph(_("{title}, {when}, will not take place.").format(title=_start(name), when=when(event)))
    )
    if not event.discreet:
        content.add(paragraph(_("The reason: {reason}").format(reason=event.cancelled_reason)))
    content.add(paragraph(_("You do not need to do anything.")))
    content.calendar = calendar_stepping.cancel(occasion)
    return content


def soon(occasion: Occasion) -> Content:
    """The reminder, for the start it was planned for and no other."""
    event, delivery = occasion.meeting, occasion.delivery
    if event.status == EventStatus.CANCELLED:
        raise Pointless("event_cancelled")
    if delivery.schedule_version != event.schedule_version:
        raise Pointless("event_moved")
    if event.starts_at <= occasion.now:
        raise TooLate
    if event.status not in {EventStatus.PUBLISHED, EventStatus.LIVE}:
        raise Pointless("event_over")
    wanted = [one for one in occasion.confirmed if one.remind == Remind.EMAIL]
    if not wanted:
        raise Pointless("place_gone")
    if occasion.contact.stopped_on is not None:
        raise Pointless("unsubscribed")
    heading, subject = _how_soon(occasion)
    content = letter_about(
        occasion,
        subject=subject,
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=heading,
    )
    name = title_of(event, occasion.language)
    content.add(paragraph(_("Your place at {title} is saved.").format(title=name)))
    _host_says(content, occasion)
    blocks, content.codes = tickets(
        wanted, _("Show this, or say the code. No ID. If you lose it, come anyway.")
    )
    content.add(
        when_and_where(event, (_("Places"), [_places(wanted)]), (_("You asked for"), _needs(occasion.needs))),
        *blocks,
        button(_("Change or cancel"), manage_url(wanted[0])),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )
    content.stop = unsubscribe_link(occasion.contact)
    return with_way_out(content, occasion, wanted[0])


def _how_soon(occasion: Occasion) -> tuple[str, str]:
    event = occasion.meeting
    zone = ZoneInfo(event.timezone)
    days = (event.local_starts_at.date() - occasion.now.astimezone(zone).date()).days
    time, name = clock(event.local_starts_at), title_of(event, occasion.language)
    if days == 0:
        return _("See you today"), _("Today at {time}: {title}").format(time=time, title=name)
    if days == 1:
        return _("See you tomorrow"), _("Tomorrow at {time}: {title}").format(time=time, title=name)
    date = day(event.local_starts_at)
    return _("See you on {day}").format(day=date), _("{day} at {time}: {title}").format(
        day=date, time=time, title=name
    )


def _host_says(content: Content, occasion: Occasion) -> None:
    words = occasion.rule.wording if occasion.rule else {}
    said = words.get(occasion.language) or words.get("en")
    if said and not occasion.meeting.discreet:
        content.add(paragraph(said))


def _places(places: list[Rsvp]) -> str:
    many = sum(one.party_size for one in places)
    return ngettext("{count} place", "{count} places", many).format(count=many)


def _needs(needs: list[AccessRequest]) -> list[str]:
    """The kind, how far it is, and what staff wrote for the resident."""
    lines = []
    for need in needs:
        line = f"{need.get_kind_display()}: {need.get_status_display()}"
        lines.append(f"{line}. {need.outcome}" if need.outcome else line)
    return lines


def _start(name: str) -> str:
    return name[:1].upper() + name[1:]
