"""A batch is read together; whatever changes while it goes out is seen before the letter that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import pytest
from django.db import connection
from django.utils import timezone

from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.rsvps.changing import cancel
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.channels.channel import Letter
from outreach.ledger.models import Delivery
from outreach.reminders.planning import plan_reminders
from outreach.sending.batch import mail_channel, send_due
from outreach.subscriptions.one_click_unsubscribe import unsubscribe, unsubscribe_link
from tests.makers.agencies import a_person
from tests.makers.letters import text_of
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp, contact_of
from tests.outreach.test_reminders import MINUTE, a_rule, an_event_in, told_long_ago

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


class Meanwhile:
    """A channel that hands each letter over, and lets something happen after the first."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._channel, self._happens, self._sent = mail_channel(), happens, 0

    def open(self) -> None:
        self._channel.open()

    def send(self, letter: Letter) -> str:
        answer = self._channel.send(letter)
        self._sent += 1
        if self._sent == 1:
            self._happens()
            # Letters are handed over in a thread of their own, and so is its connection.
            connection.close()
        return answer

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def two_reminders() -> tuple[Event, Rsvp, Rsvp]:
    """The places in the order in which their letters go out."""
    event = an_event_in(10 * MINUTE)
    a_rule(event, 30)
    for name in ("ana", "binh"):
        an_rsvp(event, email=f"{name}@mail.example", needs=[Need("captions")])
    told_long_ago(event)
    plan_reminders()
    Delivery.objects.filter(kind="reminder").update(lane=0)
    order = Delivery.objects.filter(state="due").order_by("due_at", "pk").values_list("contact", flat=True)
    first, second = (Rsvp.objects.get(email_contact=contact) for contact in order)
    return event, first, second


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda event, rsvp: cancel(rsvp.pk, by="resident", now=timezone.now()), "place_gone"),
        (
            lambda event, rsvp: unsubscribe(unsubscribe_link(contact_of(rsvp)), now=timezone.now()),
            "unsubscribed",
        ),
        (
            lambda event, rsvp: call_off(event.pk, reason="Flood", actor=None, now=timezone.now()),
            "event_cancelled",
        ),
    ],
)
def test_an_act_in_the_middle_of_a_batch_stops_the_letters_that_are_still_to_come(
    post: Post, act: Callable[[Event, Rsvp], object], reason: str
) -> None:
    event, _first, second = two_reminders()
    send_due(open_channel=lambda: Meanwhile(lambda: act(event, second)))
    assert len(post.letters) == 1
    assert Delivery.objects.get(contact=second.email_contact_id, kind="reminder").reason == reason


def test_what_was_arranged_in_the_middle_of_a_batch_stands_in_the_letter(post: Post) -> None:
    event, _first, second = two_reminders()

    def arranged() -> Any:
        need = AccessRequest.objects.get(rsvp=second)
        actor = a_person(event.agency)
        return arrange(
            need, actor=actor, status="arranged", outcome="A screen is in front.", now=timezone.now()
        )

    send_due(open_channel=lambda: Meanwhile(arranged))
    earlier, later = post.letters
    assert "A screen is in front." not in text_of(earlier)
    assert "A screen is in front." in text_of(later)
