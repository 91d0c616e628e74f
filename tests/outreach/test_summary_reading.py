"""What whoever works on a summary sees of it: who would be told, and how far the mails are."""

from __future__ import annotations

import pytest
from django.utils import timezone

from outreach import subscribing
from outreach.ledger_round import go_round
from outreach.models import Delivery, DeliveryState, Subscription
from outreach.outcome_summarising import approve, draft, publish
from outreach.summary_reading import (
    promises_named,
    promises_to_name,
    quotes_allowed,
    readers_told,
    sending_of,
)
from tests.makers.agencies import a_dialogue, a_person
from tests.makers.commitments import a_commitment
from tests.makers.events import a_meeting
from tests.makers.places import a_place
from tests.web.listening.staff import an_evening, over

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_who_would_be_told_is_counted_and_nobody_twice_when_it_goes() -> None:
    event = a_meeting()
    for address in ("ana@mail.example", "bo@mail.example"):
        a_place(event, email=address)
    for address in ("ana@mail.example", "cy@mail.example"):
        subscribing.subscribe(
            agency=event.agency, target="agency", target_id=event.agency_id, email=address, language="en",
            now=timezone.now(),
        )  # fmt: skip
    Subscription.objects.update(confirmed_at=timezone.now())
    over(event)
    version = draft(event, actor=None, now=timezone.now()).version
    readers = readers_told(version)
    assert (readers.there, readers.followers) == (2, 2)
    version = approve(version, actor=a_person(event.agency, "leader"), now=timezone.now())
    publish(version, actor=None, now=timezone.now())
    assert (sending_of(version).listed, sending_of(version).is_done) == (False, False)
    go_round()
    sending = sending_of(version)
    assert (sending.listed, sending.everybody) == (True, 3)


def test_how_far_the_mails_are_comes_from_the_ledger() -> None:
    event = a_meeting()
    for name in ("a", "b", "c", "d"):
        a_place(event, email=f"{name}@mail.example")
    over(event)
    version = approve(
        draft(event, actor=None, now=timezone.now()).version,
        actor=a_person(event.agency, "leader"),
        now=timezone.now(),
    )
    publish(version, actor=None, now=timezone.now())
    go_round()
    rows = list(Delivery.objects.filter(kind="summary").order_by("pk"))
    states = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPPRESSED, DeliveryState.DUE)
    for row, state in zip(rows, states, strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state, claim_token=None, claimed_until=None)
    sending = sending_of(version)
    assert (sending.everybody, sending.sent, sending.failed, sending.left_out, sending.ahead) == (
        4,
        1,
        1,
        1,
        1,
    )
    assert not sending.is_done


def test_only_what_may_be_quoted_is_offered() -> None:
    event = an_evening(a_meeting().agency)
    theme = event.themes.get()
    assert quotes_allowed(event) == {theme.pk: ["Nine lamps are out."]}
    event.contributions.update(said_by="department")
    assert quotes_allowed(event) == {}


def test_promises_of_the_meeting_and_its_dialogue_may_be_named() -> None:
    event = a_meeting()
    dialogue = a_dialogue(event.agency)
    event.dialogue = dialogue
    event.save(update_fields=["dialogue"])
    mine = a_commitment(event.agency, event=event, draft=True)
    ours = a_commitment(event.agency, dialogue=dialogue)
    a_commitment(event.agency)
    over(event)
    version = draft(event, actor=None, now=timezone.now()).version
    assert {one.pk for one in promises_to_name(event, version)} == {mine.pk, ours.pk}
    assert [one.pk for one in promises_named(version)] == [mine.pk]
