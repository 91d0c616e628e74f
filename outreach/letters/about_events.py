"""Letters about a whole meeting: it moved, it is cancelled, it is soon. Once per address, however many places it holds."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext, pgettext

from engage.local_time import local_day
from events.event.models import Event
from events.event.standing import EventStanding, standing_of, takes_people
from events.event.when import day_in_words, moment_of, short_days_of, start_clock_of
from events.rsvps.models import Remind, Rsvp, RsvpStatus
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Delivery, DeliveryState, Lane
from outreach.letters import calendar_stepping
from outreach.letters.about_rsvps import ask_without_coming, asked_for, seats, with_tickets, with_way_out
from outreach.letters.content import Block, Content, button, link, paragraph
from outreach.letters.event_words import (
    accept_url,
    also_in,
    has_page,
    in_every_language,
    letter_about,
    manage_url,
    page_of,
    the_facts,
    title_of,
)
from outreach.letters.occasion import Occasion, Pointless, TooLate
from outreach.letters.subjects import fitted
from outreach.letters.what_changed import what_changed
from outreach.subscriptions.one_click_unsubscribe import unsubscribe_link

_OFF_AND_ON: Final = ("event_cancelled", "event_reinstated")
# Of a letter that is tried again, since nobody knows whether it went.
_MAYBE_WENT: Final = ("uncertain", "worker_lost")


@letter(
    kind="event_moved",
    lane=Lane.EVENT,
    about=About.EVENT,
    moves_calendar=True,
    called=gettext_lazy("New time or place"),
)
def moved(occasion: Occasion) -> Content:
    """A new time or place: the REQUEST for whoever has or is offered a place, plain words for who waits."""
    occasion.must_be_ahead()
    held = occasion.standing
    if not held:
        raise Pointless("place_gone")
    change = what_changed(occasion)
    content = letter_about(occasion, **change.headed())
    content.preheader = change.in_one_line()
    content.add(*change.told())
    seated = [one for one in held if one.status in {RsvpStatus.CONFIRMED, RsvpStatus.OFFERED}]
    if seated:
        content.add(paragraph(_("Your place moves with it. This is what holds now.")))
        content.calendar = calendar_stepping.request(occasion)
    else:
        content.add(paragraph(_("You stay on the waitlist. This is what holds now.")))
    content.add(
        the_facts(occasion, seats(_many(held)), asked_for(occasion, held), joins=bool(occasion.confirmed)),
        button(_("Change or cancel"), manage_url(held[0])),
        paragraph(_("Can’t come then? Cancel, and someone waiting gets your place.")),
    )
    if occasion.needs:
        content.add(paragraph(_("We arrange what you asked for anew and write to you.")))
    return with_way_out(content, occasion, held[0])


@letter(
    kind="event_cancelled",
    lane=Lane.EVENT,
    about=About.EVENT,
    moves_calendar=True,
    called=gettext_lazy("Event cancelled"),
)
def called_off(occasion: Occasion) -> Content:
    """Everyone who had an invitation gets the CANCEL."""
    event = occasion.event
    if standing_of(event, occasion.now) is not EventStanding.CANCELLED:
        raise Pointless("event_not_cancelled")
    if _heard_that_it_is_off(occasion):
        raise Pointless("told_already")
    content = letter_about(
        occasion,
        pgettext("meeting", "Cancelled"),
        neutral=_("Your meeting is cancelled"),
        heading=_("The meeting is cancelled"),
    )
    content.add(paragraph(_("It will not take place. You do not need to do anything.")))
    if not event.discreet:
        content.add(paragraph(_("The reason: {reason}").format(reason=event.cancelled_reason)))
    content.add(the_facts(occasion, comes=False))
    if not event.discreet:
        path = f"/agencies/{occasion.agency.slug}/meetings/"
        content.add(link(_("See the other meetings"), page_of(path, occasion.language)))
        if has_page(event):
            also_in(content, occasion.language, in_every_language(f"/events/{event.pk}"))
    content.calendar = calendar_stepping.cancel(occasion)
    return content


@letter(
    kind="event_reinstated",
    lane=Lane.EVENT,
    about=About.EVENT,
    moves_calendar=True,
    called=gettext_lazy("Event takes place after all"),
)
def on_again(occasion: Occasion) -> Content:
    """Whoever may have read that it is off: the REQUEST again for whoever has or is offered a place."""
    event = occasion.must_be_ahead()
    if not _heard_that_it_is_off(occasion):
        raise Pointless("never_told")
    held = occasion.standing
    content = letter_about(
        occasion,
        _("It takes place after all"),
        neutral=_("Your meeting takes place after all"),
        heading=_("The meeting takes place after all"),
    )
    content.add(paragraph(_("We wrote that it is cancelled. That no longer holds: it takes place.")))
    if event.reinstated_note and not event.discreet:
        content.add(paragraph(event.reinstated_note))
    if not held:
        content.add(paragraph(_("You have no place any more. If you want to come, save one again.")))
        content.add(the_facts(occasion))
        if has_page(event):
            address = page_of(f"/events/{event.pk}", occasion.language)
            content.add(button(_("Read more, or save a place"), address))
            also_in(content, occasion.language, in_every_language(f"/events/{event.pk}"))
        return content
    content.add(*_what_became_of(held, event))
    seated = [one for one in held if one.status in {RsvpStatus.CONFIRMED, RsvpStatus.OFFERED}]
    if seated:
        content.calendar = calendar_stepping.request(occasion)
    content.add(
        the_facts(occasion, seats(_many(held)), asked_for(occasion, held), joins=bool(occasion.confirmed)),
        button(_("Change or cancel"), manage_url(held[0])),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )
    if occasion.needs:
        content.add(paragraph(_("We arrange what you asked for anew and write to you.")))
    return with_way_out(content, occasion, held[0])


def _what_became_of(held: list[Rsvp], event: Event) -> list[Block]:
    """Each kind of place that this address has, in its own words."""
    there = {one.status for one in held}
    blocks: list[Block] = []
    if RsvpStatus.CONFIRMED in there:
        blocks.append(paragraph(_("Your place is still saved.")))
    for one in held:
        if one.status == RsvpStatus.OFFERED and one.offer_expires_at is not None:
            until = moment_of(event, one.offer_expires_at)
            words = _("A place is kept for you. Answer by {until}.").format(until=until)
            blocks += [paragraph(words), button(_("Take this place"), accept_url(one))]
    if RsvpStatus.WAITLISTED in there:
        blocks.append(paragraph(_("You are on the waitlist as before.")))
    return blocks


def _heard_that_it_is_off(occasion: Occasion) -> bool:
    """Whether the last that this address may have read, of its being off or on again, is that it is off.

    An earlier letter that is on its way counts as read, a later one only once it went: of two on their way one goes.
    """
    mine = occasion.delivery
    said = Delivery.objects.filter(contact=occasion.contact, event=occasion.event, kind__in=_OFF_AND_ON)
    went = Q(state__in=[DeliveryState.SENT, DeliveryState.UNCERTAIN]) | Q(reason__in=_MAYBE_WENT)
    earlier = Q(occasion__lt=mine.occasion)
    read = said.filter((earlier & (went | Q(state=DeliveryState.SENDING))) | (~earlier & went))
    last = read.exclude(pk=mine.pk).order_by("occasion").values_list("kind", flat=True).last()
    return last == "event_cancelled"


@letter(kind="reminder", lane=Lane.EVENT, about=About.EVENT, stops=True, called=gettext_lazy("Reminder"))
def soon(occasion: Occasion) -> Content:
    """The reminder, for the start it was planned for and no other."""
    event, delivery = occasion.event, occasion.delivery
    if standing_of(event, occasion.now) is EventStanding.CANCELLED:
        raise Pointless("event_cancelled")
    if delivery.schedule_version != event.schedule_version:
        raise Pointless("event_moved")
    if event.starts_at <= occasion.now:
        raise TooLate
    if not takes_people(event, occasion.now):
        raise Pointless("event_over")
    # Who is in already needs no word that it is soon.
    wanted = [one for one in occasion.confirmed if one.remind == Remind.EMAIL and not occasion.has_come(one)]
    if not wanted:
        raise Pointless("place_gone")
    if occasion.contact.stopped_on is not None:
        raise Pointless("unsubscribed")
    heading = _how_soon(occasion)
    content = letter_about(occasion, heading, heading=heading)
    content.subject = _how_soon_outside(occasion)
    saved = npgettext("letter", "Your place is saved.", "Your places are saved.", _many(wanted))
    content.add(paragraph(saved))
    _host_says(content, occasion)
    content.add(
        the_facts(occasion, seats(_many(wanted)), asked_for(occasion, wanted, is_soon=True), joins=True)
    )
    with_tickets(content, occasion, wanted)
    content.add(
        button(_("Change or cancel"), manage_url(wanted[0])),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )
    ask_without_coming(content, occasion)
    content.stop = unsubscribe_link(occasion.contact)
    return with_way_out(content, occasion, wanted[0])


def _how_soon(occasion: Occasion) -> str:
    event = occasion.event
    days = _days_ahead(occasion)
    if days == 0:
        return _("See you today")
    if days == 1:
        return _("See you tomorrow")
    return _("See you on {day}").format(day=day_in_words(event.local_starts_at))


def _how_soon_outside(occasion: Occasion) -> str:
    """The day, the hour, and then the title as far as it fits."""
    event, days = occasion.event, _days_ahead(occasion)
    day = short_days_of(event, now=occasion.now)
    words = {0: _("Today at {time}"), 1: _("Tomorrow at {time}")}.get(days, _("{day} at {time}"))
    begins = words.format(day=day, time=start_clock_of(event))
    name = _("your meeting") if event.discreet else title_of(event, occasion.language)
    return fitted(_("{begins}: {title}").format(begins=begins, title="{title}"), name, without=begins)


def _days_ahead(occasion: Occasion) -> int:
    event = occasion.event
    return (event.local_starts_at.date() - local_day(event.timezone, occasion.now)).days


def _host_says(content: Content, occasion: Occasion) -> None:
    words = occasion.rule.wording if occasion.rule else {}
    said = words.get(occasion.language) or words.get("en")
    if said and not occasion.event.discreet:
        content.add(paragraph(said))


def _many(rsvps: list[Rsvp]) -> int:
    return sum(one.party_size for one in rsvps)
