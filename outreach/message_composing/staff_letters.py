"""Letters to people who sign in. Their links are made here, at the moment of composing, and stored nowhere."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.utils.translation import gettext as _

from engage.models import Invitation, Person
from engage.resident_links import Purpose, mint
from outreach.message_composing.content import Content, button, paragraph
from outreach.message_composing.meeting_words import date, signed_by
from outreach.message_composing.verdicts import Pointless, TooLate


def invitation(invited: Invitation, *, now: dt.datetime) -> Content:
    if invited.accepted_at is not None or invited.withdrawn_at is not None:
        raise Pointless("invitation_settled")
    if invited.expires_at <= now:
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
        paragraph(_("The link works until {date}.").format(date=date(invited.expires_at))),
        paragraph(_("If you do not know what this is about, do nothing.")),
    )
    return content


def password_reset(person: Person) -> Content:
    """The link as allauth spells it; it ends with the next sign-in or change of the password."""
    if not person.is_active:
        raise Pointless("person_inactive")
    content = Content(subject=_("Set a new password"), heading=_("Set a new password"), sender="Engage")
    key = f"{person.pk.hex}-{default_token_generator.make_token(person)}"
    content.add(
        paragraph(_("Somebody asked for a new password for this address.")),
        button(_("Set a new password"), f"{settings.PUBLIC_URL}/accounts/password/reset/key/{key}/"),
        paragraph(_("If this was not you, do nothing. Your password stays as it is.")),
    )
    return content
