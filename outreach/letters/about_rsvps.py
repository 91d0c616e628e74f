"""Letters about one place: saved, waited for, offered, changed, given back. None repeats what somebody typed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from events.event.when import moment_of, when_of
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest
from events.rsvps.parties import can_never_be_seated
from events.rsvps.waitlisting import position_of
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters import calendar_stepping
from outreach.letters.content import Content, button, facts, link, paragraph
from outreach.letters.event_words import (
    accept_url,
    has_begun,
    letter_about,
    manage_url,
    tickets,
    title_of,
    when_and_where,
)
from outreach.letters.occasion import Occasion, Pointless


@letter(
    kind="confirmation",
    lane=Lane.ANSWER,
    about=About.RSVP,
    moves_calendar=True,
    called=gettext_lazy("Confirmation of a place"),
)
def saved(occasion: Occasion) -> Content:
    """Confirmation, with the calendar's REQUEST."""
    return _confirmed(occasion, _("Your place is saved"))


@letter(
    kind="promoted",
    lane=Lane.EVENT,
    about=About.RSVP,
    moves_calendar=True,
    called=gettext_lazy("A place from the waitlist"),
)
def promoted(occasion: Occasion) -> Content:
    """A place came free for somebody who waited, or an offer was taken."""
    return _confirmed(occasion, _("You have a place"))


def _confirmed(occasion: Occasion, heading: str) -> Content:
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status != RsvpStatus.CONFIRMED:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("{heading}: {title}, {when}").format(heading=heading, title=name, when=when_of(event)),
        heading=heading,
    )
    if event.starts_at > occasion.now:
        content.preheader = _("When, where, and how to change or cancel.")
    content.add(
        *(
            has_begun(occasion, rsvp)
            or [paragraph(_("We look forward to seeing you at {title}.").format(title=name))]
        ),
        when_and_where(
            event,
            (pgettext("seats", "Places"), [str(rsvp.party_size)]),
            (_("You asked for"), _needs(occasion, rsvp)),
        ),
    )
    _with_tickets(content, occasion, [rsvp])
    _change_or_cancel(content, rsvp)
    content.calendar = calendar_stepping.request(occasion)
    return with_way_out(content, occasion, rsvp)


@letter(kind="waitlisted", lane=Lane.ANSWER, about=About.RSVP, called=gettext_lazy("On the waitlist"))
def waiting(occasion: Occasion) -> Content:
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status != RsvpStatus.WAITLISTED:
        raise Pointless("place_changed_since")
    name, position = title_of(event, occasion.language), position_of(rsvp)
    content = letter_about(
        occasion,
        subject=_("You are on the waitlist: {title}, {when}").format(title=name, when=when_of(event)),
        heading=_("You are on the waitlist"),
    )
    content.add(
        paragraph(
            ngettext(
                "No place is free for you at {title} yet. We write to you when there is one.",
                "There is no room for all {party} of you at {title} yet. We write to you when there is.",
                rsvp.party_size,
            ).format(party=rsvp.party_size, title=name)
        ),
        *has_begun(occasion, rsvp),
        when_and_where(
            event,
            (pgettext("seats", "Places"), [str(rsvp.party_size)]),
            (_("Your place in line"), [str(position)] if position else []),
            with_link=False,
        ),
        button(_("Change or leave the waitlist"), manage_url(rsvp)),
    )
    return with_way_out(content, occasion, rsvp)


@letter(kind="offer", lane=Lane.EVENT, about=About.RSVP, called=gettext_lazy("Offer of a place"))
def offered(occasion: Occasion) -> Content:
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status != RsvpStatus.OFFERED or rsvp.offer_expires_at is None:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    until = moment_of(event, rsvp.offer_expires_at)
    content = letter_about(
        occasion,
        subject=_("A place is free: {title}. Answer by {until}").format(title=name, until=until),
        discreet_subject=_("Your meeting on {when}: please answer").format(when=when_of(event)),
        heading=_("A place is free for you"),
    )
    content.preheader = _("Answer by {until}.").format(until=until)
    content.add(
        paragraph(
            ngettext(
                "You waited for a place at {title}. One is free now.",
                "You waited for {party} places at {title}. They are free now.",
                rsvp.party_size,
            ).format(party=rsvp.party_size, title=name)
        ),
        *has_begun(occasion, rsvp),
        when_and_where(
            event,
            (pgettext("seats", "Places"), [str(rsvp.party_size)]),
            (_("Answer by"), [until]),
            with_link=False,
        ),
        button(_("Take this place"), accept_url(rsvp)),
        link(_("No, give it to the next person"), manage_url(rsvp)),
        paragraph(_("If we do not hear from you by then, we offer it to the next person in line.")),
    )
    return with_way_out(content, occasion, rsvp)


@letter(
    kind="room_too_small",
    lane=Lane.EVENT,
    about=About.RSVP,
    called=gettext_lazy("Room too small for a group"),
)
def room_too_small(occasion: Occasion) -> Content:
    """The room was made smaller than a party that waits: it could never be seated, and chooses."""
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if not can_never_be_seated(event, rsvp):
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Please choose: {title}, {when}").format(title=name, when=when_of(event)),
        discreet_subject=_("Your meeting on {when}: please answer").format(when=when_of(event)),
        heading=_("There will be no room for all of you"),
    )
    holds = ngettext(
        "The room for {title} holds only {number} person now, and you wait for {party} places.",
        "The room for {title} holds only {number} people now, and you wait for {party} places.",
        event.capacity or 0,
    )
    content.add(
        paragraph(holds.format(title=name, number=event.capacity, party=rsvp.party_size)),
        paragraph(
            _(
                "Ask for fewer places, and you keep your turn. Or leave the waitlist. If you do nothing, others go first."
            )
        ),
        when_and_where(event, (pgettext("seats", "Places"), [str(rsvp.party_size)]), with_link=False),
        button(_("Ask for fewer places, or leave"), manage_url(rsvp)),
    )
    return with_way_out(content, occasion, rsvp)


@letter(
    kind="offer_lapsed",
    lane=Lane.EVENT,
    about=About.RSVP,
    moves_calendar=True,
    called=gettext_lazy("Offer has ended"),
)
def lapsed(occasion: Occasion) -> Content:
    """With a CANCEL where the meeting moved while the place was offered, and so came into that calendar."""
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status not in {RsvpStatus.WAITLISTED, RsvpStatus.CANCELLED}:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("The offer has ended: {title}").format(title=name),
        heading=_("The offer has ended"),
    )
    content.add(paragraph(_("We did not hear from you, so the place at {title} went on.").format(title=name)))
    if rsvp.status == RsvpStatus.WAITLISTED:
        content.add(
            paragraph(
                _("You are on the waitlist again, at its end. If a place is free, we ask you once more.")
            )
        )
        content.add(button(_("Change or leave the waitlist"), manage_url(rsvp)))
    else:
        content.add(
            paragraph(_("You are no longer on the waitlist. You can come without a place if there is room."))
        )
    if not occasion.confirmed and calendar_stepping.entry_stands(occasion):
        content.calendar = calendar_stepping.cancel(occasion)
    return with_way_out(content, occasion, rsvp)


@letter(
    kind="place_changed",
    lane=Lane.ANSWER,
    about=About.RSVP,
    moves_calendar=True,
    called=gettext_lazy("Change of a place"),
)
def changed(occasion: Occasion) -> Content:
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status == RsvpStatus.CANCELLED:
        raise Pointless("place_gone")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Changed: {title}, {when}").format(title=name, when=when_of(event)),
        heading=_("We saved your change"),
    )
    content.add(
        paragraph(_("This is what we have for {title} now.").format(title=name)),
        *has_begun(occasion, rsvp),
        when_and_where(
            event,
            (pgettext("seats", "Places"), [str(rsvp.party_size)]),
            (_("Status"), [str(rsvp.get_status_display())]),
            (_("You asked for"), _needs(occasion, rsvp)),
            with_link=rsvp.status == RsvpStatus.CONFIRMED,
        ),
    )
    if rsvp.status == RsvpStatus.CONFIRMED:
        _with_tickets(content, occasion, [rsvp])
        content.calendar = calendar_stepping.request(occasion)
    _change_or_cancel(content, rsvp)
    return with_way_out(content, occasion, rsvp)


@letter(
    kind="place_cancelled",
    lane=Lane.ANSWER,
    about=About.ENDED_RSVP,
    moves_calendar=True,
    called=gettext_lazy("Place cancelled"),
)
def given_back(occasion: Occasion) -> Content:
    """With a CANCEL only where the address holds no other confirmed place."""
    event, rsvp = occasion.event, occasion.rsvp
    if rsvp.status != RsvpStatus.CANCELLED:
        raise Pointless("place_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Cancelled: your place at {title}").format(title=name),
        discreet_subject=_("Your meeting on {when}: cancelled").format(when=when_of(event)),
        heading=_("Your place is cancelled"),
    )
    act = occasion.activity()
    held_a_seat = act is None or act.data.get("was") == RsvpStatus.CONFIRMED
    content.add(
        paragraph(
            _("You no longer have a place at {title}, {when}.").format(title=name, when=when_of(event))
        ),
        paragraph(_("Thank you for telling us. Someone who waits can come now.")),
    )
    if occasion.confirmed:
        content.add(paragraph(_("Other places saved with this address stay.")))
    elif held_a_seat or calendar_stepping.entry_stands(occasion):
        content.calendar = calendar_stepping.cancel(occasion)
    return with_way_out(content, occasion, rsvp)


@letter(
    kind="address_changed",
    lane=Lane.ANSWER,
    about=About.LEFT_RSVP,
    moves_calendar=True,
    called=gettext_lazy("Another address for a place"),
)
def address_changed(occasion: Occasion) -> Content:
    """To the address that was left, which somebody reads: not where letters go now, and no link that opens the place."""
    event = occasion.must_be_ahead()
    if any(one.pk == occasion.delivery.subject_id for one in occasion.standing):
        raise Pointless("address_is_back")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Another address for your place: {title}, {when}").format(title=name, when=when_of(event)),
        heading=_("We write to another address now"),
    )
    content.add(
        paragraph(
            _("Somebody with the link of your place at {title}, {when}, gave us another address.").format(
                title=name, when=when_of(event)
            )
        ),
        paragraph(
            _("The place stays. We write about it to the other address, and our older links open nothing.")
        ),
        paragraph(_("Was that not you? Save a new place on the meeting’s page, or ask us.")),
    )
    if occasion.confirmed:
        content.add(paragraph(_("Other places saved with this address stay.")))
    elif calendar_stepping.entry_stands(occasion):
        content.add(paragraph(_("The entry in this calendar goes; the other address gets one.")))
        content.calendar = calendar_stepping.cancel(occasion)
    return content


@letter(kind="link_again", lane=Lane.ANSWER, about=About.RSVP, called=gettext_lazy("The link again"))
def link_again(occasion: Occasion) -> Content:
    occasion.must_be_ahead()
    event, rsvp = occasion.event, occasion.rsvp
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("Your link for {title}").format(title=name),
        heading=_("Here is your link again"),
    )
    held = occasion.standing
    many = ngettext("{count} place", "{count} places", sum(one.party_size for one in held)).format(
        count=sum(one.party_size for one in held)
    )
    content.add(
        paragraph(_("With this link you can see, change or cancel everything saved with this address.")),
        *has_begun(occasion, rsvp),
        when_and_where(event, (pgettext("seats", "Places"), [many]), with_link=bool(occasion.confirmed)),
    )
    _with_tickets(content, occasion, occasion.confirmed)
    _change_or_cancel(content, rsvp)
    content.add(
        paragraph(_("Does somebody else have your link? Make it new, and no older one opens anything.")),
        link(_("Make my link new"), f"{manage_url(rsvp)}/new-link"),
    )
    return with_way_out(content, occasion, rsvp)


@letter(kind="access_arranged", lane=Lane.EVENT, about=About.NEED, called=gettext_lazy("Need arranged"))
def need_arranged(occasion: Occasion) -> Content:
    """What staff wrote for the resident is repeated here, and nothing the resident wrote."""
    return _need(
        occasion,
        statuses=("arranged", "met"),
        heading=_("It is arranged"),
        sentence=_("We arranged what you asked for."),
    )


@letter(
    kind="access_not_possible", lane=Lane.EVENT, about=About.NEED, called=gettext_lazy("Need not possible")
)
def need_not_possible(occasion: Occasion) -> Content:
    return _need(
        occasion,
        statuses=("not_met",),
        heading=_("We could not arrange this"),
        sentence=_("We are sorry: we could not arrange what you asked for. You are welcome all the same."),
    )


def _need(occasion: Occasion, *, statuses: tuple[str, ...], heading: str, sentence: str) -> Content:
    event = occasion.must_be_ahead()
    need = AccessRequest.objects.select_related("rsvp").filter(pk=occasion.subject).first()
    if need is None or need.status not in statuses or need.rsvp.status == RsvpStatus.CANCELLED:
        raise Pointless("need_changed_since")
    name = title_of(event, occasion.language)
    content = letter_about(
        occasion,
        subject=_("{heading}: {title}, {when}").format(heading=heading, title=name, when=when_of(event)),
        heading=heading,
    )
    content.add(
        paragraph(sentence),
        facts([(_("You asked for"), [str(need.get_kind_display())]), (_("Our answer"), [need.outcome])]),
        *has_begun(occasion, need.rsvp),
        when_and_where(event, with_link=False),
    )
    _change_or_cancel(content, need.rsvp)
    return with_way_out(content, occasion, need.rsvp)


def _needs(occasion: Occasion, rsvp: Rsvp) -> list[str]:
    """The kinds, from our own list; never the words typed beside them."""
    return [str(need.get_kind_display()) for need in occasion.needs if need.rsvp_id == rsvp.pk]


def _with_tickets(content: Content, occasion: Occasion, rsvps: list[Rsvp]) -> None:
    blocks, codes = tickets(
        occasion, rsvps, _("Show this, or say the code. No ID. If you lose it, come anyway.")
    )
    content.add(*blocks)
    content.codes += codes


def _change_or_cancel(content: Content, rsvp: Rsvp) -> None:
    content.add(
        button(_("Change or cancel"), manage_url(rsvp)),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )


def with_way_out(content: Content, occasion: Occasion, rsvp: Rsvp) -> Content:
    """Anyone can type a stranger's address: until somebody answered from it, each letter offers a way out."""
    if not occasion.is_proven:
        content.not_me_url = f"{manage_url(rsvp)}/not-me"
    return content
