"""What we hold about a resident, behind their own link: to see, to erase, or to say "that was not me"."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from engage.contacts.links import Purpose
from events.rsvps import erasing, resident_record
from events.rsvps.links import MANAGING
from web.rsvps.held_words import parts_of
from web.rsvps.showing import about, show
from web.site.forms.one_act import is_done
from web.site.frames.behind_a_link import link_page, own_rsvp

# True after an erasure by either link (docs/privacy.md, After an erasure).
_WHAT_GOES: Final = gettext_lazy(
    "This place is erased, with what you typed for it and what we wrote down about it."
)
_WHAT_IS_LEFT: Final = (
    gettext_lazy("Your address is erased with your last place at this meeting."),
    gettext_lazy("Numbers stay: how many people came, and that somebody was erased on this day."),
    gettext_lazy(
        "Words you sent us stay, without your address. If we never show them, they go later, when all the rest would have gone."
    ),
    gettext_lazy(
        "It stays on record which of our staff looked at a name or an address, but not whose it was."
    ),
    gettext_lazy("A backup copy may still hold some of it, until that copy is thrown away."),
)


@require_safe
@link_page
def what_we_hold(request: HttpRequest, token: str) -> HttpResponse:
    """All of it, and who of the staff was shown it."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    held = resident_record.what_we_hold(reach)
    context = about(reach, token, now=now) | {"parts": parts_of(held, reach.rsvp.event.timezone)}
    return show(request, "rsvps/what_we_hold.html", reach, context)


@link_page
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what goes; POST erases it, and the link opens nothing from then on."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    if request.method != "POST":
        return show(request, "rsvps/erase.html", reach, about(reach, token, now=now))
    erasing.erase(reach, now=now)
    is_done()
    done = {"heading": _("Erased"), "text": _WHAT_GOES, "more": _WHAT_IS_LEFT}
    return show(request, "rsvps/done.html", reach, done)


@link_page
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Only by a link that was mailed: somebody else typed this address. POST gives the places back and blocks it."""
    now = timezone.now()
    reach = own_rsvp(request, token, [Purpose.RSVP_MAIL], now=now)
    if request.method != "POST":
        return show(request, "rsvps/not_me.html", reach, about(reach, token, now=now))
    resident_record.not_me(reach, now=now)
    is_done()
    text = _("The places are given back. We write to this address no more for a year.")
    return show(request, "rsvps/done.html", reach, {"heading": _("Thank you"), "text": text, "more": ()})
