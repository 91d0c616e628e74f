"""To those who follow, and had heard of an event: it moved, it is off, it is on again. Who holds a place has a letter of their own."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.event.models import Audience, Event
from events.event.standing import is_off
from events.event.when import when_of
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters.content import Block, Content, button, link, paragraph
from outreach.letters.event_words import signed_by, title_of, when_and_where
from outreach.letters.news import page_of, stoppable
from outreach.letters.occasion import Occasion, Pointless
from outreach.letters.what_changed import what_changed


@letter(
    kind="meeting_moved",
    lane=Lane.EVENT,
    about=About.NEWS,
    stops=True,
    at_any_hour=True,
    called=gettext_lazy("New time or place, to followers"),
)
def moved(occasion: Occasion) -> Content:
    """What was, and what holds now."""
    event = occasion.must_be_ahead()
    _must_be_for_everybody(event)
    headed = what_changed(occasion).headed(title_of(event, occasion.language))
    discreet = _("A meeting has changed: {when}").format(when=when_of(event))
    content = _about(event, occasion, headed["subject"], discreet, headed["heading"])
    content.add(*what_changed(occasion).told(), when_and_where(event, with_link=False))
    content.add(_calendar(event, _("Correct it in your calendar")), *_read_more(event, occasion))
    return stoppable(content, occasion)


@letter(
    kind="meeting_cancelled",
    lane=Lane.EVENT,
    about=About.NEWS,
    stops=True,
    at_any_hour=True,
    called=gettext_lazy("Event cancelled, to followers"),
)
def called_off(occasion: Occasion) -> Content:
    """With the reason, where everybody can read it on the page, too."""
    event = occasion.event
    if not is_off(event):
        raise Pointless("event_not_cancelled")
    name, when = title_of(event, occasion.language), when_of(event)
    content = _about(
        event,
        occasion,
        _("Cancelled: {title}, {when}").format(title=name, when=when),
        _("Cancelled: a meeting on {when}").format(when=when),
        _("The meeting is cancelled"),
    )
    is_public = event.audience == Audience.PUBLIC
    said = name[:1].upper() + name[1:]
    content.add(paragraph(_("{title}, {when}, will not take place.").format(title=said, when=when)))
    if is_public and not event.discreet:
        content.add(paragraph(_("The reason: {reason}").format(reason=event.cancelled_reason)))
    content.add(paragraph(_("You do not need to do anything.")))
    if is_public:
        content.add(_calendar(event, _("Take it out of your calendar")))
    return stoppable(content, occasion)


@letter(
    kind="meeting_reinstated",
    lane=Lane.EVENT,
    about=About.NEWS,
    stops=True,
    at_any_hour=True,
    called=gettext_lazy("Event takes place after all, to followers"),
)
def on_again(occasion: Occasion) -> Content:
    """Also to those whose news of it was held up by the cancelling."""
    event = occasion.must_be_ahead()
    _must_be_for_everybody(event)
    name, when = title_of(event, occasion.language), when_of(event)
    content = _about(
        event,
        occasion,
        _("It takes place after all: {title}, {when}").format(title=name, when=when),
        _("A meeting takes place after all: {when}").format(when=when),
        _("The meeting takes place after all"),
    )
    content.add(paragraph(_("It was cancelled. That no longer holds.")))
    if event.reinstated_note and not event.discreet:
        content.add(paragraph(event.reinstated_note))
    content.add(
        when_and_where(event, with_link=False),
        _calendar(event, _("Put it in your calendar")),
        *_read_more(event, occasion),
    )
    return stoppable(content, occasion)


def _about(event: Event, occasion: Occasion, subject: str, discreet_subject: str, heading: str) -> Content:
    content = Content(subject=discreet_subject if event.discreet else subject, heading=heading)
    return signed_by(content, occasion.agency, discreet=event.discreet)


def _must_be_for_everybody(event: Event) -> None:
    """It may have become one for invited people or staff since it was announced: its new time is not for everybody."""
    if event.audience != Audience.PUBLIC:
        raise Pointless("not_public")


def _calendar(event: Event, label: str) -> Block:
    return link(label, f"{settings.PUBLIC_URL}/events/{event.pk}/invite.ics")


def _read_more(event: Event, occasion: Occasion) -> list[Block]:
    if event.discreet:
        return []
    address = page_of(f"/events/{event.pk}", occasion.language)
    return [button(_("Read more, or save a place"), address)]
