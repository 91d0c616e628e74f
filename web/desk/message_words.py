"""Words for messages: what each is, how it stands, why it did not go, and how long before an event it is due."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from outreach import delivery_kinds as kinds
from outreach.models import DeliveryState
from web.promise_words import Standing


def message_name(kind: str) -> str:
    """A kind of message as staff speak of it."""
    return {
        kinds.CONFIRMATION: _("Confirmation"),
        kinds.WAITLISTED: _("On the waitlist"),
        kinds.OFFER: _("Offer of a place"),
        kinds.PROMOTED: _("A place from the waitlist"),
        kinds.OFFER_LAPSED: _("Offer has ended"),
        kinds.PLACE_CHANGED: _("Place changed"),
        kinds.PLACE_CANCELLED: _("Place cancelled"),
        kinds.LINK_AGAIN: _("Link sent again"),
        kinds.ACCESS_ARRANGED: _("Need arranged"),
        kinds.ACCESS_NOT_POSSIBLE: _("Need not possible"),
        kinds.EVENT_MOVED: _("New time or place"),
        kinds.EVENT_CANCELLED: _("Event cancelled"),
        kinds.REMINDER: _("Reminder"),
        kinds.NEW_MEETING: _("New meeting, to followers"),
        kinds.SUMMARY: _("What we heard"),
        kinds.COMMITMENT_UPDATE: _("Update on a promise"),
    }.get(kind, kind)


def state_standing(state: str) -> Standing:
    """How one message stands."""
    return {
        DeliveryState.DUE.value: Standing("track", pgettext("message", "Waiting to go")),
        DeliveryState.CLAIMED.value: Standing("track", pgettext("message", "Being sent")),
        DeliveryState.SENDING.value: Standing("track", pgettext("message", "Being sent")),
        DeliveryState.SENT.value: Standing("kept", pgettext("message", "Sent")),
        DeliveryState.UNCERTAIN.value: Standing("risk", pgettext("message", "Perhaps sent")),
        DeliveryState.FAILED.value: Standing("failed", pgettext("message", "Not delivered")),
        DeliveryState.SUPPRESSED.value: Standing("stopped", pgettext("message", "Not needed any more")),
        DeliveryState.EXPIRED.value: Standing("stopped", pgettext("message", "Too late to send")),
    }[state]


def reason_in_words(reason: str) -> str:
    """Why a message did not go, or has not yet; a mail server's answer keeps its number."""
    if reason.startswith("smtp_"):
        return _("The mail server answered {code}.").format(
            code=reason.removeprefix("smtp_").replace("_", " ")
        )
    if reason.startswith("composing_"):
        return _("It could not be written. Tell whoever runs this site.")
    known = {
        "place_gone": _("The place was cancelled."),
        "place_changed_since": _("The place changed again before it went."),
        "need_changed_since": _("The need changed again before it went."),
        "event_cancelled": _("The event was cancelled."),
        "event_not_cancelled": _("The event was not cancelled after all."),
        "event_moved": _("The event moved before it went."),
        "event_over": _("The event was over."),
        "event_gone": _("The event is gone."),
        "superseded": _("A newer message says it."),
        "unsubscribed": _("They asked for no more messages."),
        "not_me": _("They said that they never signed up."),
        "blocked": _("This address wants no messages."),
        "unproven": _("The address has not answered yet, and gets one message only."),
        "unreachable": _("Messages to this address come back."),
        "erased": _("They had their data erased."),
        "contact_gone": _("They had their data erased."),
        "quiet_hours": _("It waits until the quiet hours are over."),
        "too_late": _("It would have come too late."),
        "uncertain": _("The mail server did not say whether it took it."),
        "worker_lost": _("Sending broke off. It is tried once more."),
    }
    return known.get(reason, _("It had become pointless.") if reason else "")


def minutes_in_words(minutes: int) -> str:
    """So long before the start."""
    if minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(hours)d hour before", "%(hours)d hours before", hours) % {"hours": hours}
    return ngettext("%(minutes)d minute before", "%(minutes)d minutes before", minutes) % {"minutes": minutes}
