"""Words for messages: what each kind is, and how long before an event it is due."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach import delivery_kinds as kinds


def message_name(kind: str) -> str:
    """A kind of message as staff speak of it."""
    return {
        kinds.OFFER: _("Offer of a place"),
        kinds.PROMOTED: _("A place from the waitlist"),
        kinds.OFFER_LAPSED: _("Offer has ended"),
        kinds.ACCESS_ARRANGED: _("Need arranged"),
        kinds.ACCESS_NOT_POSSIBLE: _("Need not possible"),
        kinds.EVENT_MOVED: _("New time or place"),
        kinds.EVENT_CANCELLED: _("Event cancelled"),
        kinds.REMINDER: _("Reminder"),
        kinds.NEW_MEETING: _("New meeting, to followers"),
        kinds.SUMMARY: _("What we heard"),
        kinds.COMMITMENT_UPDATE: _("Update on a promise"),
    }.get(kind, kind)


def minutes_in_words(minutes: int) -> str:
    """So long before the start."""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(hours)d hour before", "%(hours)d hours before", hours) % {"hours": hours}
    return ngettext("%(minutes)d minute before", "%(minutes)d minutes before", minutes) % {"minutes": minutes}
