"""The kinds of message, and what holds for each: lane, who may stop it, whether quiet hours hold it back."""

from __future__ import annotations

from typing import Final

from outreach.models import Lane

CONFIRMATION: Final = "confirmation"
WAITLISTED: Final = "waitlisted"
OFFER: Final = "offer"
PROMOTED: Final = "promoted"
OFFER_LAPSED: Final = "offer_lapsed"
PLACE_CHANGED: Final = "place_changed"
PLACE_CANCELLED: Final = "place_cancelled"
LINK_AGAIN: Final = "link_again"
ACCESS_ARRANGED: Final = "access_arranged"
ACCESS_NOT_POSSIBLE: Final = "access_not_possible"
EVENT_MOVED: Final = "event_moved"
EVENT_CANCELLED: Final = "event_cancelled"
REMINDER: Final = "reminder"
NEW_MEETING: Final = "new_meeting"
SUMMARY: Final = "summary"
COMMITMENT_UPDATE: Final = "commitment_update"
SUBSCRIPTION_CONFIRM: Final = "subscription_confirm"
STAFF_INVITATION: Final = "staff_invitation"
PASSWORD_RESET: Final = "password_reset"  # noqa: S105 - a kind of message
ACCESS_ENDED: Final = "access_ended"

LANE: Final = {
    **dict.fromkeys(
        (
            CONFIRMATION,
            WAITLISTED,
            PLACE_CHANGED,
            PLACE_CANCELLED,
            LINK_AGAIN,
            SUBSCRIPTION_CONFIRM,
            STAFF_INVITATION,
            PASSWORD_RESET,
            ACCESS_ENDED,
        ),
        Lane.ANSWER,
    ),
    **dict.fromkeys((OFFER, PROMOTED, OFFER_LAPSED, ACCESS_ARRANGED, ACCESS_NOT_POSSIBLE), Lane.EVENT),
    **dict.fromkeys((EVENT_MOVED, EVENT_CANCELLED, REMINDER), Lane.EVENT),
    **dict.fromkeys((NEW_MEETING, SUMMARY, COMMITMENT_UPDATE), Lane.BROADCAST),
}

# Somebody's own act causes one, and whoever types their address can do it in their place: no staff reads even a count.
ANSWERS_TO_THEMSELVES: Final = frozenset(
    {
        CONFIRMATION,
        WAITLISTED,
        PLACE_CHANGED,
        PLACE_CANCELLED,
        LINK_AGAIN,
        SUBSCRIPTION_CONFIRM,
        PASSWORD_RESET,
        # To one of the staff, about their own keys.
        ACCESS_ENDED,
    }
)
# What the agency, another's act or the clock causes: counted for staff, up to yesterday.
CAUSED_BY_US: Final = frozenset(
    {
        OFFER,
        PROMOTED,
        OFFER_LAPSED,
        ACCESS_ARRANGED,
        ACCESS_NOT_POSSIBLE,
        EVENT_MOVED,
        EVENT_CANCELLED,
        REMINDER,
        NEW_MEETING,
        SUMMARY,
        COMMITMENT_UPDATE,
        STAFF_INVITATION,
    }
)

# Subject: the RSVP. Pointless once that place has ended; its cancellation and its link are not.
ABOUT_ONE_PLACE: Final = frozenset(
    {
        CONFIRMATION,
        WAITLISTED,
        OFFER,
        PROMOTED,
        OFFER_LAPSED,
        PLACE_CHANGED,
        LINK_AGAIN,
    }
)
# RFC 8058: these carry List-Unsubscribe, and one click stops them.
STOPPED_BY_ONE_CLICK: Final = frozenset({REMINDER, SUMMARY, NEW_MEETING, COMMITMENT_UPDATE})
# Answers to somebody's own act, moves and cancellations never wait for the morning.
HELD_BY_QUIET_HOURS: Final = STOPPED_BY_ONE_CLICK
