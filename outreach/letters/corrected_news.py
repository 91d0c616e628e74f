"""To those who follow, and had heard of an event: it moved, it is off, it is on again. Who holds a place has a letter of their own."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from events.event.models import Audience, Event
from events.event.standing import is_off
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters.content import Content, button, link, paragraph
from outreach.letters.event_words import also_in, in_every_language, page_of, the_facts
from outreach.letters.news import about_event, read_more, stoppable
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
    change = what_changed(occasion)
    content = about_event(occasion, **(change.headed() | {"neutral": _("A meeting has changed")}))
    content.preheader = change.in_one_line()
    content.add(*change.told(), the_facts(occasion, named=False))
    read_more(content, occasion, _("Correct it in your calendar"))
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
    content = about_event(
        occasion,
        pgettext("meeting", "Cancelled"),
        neutral=_("A meeting is cancelled"),
        heading=_("The meeting is cancelled"),
    )
    is_public = event.audience == Audience.PUBLIC
    content.add(paragraph(_("It will not take place. You do not need to do anything.")))
    if is_public and not event.discreet:
        content.add(paragraph(_("The reason: {reason}").format(reason=event.cancelled_reason)))
    content.add(the_facts(occasion, comes=False, named=False))
    if is_public and not event.discreet:
        address = f"{settings.PUBLIC_URL}/events/{event.pk}/invite.ics"
        content.add(link(_("Take it out of your calendar"), address))
        path = f"/agencies/{occasion.agency.slug}/meetings/"
        content.add(link(_("See the other meetings"), page_of(path, occasion.language)))
        also_in(content, occasion.language, in_every_language(f"/events/{event.pk}"))
    elif is_public:
        content.add(button(_("Read more"), page_of(f"/events/{event.pk}", occasion.language)))
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
    content = about_event(
        occasion,
        _("It takes place after all"),
        neutral=_("A meeting takes place after all"),
        heading=_("The meeting takes place after all"),
    )
    content.add(paragraph(_("It was cancelled. That no longer holds.")))
    if event.reinstated_note and not event.discreet:
        content.add(paragraph(event.reinstated_note))
    content.add(the_facts(occasion, named=False))
    read_more(content, occasion, _("Put it in your calendar"))
    return stoppable(content, occasion)


def _must_be_for_everybody(event: Event) -> None:
    """It may have become one for invited people or staff since it was announced: its new time is not for everybody."""
    if event.audience != Audience.PUBLIC:
        raise Pointless("not_public")
