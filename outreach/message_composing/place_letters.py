"""Letters about one place: saved, waited for, offered, changed, given back. None repeats what somebody typed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import AccessRequest, Rsvp, RsvpStatus
from events.waitlisting import position_of
from outreach.message_composing import calendar_stepping
from outreach.message_composing.content import Content, button, facts, link, paragraph
from outreach.message_composing.meeting_words import (
    accept_url,
    letter_about,
    manage_url,
    moment_there,
    one_stop,
    tickets,
    title_of,
    when,
    when_and_where,
)
from outreach.message_composing.occasion import Occasion
from outreach.message_composing.verdicts import Pointless


def saved(occasion: Occasion) -> Content:
    """Confirmation, with the calendar's REQUEST."""
    return _place_saved(occasion, _("Your place is saved"))


def promoted(occasion: Occasion) -> Content:
    """A place came free for somebody who waited, or an offer was taken."""
    return _place_saved(occasion, _("You have a place"))


def _place_saved(occasion: Occasion, heading: str) -> Content:
    event, place = occasion.must_be_ahead(), occasion.place
    if place.status != RsvpStatus.CONFIRMED:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("{heading}: {title}, {when}").format(heading=heading, title=name, when=when(event)),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=heading,
    )
    content.preheader = _("When, where, and how to change or cancel.")
    content.add(
        paragraph(_("We look forward to seeing you at {title}.").format(title=name)),
        when_and_where(
            event, (_("Places"), [str(place.party_size)]), (_("You asked for"), _needs(occasion, place))
        ),
    )
    _with_tickets(content, [place])
    _change_or_cancel(content, place)
    content.calendar = calendar_stepping.request(occasion)
    return with_way_out(content, occasion, place)


def waiting(occasion: Occasion) -> Content:
    event, place = occasion.must_be_ahead(), occasion.place
    if place.status != RsvpStatus.WAITLISTED:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("You are on the waitlist: {title}, {when}").format(title=name, when=when(event)),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=_("You are on the waitlist"),
    )
    content.add(
        paragraph(
            _("All places for {title} are taken. We write to you when one is free.").format(title=name)
        ),
        when_and_where(
            event,
            (_("Places"), [str(place.party_size)]),
            (_("Your place in line"), [str(position_of(place) or "")]),
            with_link=False,
        ),
        button(_("Change or leave the waitlist"), manage_url(place)),
    )
    return with_way_out(content, occasion, place)


def offered(occasion: Occasion) -> Content:
    event, place = occasion.must_be_ahead(), occasion.place
    if place.status != RsvpStatus.OFFERED or place.offer_expires_at is None:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    until = moment_there(place.offer_expires_at, event.timezone)
    content = letter_about(
        occasion,
        subject=_("A place is free: {title}. Answer by {until}").format(title=name, until=until),
        discreet_subject=_("Your meeting on {when}: please answer").format(when=when(event)),
        heading=_("A place is free for you"),
    )
    content.preheader = one_stop(_("Answer by {until}.").format(until=until))
    content.add(
        paragraph(_("You waited for a place at {title}. One is free now.").format(title=name)),
        when_and_where(
            event, (_("Places"), [str(place.party_size)]), (_("Answer by"), [until]), with_link=False
        ),
        button(_("Take this place"), accept_url(place)),
        link(_("No, give it to the next person"), manage_url(place)),
        paragraph(_("If we do not hear from you by then, we offer it to the next person in line.")),
    )
    return with_way_out(content, occasion, place)


def lapsed(occasion: Occasion) -> Content:
    event, place = occasion.must_be_ahead(), occasion.place
    if place.status not in {RsvpStatus.WAITLISTED, RsvpStatus.CANCELLED}:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("The offer has ended: {title}").format(title=name),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=_("The offer has ended"),
    )
    content.add(paragraph(_("We did not hear from you, so the place at {title} went on.").format(title=name)))
    if place.status == RsvpStatus.WAITLISTED:
        content.add(
            paragraph(
                _("You are on the waitlist again, at its end. If a place is free, we ask you once more.")
            )
        )
        content.add(button(_("Change or leave the waitlist"), manage_url(place)))
    else:
        content.add(
            paragraph(_("You are no longer on the waitlist. You can come without a place if there is room."))
        )
    return with_way_out(content, occasion, place)


def changed(occasion: Occasion) -> Content:
    event, place = occasion.must_be_ahead(), occasion.place
    if place.status == RsvpStatus.CANCELLED:
        raise Pointless("place_gone")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Changed: {title}, {when}").format(title=name, when=when(event)),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=_("We saved your change"),
    )
    content.add(
        paragraph(_("This is what we have for {title} now.").format(title=name)),
        when_and_where(
            event,
            (_("Places"), [str(place.party_size)]),
            (_("Status"), [str(place.get_status_display())]),
            (_("You asked for"), _needs(occasion, place)),
            with_link=place.status == RsvpStatus.CONFIRMED,
        ),
    )
    if place.status == RsvpStatus.CONFIRMED:
        _with_tickets(content, [place])
        content.calendar = calendar_stepping.request(occasion)
    _change_or_cancel(content, place)
    return with_way_out(content, occasion, place)


def given_back(occasion: Occasion) -> Content:
    """With a CANCEL only where the address holds no other confirmed place."""
    event, place = occasion.meeting, occasion.place
    if place.status != RsvpStatus.CANCELLED:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Cancelled: your place at {title}").format(title=name),
        discreet_subject=_("Your meeting on {when}: cancelled").format(when=when(event)),
        heading=_("Your place is cancelled"),
    )
    act = occasion.activity()
    held_a_seat = act is None or act.data.get("was") == RsvpStatus.CONFIRMED
    content.add(
        paragraph(
            one_stop(_("You no longer have a place at {title}, {when}.").format(title=name, when=when(event)))
        ),
        paragraph(_("Thank you for telling us. Someone who waits can come now.")),
    )
    if occasion.confirmed:
        content.add(paragraph(_("Other places saved with this address stay.")))
    elif held_a_seat:
        content.calendar = calendar_stepping.cancel(occasion)
    return with_way_out(content, occasion, place)


def link_again(occasion: Occasion) -> Content:
    occasion.must_be_ahead()
    event, place = occasion.meeting, occasion.place
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Your link for {title}").format(title=name),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=_("Here is your link again"),
    )
    held = occasion.standing
    many = ngettext("{count} place", "{count} places", sum(one.party_size for one in held)).format(
        count=sum(one.party_size for one in held)
    )
    content.add(
        paragraph(_("With this link you can see, change or cancel everything saved with this address.")),
        when_and_where(event, (_("Places"), [many]), with_link=bool(occasion.confirmed)),
    )
    _with_tickets(content, occasion.confirmed)
    _change_or_cancel(content, place)
    content.add(
        paragraph(_("Does somebody else have your link? Make it new, and no older one opens anything.")),
        link(_("Make my link new"), f"{manage_url(place)}/new-link"),
    )
    return with_way_out(content, occasion, place)


def need_arranged(occasion: Occasion) -> Content:
    """What staff wrote for the resident is repeated here, and nothing the resident wrote."""
    return _need(
        occasion,
        statuses=("arranged", "met"),
        heading=_("It is arranged"),
        said=_("We arranged what you asked for."),
    )


def need_not_possible(occasion: Occasion) -> Content:
    return _need(
        occasion,
        statuses=("not_met",),
        heading=_("We could not arrange this"),
        said=_("We are sorry: we could not arrange what you asked for. You are welcome all the same."),
    )


def _need(occasion: Occasion, *, statuses: tuple[str, ...], heading: str, said: str) -> Content:
    event = occasion.must_be_ahead()
    need = AccessRequest.objects.select_related("rsvp").filter(pk=occasion.subject).first()
    if need is None or need.status not in statuses or need.rsvp.status == RsvpStatus.CANCELLED:
        raise Pointless("need_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("{heading}: {title}, {when}").format(heading=heading, title=name, when=when(event)),
        discreet_subject=_("Your meeting on {when}").format(when=when(event)),
        heading=heading,
    )
    content.add(
        paragraph(said),
        facts([(_("You asked for"), [str(need.get_kind_display())]), (_("Our answer"), [need.outcome])]),
        when_and_where(event, with_link=False),
    )
    _change_or_cancel(content, need.rsvp)
    return with_way_out(content, occasion, need.rsvp)


def _needs(occasion: Occasion, place: Rsvp) -> list[str]:
    """The kinds, from our own list; never the words typed beside them."""
    return [str(need.get_kind_display()) for need in occasion.needs if need.rsvp_id == place.pk]


def _with_tickets(content: Content, places: list[Rsvp]) -> None:
    blocks, codes = tickets(places, _("Show this, or say the code. No ID. If you lose it, come anyway."))
    content.add(*blocks)
    content.codes += codes


def _change_or_cancel(content: Content, place: Rsvp) -> None:
    content.add(
        button(_("Change or cancel"), manage_url(place)),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )


def with_way_out(content: Content, occasion: Occasion, place: Rsvp) -> Content:
    """Anyone can type a stranger's address: until somebody answered from it, each letter offers a way out."""
    if not occasion.is_proven:
        content.not_me_url = f"{manage_url(place)}/not-me"
    return content
