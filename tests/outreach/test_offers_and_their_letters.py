"""How long an offer stands: by its letter where we have not tried to send it, and never by whose address it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.contacts.models import Contact
from events.rsvps.models import Rsvp
from events.rsvps.waitlisting import lapse_offers
from outreach.announcing.sweep import announce
from outreach.channels import health
from outreach.ledger.models import Delivery
from tests.makers.rsvps import a_full_event, as_it_is, contact_of, given_back, states

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)


def an_offer() -> tuple[Rsvp, dt.datetime]:
    """Offered and announced; and a moment at which its time is over."""
    event, holder, (first,) = a_full_event(1)
    now = event.starts_at - 20 * DAY
    given_back(holder, now)
    announce(now=timezone.now())
    assert states(first) == ["offered"]
    return first, now + 2 * DAY


def test_an_offer_waits_until_its_letter_was_tried_and_no_longer() -> None:
    """A mailbox that takes nothing for a day must not be told from one that we never write to."""
    first, later = an_offer()
    letter = Delivery.objects.filter(subject_id=first.pk, kind="offer")
    assert letter.update(attempts=0, state="due") == 1
    assert lapse_offers(now=later) == 0
    letter.update(attempts=1, reason="smtp_451")
    assert lapse_offers(now=later) == 1
    assert as_it_is(first).offers_lapsed == 1


def test_while_mail_stands_still_every_offer_waits_also_one_that_no_letter_goes_for() -> None:
    first, later = an_offer()
    Contact.objects.filter(pk=contact_of(first).pk).update(unreachable_since=timezone.now())
    Delivery.objects.filter(subject_id=first.pk).update(
        state="suppressed", reason="unreachable", settled_at=timezone.now()
    )
    health.trouble("smtp_421")
    assert lapse_offers(now=later) == 0
    health.works()
    assert lapse_offers(now=later) == 1
