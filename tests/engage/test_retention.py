"""What holds something about a resident goes on its day, with everything that points at it; counts stay."""

import datetime as dt
import os
from uuid import uuid4

import pytest
from django.utils import timezone

from engage.contacts.keeping import keep_contact
from engage.contacts.models import BlockedAddress, Contact
from engage.contacts.unproven import block
from engage.database.erasable import Erasable
from engage.kept_answers.models import IdempotentAnswer
from engage.listening.contributing import contribute
from engage.listening.models import Contribution, EndorsementMark
from engage.listening.moderating import show
from engage.retention import purge as retention
from engage.retention.models import Destruction
from engage.retention.purge import erasable_models, erase_contacts, purge
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.responding import respond
from outreach.ledger.models import Delivery
from outreach.subscriptions.models import Subscription
from tests.makers.agencies import an_agency
from tests.makers.contributions import a_contribution
from tests.makers.destruction import destroyed
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def _an_rsvp(event, email="ana@example.org", **more):
    return respond(event.pk, email=email, now=timezone.now(), **more).rsvp


def test_every_personal_table_is_walked_and_what_points_comes_before_what_is_pointed_at():
    order = erasable_models()
    assert {Contact, Contribution, Rsvp, AccessRequest, Subscription} <= set(order)
    assert all(issubclass(model, Erasable) for model in order)
    assert order.index(AccessRequest) < order.index(Rsvp) < order.index(Contact)
    assert order.index(Contribution) < order.index(Contact)
    assert order.index(Subscription) < order.index(Contact)


def test_rows_go_on_their_day_and_not_before():
    agency = an_agency(retention_days=30)
    event = an_event(agency)
    _an_rsvp(event, name="Rosa", needs=[Need(kind="wheelchair", detail="by the door")])
    needs_gone, people_gone = event.ends_at + dt.timedelta(days=7), event.ends_at + dt.timedelta(days=30)

    def left():
        return AccessRequest.objects.count(), Rsvp.objects.count(), Contact.objects.count()

    purge(now=needs_gone - dt.timedelta(seconds=1))
    assert left() == (1, 1, 1)
    assert purge(now=needs_gone) == {"accessrequest": 1}
    assert left() == (0, 1, 1)
    purge(now=people_gone - dt.timedelta(seconds=1))
    assert left() == (0, 1, 1)
    assert purge(now=people_gone) == {"rsvp": 1, "contact": 1}
    assert left() == (0, 0, 0)
    assert purge(now=people_gone) == {}


def test_destruction_is_written_down_for_each_agency_without_names():
    agencies = [an_agency(), an_agency()]
    for agency in agencies:
        _an_rsvp(an_event(agency))
    purge(now=timezone.now() + dt.timedelta(days=400))
    for agency in agencies:
        assert list(destroyed(agency.pk).values()) == [{"rsvp": 1, "contact": 1}]


def test_hundreds_go_in_small_transactions(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 7)
    event = an_event(an_agency(), capacity=None)
    for number in range(20):
        _an_rsvp(event, f"resident{number}@example.org")
    assert purge(now=timezone.now() + dt.timedelta(days=400)) == {"rsvp": 20, "contact": 20}
    assert list(destroyed(event.agency_id).values()) == [{"rsvp": 20, "contact": 20}]


def test_upper_layers_act_before_contacts_go_and_in_the_same_transaction(monkeypatch):
    event = an_event(an_agency())
    contact = _an_rsvp(event).email_contact
    Delivery.objects.create(
        agency=event.agency, occasion="activity:1", kind="x", contact=contact, event=event
    )
    seen = []

    def count_messages(ids, now):
        seen.append((list(ids), Delivery.objects.filter(contact__in=ids).count()))

    monkeypatch.setattr(retention, "before_contacts_go", [count_messages])
    assert erase_contacts([contact.pk], now=timezone.now()) == 1
    assert seen == [([contact.pk], 1)]
    assert not Contact.objects.exists()
    assert not Delivery.objects.exists()
    rsvp = Rsvp.objects.get()
    assert (rsvp.email_contact_id, rsvp.status) == (None, "confirmed")
    assert Destruction.objects.get().cause == "erasure"
    assert erase_contacts([contact.pk], now=timezone.now()) == 0


def test_a_hook_that_fails_keeps_the_contacts(monkeypatch):
    contact = _an_rsvp(an_event(an_agency())).email_contact

    def fail(ids, now):
        raise ZeroDivisionError

    monkeypatch.setattr(retention, "before_contacts_go", [fail])
    with pytest.raises(ZeroDivisionError):
        erase_contacts([contact.pk], now=timezone.now())
    assert Contact.objects.count() == 1


def test_what_was_shown_stays_without_its_address_and_what_never_was_goes():
    agency, now = an_agency(), timezone.now()
    given = {
        "agency": agency,
        "target": "agency",
        "target_id": agency.pk,
        "kind": "question",
        "language": "en",
    }
    shown = contribute(**given, body="Shown", way_in="web", email="ana@example.org", now=now)
    contribute(**given, body="Never shown", way_in="web", email="bo@example.org", now=now)
    show(shown, actor=None, now=now)
    anonymous = a_contribution(agency)
    purge(now=now + dt.timedelta(days=31))
    assert set(Contribution.objects.values_list("pk", "contact")) == {(shown.pk, None), (anonymous.pk, None)}
    assert not Contact.objects.exists()


def test_a_contact_of_a_standing_subscription_has_no_day():
    agency, now = an_agency(), timezone.now()
    keep_contact(
        agency=agency, scope="event", scope_id=uuid4(), channel="email", address="ana@example.org", language="en", now=now, erase_after=None
    )  # fmt: skip
    purge(now=now + dt.timedelta(days=4000))
    assert Contact.objects.count() == 1


def test_marks_answers_and_blocks_run_out():
    now = timezone.now()
    contribution = a_contribution(an_agency())
    for days in (29, 31):
        EndorsementMark.objects.create(
            contribution=contribution, mark=os.urandom(32), day=(now - dt.timedelta(days=days)).date()
        )
    for hours in (-1, 1):
        IdempotentAnswer.objects.create(
            key_sha256=os.urandom(32), body_mark=b"", expires_at=now + dt.timedelta(hours=hours)
        )
    block("ana@example.org", now=now - dt.timedelta(days=366))
    block("bo@example.org", now=now)
    assert purge(now=now) == {"answers": 1, "endorsement_marks": 1, "blocked_addresses": 1}
    assert (
        EndorsementMark.objects.count(),
        IdempotentAnswer.objects.count(),
        BlockedAddress.objects.count(),
    ) == (1, 1, 1)
