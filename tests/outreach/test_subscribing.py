"""Wanting to hear about something: nothing before the second yes, everything once, nothing after one click."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.commitments import tracking
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.ways_back import ENDING_WAITS
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.refusals import Invalid, Unknown
from engage.retention.purge import purge
from outreach.ledger.models import Delivery
from outreach.subscriptions import one_click_unsubscribe, subscribing
from outreach.subscriptions.models import Subscription
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def ask(
    agency: Agency, email: str = "ana@mail.example", target: str = "agency", target_id: Any = None
) -> Subscription:
    return subscribing.subscribe(
        agency=agency, target=target, target_id=target_id or agency.pk, email=email, now=timezone.now()
    )


def follow(post: Post, agency: Agency, email: str = "ana@mail.example", **target: Any) -> Subscription:
    ask(agency, email, **target)
    go_round()
    (token,) = links_in(post.to(email)[-1], "/confirm")
    return subscribing.confirm(token, now=timezone.now())


def a_commitment(agency: Agency, **fields: Any) -> Commitment:
    given = {
        "title": "A speed sign outside Lincoln High",
        "done_means": "It stands.",
        "owner_office": "Traffic Unit",
        "focus_area": FocusArea.COMMUNITY_ENGAGEMENT,
        "due_on": timezone.now().date(),
    }
    return tracking.make_commitment(agency=agency, actor=None, now=timezone.now(), **(given | fields))


def test_an_address_hears_nothing_but_one_question_until_it_says_yes(post: Post) -> None:
    agency = an_agency()
    ask(agency)
    ask(agency)
    an_event(agency)
    go_round()
    (letter,) = post.letters
    assert links_in(letter, "/confirm")
    assert letter["List-Unsubscribe"] is None


def test_after_the_second_yes_a_new_event_is_told_with_a_way_to_stop(post: Post) -> None:
    agency = an_agency()
    standing = follow(post, agency)
    contact = Contact.objects.get(pk=standing.contact_id)
    assert (contact.erase_after, standing.erase_after) == (None, None)
    assert contact.proven_on is not None
    an_event(agency, title="Traffic stops")
    go_round()
    letter = post.letters[-1]
    assert "Traffic stops" in letter["Subject"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (token,) = links_in(letter, "/unsubscribe")
    one_click_unsubscribe.unsubscribe(token, now=timezone.now())
    an_event(agency)
    go_round()
    assert post.letters[-1] is letter


def test_nothing_planned_is_composed_after_the_click(post: Post) -> None:
    agency = an_agency()
    standing = follow(post, agency)
    an_event(agency)
    from outreach.announcing.sweep import announce

    while announce(now=timezone.now()):
        continue
    assert Delivery.objects.filter(kind="new_meeting", state="due").count() == 1
    standing.refresh_from_db()
    from engage.contacts.links import Purpose, mint

    subscribing.unsubscribe(mint(Purpose.UNSUBSCRIBE, standing.pk), now=timezone.now())
    go_round()
    assert len(post.letters) == 1
    assert Delivery.objects.get(kind="new_meeting").reason == "unsubscribed"


def test_one_address_that_follows_in_three_ways_hears_once(post: Post) -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency, stage="open")
    follow(post, agency)
    follow(post, agency, "ANA@mail.example", target="dialogue", target_id=dialogue.pk)
    an_event(agency, dialogue=dialogue)
    go_round()
    news = Delivery.objects.filter(kind="new_meeting")
    assert sorted((row.state, row.reason) for row in news) == [("sent", ""), ("suppressed", "told_already")]


@pytest.mark.parametrize("fields", [{"audience": "staff"}, {"audience": "invited"}])
def test_an_event_that_is_not_public_is_told_to_nobody_who_only_follows(
    post: Post, fields: dict[str, Any]
) -> None:
    agency = an_agency()
    follow(post, agency)
    an_event(agency, **fields)
    go_round()
    assert len(post.letters) == 1


def test_followers_of_a_commitment_hear_how_it_goes(post: Post) -> None:
    agency = an_agency()
    commitment = a_commitment(agency)
    follow(post, agency, target="commitment", target_id=commitment.pk)
    tracking.update(
        commitment,
        actor=None,
        now=timezone.now() - ENDING_WAITS,
        status="kept",
        note="It stands since Monday.",
        evidence=[{"url": "https://city.example/sign", "title": "The sign"}],
    )
    go_round()
    letter = post.letters[-1]
    assert letter["Subject"] == f"Promise {commitment.number}: A speed sign outside Lincoln High"
    assert "It stands since Monday." in text_of(letter)
    assert "https://city.example/sign" in text_of(letter)


def test_what_is_not_public_cannot_be_followed() -> None:
    agency, other = an_agency(), an_agency()
    draft = a_draft(agency)
    for target, target_id in (
        ("event", draft.pk),
        ("event", an_event(agency, audience="staff").pk),
        ("commitment", a_commitment(agency, draft=True).pk),
        ("dialogue", a_dialogue(agency).pk),
        ("theme", uuid4()),
        ("agency", other.pk),
    ):
        with pytest.raises(Unknown):
            ask(agency, target=target, target_id=target_id)
    with pytest.raises(Invalid):
        ask(agency, email="no address")
    with pytest.raises(Invalid):
        ask(agency, target="everything")


def test_a_link_of_another_purpose_confirms_nothing(post: Post) -> None:
    agency = an_agency()
    standing = ask(agency)
    from engage.contacts.links import Purpose, mint

    for purpose in (Purpose.UNSUBSCRIBE, Purpose.CALENDAR, Purpose.RSVP_MAIL):
        with pytest.raises(Unknown):
            subscribing.confirm(mint(purpose, standing.pk), now=timezone.now())
    with pytest.raises(Unknown):
        one_click_unsubscribe.unsubscribe(mint(Purpose.UNSUBSCRIBE, uuid4()), now=timezone.now())


def test_a_stranger_cannot_fill_a_mailbox_with_questions(post: Post) -> None:
    for _ in range(6):
        ask(an_agency())
    go_round()
    assert len(post.letters) == 3


def test_the_contacts_of_two_subscriptions_have_nothing_in_common(post: Post) -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency, stage="open")
    first, second = ask(agency), ask(agency, target="dialogue", target_id=dialogue.pk)
    an_rsvp(an_event(agency), email="ana@mail.example")
    marks = {bytes(contact.fingerprint) for contact in Contact.objects.all()}
    assert len(marks) == 3
    assert first.contact_id != second.contact_id


def test_an_address_is_forgotten_when_it_never_said_yes_and_when_it_has_stopped(post: Post) -> None:
    agency, now = an_agency(), timezone.now()
    standing = follow(post, agency, "stays@mail.example")
    stopped = follow(post, agency, "stops@mail.example")
    ask(agency, "never.says.yes@mail.example")
    subscribing.unsubscribe(mint(Purpose.UNSUBSCRIBE, stopped.pk), now=now)
    purge(now=now + dt.timedelta(days=1, minutes=1))
    assert Subscription.objects.count() == Contact.objects.count() == 2
    purge(now=now + dt.timedelta(days=7, minutes=1))
    assert list(Subscription.objects.all()) == [standing]
    assert list(Contact.objects.values_list("pk", flat=True)) == [standing.contact_id]
    assert not Activity.objects.filter(object_id=stopped.pk).exists()
