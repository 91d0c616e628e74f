"""Letters about one place: saved, waited for, offered, changed, given back. None repeats what somebody typed."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext

from events.event.when import moment_of
from events.rsvps.models import Rsvp, RsvpStatus
from events.rsvps.needs.models import AccessRequest
from events.rsvps.parties import can_never_be_seated
from events.rsvps.waitlisting import position_of
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters import calendar_stepping
from outreach.letters.content import Content, button, facts, link, paragraph
from outreach.letters.event_words import (
    Row,
    accept_url,
    also_in,
    has_begun,
    has_page,
    in_every_language,
    letter_about,
    manage_url,
    page_of,
    the_facts,
    tickets,
)
from outreach.letters.need_words import need_lines, needed
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
    content = letter_about(occasion, heading)
    if event.starts_at > occasion.now:
        content.preheader = _("When, where, and how to change or cancel.")
    content.add(
        *(has_begun(occasion, rsvp) or [paragraph(_("We look forward to seeing you."))]),
        the_facts(occasion, seats(rsvp.party_size), asked_for(occasion, [rsvp]), joins=True),
    )
    with_tickets(content, occasion, [rsvp])
    _change_or_cancel(content, rsvp)
    ask_without_coming(content, occasion)
    content.calendar = calendar_stepping.request(occasion)
    return with_way_out(content, occasion, rsvp)


@letter(kind="waitlisted", lane=Lane.ANSWER, about=About.RSVP, called=gettext_lazy("On the waitlist"))
def waiting(occasion: Occasion) -> Content:
    occasion.must_be_ahead()
    rsvp = occasion.rsvp
    if rsvp.status != RsvpStatus.WAITLISTED:
        raise Pointless("place_changed_since")
    position = position_of(rsvp)
    content = letter_about(occasion, _("You are on the waitlist"))
    content.add(
        paragraph(
            ngettext(
                "No place is free for you yet. We write to you when there is one.",
                "There is no room for all {party} of you yet. We write to you when there is.",
                rsvp.party_size,
            ).format(party=rsvp.party_size)
        ),
        *has_begun(occasion, rsvp),
        the_facts(
            occasion,
            seats(rsvp.party_size),
            (_("Your place in line"), [str(position)] if position else []),
            asked_for(occasion, [rsvp]),
        ),
        button(_("Change or leave the waitlist"), manage_url(rsvp)),
    )
    return with_way_out(content, occasion, rsvp)


@letter(kind="offer", lane=Lane.EVENT, about=About.RSVP, called=gettext_lazy("Offer of a place"))
def offered(occasion: Occasion) -> Content:
    event, rsvp = occasion.must_be_ahead(), occasion.rsvp
    if rsvp.status != RsvpStatus.OFFERED or rsvp.offer_expires_at is None:
        raise Pointless("place_changed_since")
    until = moment_of(event, rsvp.offer_expires_at)
    heading = npgettext("letter", "A place is free for you", "Places are free for you", rsvp.party_size)
    content = letter_about(occasion, heading, neutral=_("Your meeting, please answer"))
    content.preheader = _("Answer by {until}.").format(until=until)
    content.add(
        paragraph(
            ngettext(
                "You waited for a place. One is free now. Answer by {until}.",
                "You waited for {party} places. They are free now. Answer by {until}.",
                rsvp.party_size,
            ).format(party=rsvp.party_size, until=until)
        ),
        *has_begun(occasion, rsvp),
        the_facts(occasion, seats(rsvp.party_size), (_("Answer by"), [until])),
        button(ngettext("Take this place", "Take these places", rsvp.party_size), accept_url(rsvp)),
        link(
            ngettext("No, give it to the next person", "No, give them to the next person", rsvp.party_size),
            manage_url(rsvp),
        ),
        paragraph(_("If we do not hear from you by then, the next person in line is asked.")),
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
    content = letter_about(
        occasion,
        _("Please choose"),
        heading=_("There will be no room for all of you"),
        neutral=_("Your meeting, please answer"),
    )
    holds = ngettext(
        "The room holds only {number} person now, and you wait for {party} places.",
        "The room holds only {number} people now, and you wait for {party} places.",
        event.capacity or 0,
    )
    content.add(
        paragraph(holds.format(number=event.capacity, party=rsvp.party_size)),
        paragraph(
            _(
                "Ask for fewer places, and you keep your turn. Or leave the waitlist. If you do nothing, others go first."
            )
        ),
        the_facts(occasion, seats(rsvp.party_size)),
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
    occasion.must_be_ahead()
    rsvp = occasion.rsvp
    if rsvp.status not in {RsvpStatus.WAITLISTED, RsvpStatus.CANCELLED}:
        raise Pointless("place_changed_since")
    content = letter_about(occasion, _("The offer has ended"), neutral=_("Your meeting, no answer came"))
    content.add(paragraph(_("We did not hear from you, so your place went to the next person in line.")))
    if rsvp.status == RsvpStatus.WAITLISTED:
        content.add(
            paragraph(
                _("You are on the waitlist again, at its end. If a place is free, we ask you once more.")
            ),
            the_facts(occasion, seats(rsvp.party_size)),
            button(_("Change or leave the waitlist"), manage_url(rsvp)),
        )
    else:
        content.add(
            paragraph(_("You are no longer on the waitlist. You can come without a place if there is room.")),
            the_facts(occasion),
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
    occasion.must_be_ahead()
    rsvp = occasion.rsvp
    if rsvp.status == RsvpStatus.CANCELLED:
        raise Pointless("place_gone")
    has_seat = rsvp.status == RsvpStatus.CONFIRMED
    content = letter_about(
        occasion, _("We saved your change"), neutral=_("Your meeting, your change is saved")
    )
    content.add(
        paragraph(_("This is what we have for you now.")),
        *has_begun(occasion, rsvp),
        the_facts(
            occasion,
            seats(rsvp.party_size),
            (_("Status"), [str(rsvp.get_status_display())]),
            asked_for(occasion, [rsvp]),
            joins=has_seat,
        ),
    )
    if has_seat:
        with_tickets(content, occasion, [rsvp])
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
    content = letter_about(
        occasion, _("Your place is cancelled"), neutral=_("Your meeting, your place is cancelled")
    )
    act = occasion.activity()
    held_a_seat = act is None or act.data.get("was") == RsvpStatus.CONFIRMED
    content.add(
        paragraph(_("You no longer have a place at this meeting.")),
        the_facts(occasion, comes=False),
        paragraph(_("Thank you for telling us. Someone who waits can come now.")),
    )
    if occasion.confirmed:
        content.add(paragraph(_("Other places saved with this address stay.")))
    elif held_a_seat or calendar_stepping.entry_stands(occasion):
        content.calendar = calendar_stepping.cancel(occasion)
    if has_page(event) and not event.discreet:
        content.add(
            paragraph(_("Did you change your mind? You can save a place again on the meeting’s page."))
        )
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
    occasion.must_be_ahead()
    if any(one.pk == occasion.delivery.subject_id for one in occasion.standing):
        raise Pointless("address_is_back")
    content = letter_about(
        occasion, _("We write to another address now"), neutral=_("Your meeting, another address")
    )
    content.add(
        paragraph(_("Somebody with the link of your place at this meeting gave us another address.")),
        the_facts(occasion, comes=False),
        paragraph(
            _("The place stays. We write about it to the other address, and our older links open nothing.")
        ),
        paragraph(
            _(
                "You do not need to do anything. Was that not you? Save a new place on the meeting’s page, or ask us."
            )
        ),
    )
    if occasion.confirmed:
        content.add(paragraph(_("Other places saved with this address stay.")))
    elif calendar_stepping.entry_stands(occasion):
        content.add(paragraph(_("The entry in this calendar goes; the other address gets one.")))
        content.calendar = calendar_stepping.cancel(occasion)
    if has_page(occasion.event) and not occasion.event.discreet:
        also_in(content, occasion.language, in_every_language(f"/events/{occasion.event.pk}"))
    return content


@letter(kind="link_again", lane=Lane.ANSWER, about=About.RSVP, called=gettext_lazy("The link again"))
def link_again(occasion: Occasion) -> Content:
    occasion.must_be_ahead()
    rsvp = occasion.rsvp
    content = letter_about(
        occasion, _("Your link"), heading=_("Here is your link again"), neutral=_("Your meeting, your link")
    )
    held = occasion.standing
    content.add(
        paragraph(
            _(
                "With this link you can see, change or cancel all that was saved with this address for this meeting."
            )
        ),
        *has_begun(occasion, rsvp),
        the_facts(
            occasion,
            seats(sum(one.party_size for one in held)),
            asked_for(occasion, held),
            joins=bool(occasion.confirmed),
        ),
    )
    with_tickets(content, occasion, occasion.confirmed)
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
    occasion.must_be_ahead()
    need = AccessRequest.objects.select_related("rsvp").filter(pk=occasion.subject).first()
    if need is None or need.status not in statuses or need.rsvp.status == RsvpStatus.CANCELLED:
        raise Pointless("need_changed_since")
    content = letter_about(occasion, heading, neutral=_("Your meeting, our answer"))
    content.add(
        paragraph(sentence),
        facts([(_("You asked for"), [needed(need)]), (_("Our answer"), [need.outcome])]),
        *has_begun(occasion, need.rsvp),
        the_facts(occasion, joins=need.rsvp.status == RsvpStatus.CONFIRMED),
    )
    if need.status == "not_met" and occasion.agency.contact_phone:
        words = _("To look for another way, call {phone}.").format(phone=occasion.agency.contact_phone)
        content.add(paragraph(words))
    _change_or_cancel(content, need.rsvp)
    return with_way_out(content, occasion, need.rsvp)


def seats(many: int) -> Row:
    return (pgettext("seats", "Places"), [str(many)])


def asked_for(occasion: Occasion, rsvps: list[Rsvp], *, is_soon: bool = False) -> Row:
    """What was asked for with these, how far it is and what happens next; never the words typed beside it."""
    theirs = {one.pk for one in rsvps}
    needs = [need for need in occasion.needs if need.rsvp_id in theirs]
    return (
        _("You asked for"),
        [*need_lines(needs, phone=occasion.agency.contact_phone, is_soon=is_soon)],
    )


def with_tickets(content: Content, occasion: Occasion, rsvps: list[Rsvp]) -> None:
    blocks, codes = tickets(
        occasion, rsvps, _("Show this, or say the code. No ID. If you lose it, come anyway.")
    )
    content.add(*blocks)
    content.codes += codes


def ask_without_coming(content: Content, occasion: Occasion) -> None:
    event = occasion.event
    if has_page(event) and not event.discreet:
        address = page_of(f"/events/{event.pk}/ask", occasion.language)
        content.add(link(_("Send a question, with no name"), address))


def _change_or_cancel(content: Content, rsvp: Rsvp) -> None:
    content.add(
        button(_("Change or cancel"), manage_url(rsvp)),
        paragraph(_("Can’t come? Cancel, and someone waiting gets your place.")),
    )


def with_way_out(content: Content, occasion: Occasion, rsvp: Rsvp) -> Content:
    """The same in another language; and, since anyone can type a stranger's address, a way out of each letter until
    somebody answered from it.
    """
    if rsvp.status == RsvpStatus.CANCELLED:
        if has_page(occasion.event):
            also_in(content, occasion.language, in_every_language(f"/events/{occasion.event.pk}"))
    else:
        also_in(
            content,
            occasion.language,
            {code: f"{manage_url(rsvp)}?lang={code}" for code in dict(settings.LANGUAGES)},
        )
    if not occasion.is_proven:
        content.not_me_url = f"{manage_url(rsvp)}/not-me"
    return content
