"""Who is told that mail to an address came back: whoever reads it, and nobody who only typed it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.contacts.reaching import give_up_on
from events.rsvps.models import Rsvp
from events.rsvps.resident_record import not_me
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, by_link, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def page(rsvp: Rsvp, purpose: Purpose) -> str:
    return f"/r/{mint(purpose, rsvp.pk, rsvp.link_version)}"


def text(client: Client, path: str, language: str = "en") -> str:
    """Without the key that each form has anew."""
    shown = client.get(path, headers={"Accept-Language": language}).content.decode()
    return re.sub(r'value="[\w-]{32}"', "", shown)


@pytest.mark.parametrize("discreet", [False, True])
def test_only_a_mailed_link_says_that_mail_came_back_and_has_it_written_again(
    client: Client, discreet: bool
) -> None:
    rsvp = an_rsvp(an_event(discreet=discreet), email="ana@mail.example")
    screen, mailed = page(rsvp, Purpose.RSVP_SCREEN), page(rsvp, Purpose.RSVP_MAIL)
    before = text(client, screen)
    assert give_up_on(contact_of(rsvp).pk, since=timezone.now())
    assert text(client, screen) == before
    assert client.post(f"{screen}/write-again").status_code == 404
    assert "A message to ana@mail.example came back on" in text(client, mailed)
    assert "ana@mail.example" in text(client, mailed, "es")
    assert client.get(f"{mailed}/write-again").status_code == 302
    assert contact_of(rsvp).unreachable_since is not None
    assert client.post(f"{mailed}/write-again").status_code == 302
    assert (contact_of(rsvp).unreachable_since, contact_of(rsvp).proven_on) == (None, timezone.now().date())
    assert "came back" not in text(client, mailed)
    # A second press finds nothing to do, and says nothing else.
    assert client.post(f"{mailed}/write-again").status_code == 302


def test_whoever_said_not_me_is_not_told_that_mail_came_back(client: Client) -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    not_me(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    assert Contact.objects.exclude(unreachable_since=None).exists()
    assert "came back" not in text(client, page(rsvp, Purpose.RSVP_MAIL))
