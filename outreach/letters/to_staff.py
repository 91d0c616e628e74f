"""Letters to people who sign in. Their links are made here, at the moment of composing, and stored nowhere."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.people.passwords import password_links
from engage.roles.ending import Cause
from engage.roles.models import Invitation
from outreach.ledger.kinds import About, letter
from outreach.ledger.models import Lane
from outreach.letters.content import Content, button, paragraph
from outreach.letters.event_words import date, signed_by
from outreach.letters.occasion import Pointless, StaffOccasion, TooLate


@letter(
    kind="staff_invitation",
    lane=Lane.ANSWER,
    about=About.ACCOUNT,
    own_act=False,
    called=gettext_lazy("Invitation of staff"),
)
def invitation(occasion: StaffOccasion) -> Content:
    invited = occasion.invited
    if invited.accepted_at is not None or invited.withdrawn_at is not None:
        raise Pointless("invitation_settled")
    if invited.expires_at <= occasion.now:
        raise TooLate
    agency = invited.agency
    content = Content(
        subject=_("You are invited to work with {agency}").format(agency=agency.name),
        heading=_("You are invited"),
    )
    signed_by(content, agency)
    token = mint(Purpose.INVITATION, invited.pk, invited.link_version)
    content.add(
        paragraph(
            _("{agency} invites you to join its engagement desk. Your role: {role}.").format(
                agency=agency.name, role=str(invited.get_kind_display())
            )
        ),
        button(_("Accept the invitation"), f"{settings.PUBLIC_URL}/invitation/{token}"),
        paragraph(_("The link works until {date}.").format(date=date(_last_day(invited)))),
        paragraph(_("If you do not know what this is about, do nothing.")),
    )
    return content


def _last_day(invited: Invitation) -> dt.date:
    """By the calendar of the agency's place, not of Greenwich, where the evening is tomorrow."""
    return invited.expires_at.astimezone(ZoneInfo(invited.agency.timezone)).date()


@letter(kind="password_reset", lane=Lane.ANSWER, about=About.ACCOUNT, called=gettext_lazy("New password"))
def password_reset(occasion: StaffOccasion) -> Content:
    """The link as allauth spells it; it ends with the next sign-in or change of the password."""
    person = occasion.person
    if not person.is_active:
        raise Pointless("person_inactive")
    content = Content(subject=_("Set a new password"), heading=_("Set a new password"), sender="Engage")
    key = f"{person.pk.hex}-{password_links.make_token(person)}"
    content.add(
        paragraph(_("Somebody asked for a new password for this address.")),
        button(_("Set a new password"), f"{settings.PUBLIC_URL}/accounts/password/reset/key/{key}/"),
        paragraph(_("If this was not you, do nothing. Your password stays as it is.")),
    )
    return content


@letter(kind="access_ended", lane=Lane.ANSWER, about=About.ACCOUNT, called=gettext_lazy("What was closed"))
def permission_ended(occasion: StaffOccasion) -> Content:
    """Why sessions and keys were closed, and how many: whoever did not do it themselves finds out."""
    person = occasion.person
    said = (
        Activity.objects.filter(pk__in=[occasion.delivery.subject_id]).values_list("data", flat=True).first()
    )
    if said is None:
        raise Pointless("nothing_to_tell")
    heading = _("Your sign-in changed")
    content = Content(subject=heading, heading=heading, sender="Engage")
    content.add(
        paragraph(_why(str(said["cause"]))),
        paragraph(
            _("So everything that was open for you was closed: you are signed out on every device.")
            + "".join(f" {line}" for line in _closed(said))
        ),
    )
    if person.is_active:
        content.add(
            paragraph(
                _("Open again what you still need: sign in, make new keys, new door links, new invitations.")
            ),
            button(_("Sign in"), f"{settings.PUBLIC_URL}/accounts/login/"),
            paragraph(_("If you know nothing of this, tell an administrator of your agency today.")),
        )
    return content


def _why(cause: str) -> str:
    reasons = {
        Cause.PASSWORD_RESET: _("Somebody set a new password for your account with a mailed link."),
        Cause.PASSWORD_CHANGED: _("The password of your account was changed."),
        Cause.FACTOR_ADDED: _("A second factor was added to your account."),
        Cause.FACTOR_REMOVED: _("A second factor was removed from your account."),
        Cause.FACTOR_DEMANDED: _("Your agency asks for a second factor from now on, and you have none yet."),
        Cause.ROLE_ENDED: _("One of your roles has ended."),
        Cause.DEACTIVATED: _("Your account was closed."),
        Cause.ENDED_BY_OFFICE: _("An administrator of your agency closed what was open for you."),
    }
    return reasons[Cause(cause)]


def _closed(said: dict[str, int]) -> list[str]:
    keys, doors, invitations = said["keys"], said["doors"], said["invitations"]
    lines = [
        (keys, ngettext("%(n)d key for a program ended.", "%(n)d keys for programs ended.", keys)),
        (doors, ngettext("%(n)d door link was closed.", "%(n)d door links were closed.", doors)),
        (
            invitations,
            ngettext("%(n)d invitation was withdrawn.", "%(n)d invitations were withdrawn.", invitations),
        ),
    ]
    return [line % {"n": number} for number, line in lines if number]
