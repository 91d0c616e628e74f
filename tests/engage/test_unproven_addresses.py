"""Anyone can type a stranger's address: what that stranger then gets in the mail."""

import datetime as dt
import os
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from engage.contacts.keeping import keep_contact, prove
from engage.contacts.models import BlockedAddress, Contact
from engage.contacts.unproven import block, cancellation_may_go, confirmation_may_go, is_blocked
from tests.makers.agencies import an_agency

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _no_counters():
    cache.clear()


def _contact(event_id=None, address="stranger@example.org", agency=None):
    return keep_contact(
        agency=agency or an_agency(), scope="event", scope_id=event_id or uuid4(), channel="email", address=address,
        language="en", now=NOW, erase_after=NOW,
    )  # fmt: skip


def test_an_unproven_address_gets_one_confirmation_an_event():
    contact = _contact()
    assert confirmation_may_go(contact, now=NOW)
    assert not confirmation_may_go(contact, now=NOW)
    assert not confirmation_may_go(Contact.objects.get(pk=contact.pk), now=NOW)
    assert not Contact.objects.get(pk=contact.pk).confirmation_withheld


def test_a_proven_address_hears_of_every_act():
    contact = _contact()
    confirmation_may_go(contact, now=NOW)
    prove(contact.pk, now=NOW)
    contact.refresh_from_db()
    assert [confirmation_may_go(contact, now=NOW) for _ in range(5)] == [True] * 5
    assert [cancellation_may_go(contact, now=NOW) for _ in range(3)] == [True] * 3


def test_at_most_three_events_confirmations_reach_an_address_in_a_day_across_agencies():
    contacts = [_contact() for _ in range(5)]
    assert [confirmation_may_go(one, now=NOW) for one in contacts] == [True, True, True, False, False]
    withheld = [Contact.objects.get(pk=one.pk).confirmation_withheld for one in contacts]
    assert withheld == [False, False, False, True, True]
    assert confirmation_may_go(_contact(address="another@example.org"), now=NOW)


def test_a_mailbox_is_one_however_its_address_is_written():
    """Else whoever types it could vary what the mailbox's owner never sees."""
    spelled = ["ada@home.example", "ada+1@home.example", "ADA+two@home.example", "ada+3@home.example"]
    assert [confirmation_may_go(_contact(address=each), now=NOW) for each in spelled] == [True] * 3 + [False]
    dotted = [
        "ada.byron@gmail.com",
        "adabyron@gmail.com",
        "a.d.a.byron+x@googlemail.com",
        "adabyron@googlemail.com",
    ]
    assert [confirmation_may_go(_contact(address=each), now=NOW) for each in dotted] == [True] * 3 + [False]
    block("ada+news@home.example", now=NOW)
    assert is_blocked("ada@home.example", now=NOW)
    assert not is_blocked("a.da@home.example", now=NOW)


def test_whoever_goes_on_trying_does_not_prolong_the_wait():
    for _ in range(40):
        confirmation_may_go(_contact(), now=NOW)
    late = _contact()
    assert not confirmation_may_go(late, now=NOW)
    assert confirmation_may_go(late, now=NOW + dt.timedelta(hours=25))


def test_a_withheld_confirmation_may_go_another_day():
    for _ in range(3):
        confirmation_may_go(_contact(), now=NOW)
    late = _contact()
    assert not confirmation_may_go(late, now=NOW)
    cache.clear()
    assert confirmation_may_go(late, now=NOW)
    assert not Contact.objects.get(pk=late.pk).confirmation_withheld


def test_after_a_cancellation_another_confirmation_may_go_and_no_more_than_three_an_event_for_ever():
    contact, day = _contact(), dt.timedelta(days=2)
    said = []
    for number in range(6):
        at = NOW + number * day
        cache.clear()
        said += [confirmation_may_go(contact, now=at), confirmation_may_go(contact, now=at)]
        said += [cancellation_may_go(contact, now=at), cancellation_may_go(contact, now=at)]
        contact = Contact.objects.get(pk=contact.pk)
    assert said == [True, False, True, False] * 3 + [False, False, False, False] * 3
    assert not contact.confirmation_withheld


def test_coming_back_takes_one_of_the_days_three_turns():
    event = uuid4()
    agency = an_agency()
    for _ in range(2):
        assert confirmation_may_go(_contact(event, agency=agency), now=NOW)
        assert cancellation_may_go(_contact(event, agency=agency), now=NOW)
    assert [confirmation_may_go(_contact(), now=NOW) for _ in range(2)] == [True, False]


def test_a_cancellation_goes_once_and_only_after_a_confirmation():
    contact = _contact()
    assert not cancellation_may_go(contact, now=NOW)
    confirmation_may_go(contact, now=NOW)
    assert cancellation_may_go(contact, now=NOW)
    assert not cancellation_may_go(contact, now=NOW)


def test_a_blocked_address_gets_nothing_for_a_year_even_when_proven():
    contact = _contact()
    prove(contact.pk, now=NOW)
    contact.refresh_from_db()
    block("STRANGER@example.org", now=NOW)
    assert not confirmation_may_go(contact, now=NOW)
    assert not cancellation_may_go(contact, now=NOW)
    assert is_blocked("stranger@example.org", now=NOW + dt.timedelta(days=364))
    assert not is_blocked("stranger@example.org", now=NOW + dt.timedelta(days=366))


def test_blocking_twice_counts_from_the_second_time():
    block("stranger@example.org", now=NOW)
    block("stranger@example.org", now=NOW + dt.timedelta(days=100))
    row = BlockedAddress.objects.get()
    assert row.until == (NOW + dt.timedelta(days=465)).date()


def test_a_blocked_address_shares_no_bytes_with_any_contact(settings):
    contact = _contact()
    block("stranger@example.org", now=NOW)
    assert bytes(BlockedAddress.objects.get().fingerprint) != bytes(contact.fingerprint)
    # Nor can anybody find it out by trying addresses, without the key.
    settings.FINGERPRINT_KEY = os.urandom(32)
    assert not is_blocked("stranger@example.org", now=NOW)


def test_without_a_cache_the_confirmation_still_goes(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    assert confirmation_may_go(_contact(), now=NOW)
