"""Moved, cancelled, discreet: what everybody hears who has to do with a meeting, each address once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from events.event_lifecycle import cancel as call_off
from events.models import Event
from events.scheduling import edit
from outreach.ledger_round import go_round
from outreach.models import Delivery
from tests.makers.agencies import an_agency
from tests.makers.events import a_meeting, a_venue
from tests.makers.letters import calendar_of, html_of, method_of, sequence_of, text_of
from tests.makers.mail_server import Post
from tests.makers.places import a_full_meeting, a_place

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def move(event: Event, days: int) -> None:
    shift = dt.timedelta(days=days)
    fields = {
        "starts_at": (event.local_starts_at + shift).isoformat(),
        "ends_at": (event.local_ends_at + shift).isoformat(),
    }
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)


def test_a_moved_meeting_updates_calendars_and_tells_who_waits_in_plain_words(post: Post) -> None:
    event, _holder, _waiting = a_full_meeting(1, capacity=1)
    go_round()
    move(event, 1)
    go_round()
    first, update = post.to("holder@mail.example")
    assert method_of(update) == "REQUEST"
    assert sequence_of(update) > sequence_of(first)
    assert "It was planned for" in text_of(update)
    _told, plain = post.to("r0@mail.example")
    assert method_of(plain) == ""
    assert "You stay on the waitlist" in text_of(plain)


def test_a_meeting_moved_twice_before_anybody_was_told_is_told_once(post: Post) -> None:
    event = a_meeting()
    a_place(event, email="ana@mail.example")
    go_round()
    move(event, 1)
    event.refresh_from_db()
    move(event, 1)
    go_round()
    assert len(post.letters) == 2
    assert method_of(post.letters[1]) == "REQUEST"


def test_a_new_place_of_the_meeting_is_told_too(post: Post) -> None:
    agency = an_agency()
    event = a_meeting(agency, venue=a_venue(agency))
    a_place(event, email="ana@mail.example")
    go_round()
    edit(event.pk, actor=None, now=timezone.now(), fields={"venue": a_venue(agency, name="The gym")})
    go_round()
    calendar = calendar_of(post.letters[1])
    assert calendar is not None
    assert "The gym" in calendar.events[0]["LOCATION"]
    assert "The gym" in text_of(post.letters[1])


def test_a_cancelled_meeting_cancels_every_invitation_and_tells_who_waits(post: Post) -> None:
    event, _holder, _waiting = a_full_meeting(1, capacity=1)
    # Places of one second are announced in any order (their ids must not tell more than the second).
    go_round()
    a_place(event, email="holder@mail.example")
    go_round()
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    go_round()
    request, cancelled = post.to("holder@mail.example")
    assert (method_of(request), method_of(cancelled)) == ("REQUEST", "CANCEL")
    assert sequence_of(cancelled) > sequence_of(request)
    assert "The hall is flooded." in text_of(cancelled)
    assert method_of(post.to("r0@mail.example")[-1]) == ""


def test_what_was_still_due_for_a_cancelled_meeting_is_not_sent(post: Post) -> None:
    event = a_meeting()
    a_place(event, email="ana@mail.example")
    call_off(event.pk, reason="Flood", actor=None, now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert letter["Subject"].startswith("Cancelled")
    assert method_of(letter) == ""
    assert Delivery.objects.get(kind="confirmation").reason == "event_cancelled"


def test_a_discreet_meeting_gives_nothing_away_in_a_shared_mailbox(post: Post) -> None:
    agency = an_agency(contact_office="Victim Services", contact_phone="202 555 0123")
    event = a_meeting(
        agency,
        title="Survivors of family violence",
        description="About violence",
        discreet=True,
        venue=a_venue(agency),
    )
    a_place(event, email="ana@mail.example")
    go_round()
    move(event, 1)
    go_round()
    event.refresh_from_db()
    call_off(event.pk, reason="Violence next door", actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 3
    for letter in post.letters:
        calendar = calendar_of(letter)
        assert calendar is not None
        shown = (
            f"{letter['From']} {letter['Subject']} {text_of(letter)} {html_of(letter)} {calendar.to_ical()!r}"
        )
        for word in ("iolence", "Survivors", "Police", "Victim", "promises"):
            assert word not in shown
        assert "Library" in shown or calendar["METHOD"] == "CANCEL"


def test_an_address_that_got_no_confirmation_gets_nothing_else_of_that_meeting(post: Post) -> None:
    meetings = [a_meeting() for _ in range(4)]
    for event in meetings:
        a_place(event, email="ana@mail.example")
        go_round()
    assert len(post.letters) == 3
    for event in meetings:
        call_off(event.pk, reason="Flood", actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 6
