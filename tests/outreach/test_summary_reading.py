"""What whoever works on a summary sees of it: who would be told, and how far the mails are."""

from __future__ import annotations

import pytest
from django.utils import timezone

from outreach.announcing.who_is_told import Told, told_of_summary
from outreach.ledger.models import Delivery
from outreach.subscriptions import subscribing
from outreach.subscriptions.models import Subscription
from outreach.summaries.writing import approve, draft, publish
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_dialogue, a_person
from tests.makers.commitments import a_commitment
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.listening.staff import an_evening, over
from web.summaries.draft_reading import (
    Sending,
    commitments_named,
    commitments_to_name,
    quotes_allowed,
    sending_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_who_would_be_told_is_counted_and_nobody_twice_when_it_goes() -> None:
    event = an_event()
    for address in ("ana@mail.example", "bo@mail.example"):
        an_rsvp(event, email=address)
    for address in ("ana@mail.example", "cy@mail.example"):
        subscribing.subscribe(
            agency=event.agency, target="agency", target_id=event.agency_id, email=address, language="en",
            now=timezone.now(),
        )  # fmt: skip
    Subscription.objects.update(confirmed_at=timezone.now())
    over(event)
    version = draft(event, actor=None, now=timezone.now()).version
    assert told_of_summary(version) == Told(2, 2)
    version = approve(version, actor=a_person(event.agency, "leader"), now=timezone.now())
    publish(version, actor=None, now=timezone.now())
    assert not sending_of(version).listed
    go_round()
    # As many as were counted before; the letters are one less, since Ana follows and has a place.
    assert (sending_of(version).listed, sending_of(version).written_for) == (True, 4)
    assert Delivery.objects.filter(kind="summary").exclude(reason="told_already").count() == 3


@pytest.mark.parametrize("state", ["sent", "failed", "suppressed", "due"])
def test_what_became_of_one_letter_is_nothing_that_staff_see(state: str) -> None:
    event = an_event()
    for name in ("a", "b"):
        an_rsvp(event, email=f"{name}@mail.example")
    over(event)
    version = approve(
        draft(event, actor=None, now=timezone.now()).version,
        actor=a_person(event.agency, "leader"),
        now=timezone.now(),
    )
    publish(version, actor=None, now=timezone.now())
    go_round()
    rows = Delivery.objects.filter(pk=Delivery.objects.filter(kind="summary").order_by("pk")[0].pk)
    rows.update(state=state, claim_token=None, claimed_until=None)
    assert sending_of(version) == Sending(listed=True, written_for=2)


def test_only_what_may_be_quoted_is_offered() -> None:
    event = an_evening(an_event().agency)
    theme = event.themes.get()
    assert quotes_allowed(event) == {theme.pk: ["Nine lamps are out."]}
    event.contributions.update(said_by="department")
    assert quotes_allowed(event) == {}


def test_commitments_of_the_event_and_its_dialogue_may_be_named() -> None:
    event = an_event()
    dialogue = a_dialogue(event.agency)
    event.dialogue = dialogue
    event.save(update_fields=["dialogue"])
    mine = a_commitment(event.agency, event=event, draft=True)
    ours = a_commitment(event.agency, dialogue=dialogue)
    a_commitment(event.agency)
    over(event)
    version = draft(event, actor=None, now=timezone.now()).version
    assert {one.pk for one in commitments_to_name(event, version)} == {mine.pk, ours.pk}
    assert [one.pk for one in commitments_named(version)] == [mine.pk]
