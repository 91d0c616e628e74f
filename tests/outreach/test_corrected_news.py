"""Whoever was told that an event takes place is told when it moves or is off: once, and nobody else."""

from __future__ import annotations

import datetime as dt
import threading
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from events.planning import lifecycle
from events.planning.scheduling import edit
from events.planning.ways_back import reinstate
from outreach.announcing import correcting
from outreach.announcing.models import ActivityStumble, FollowersToTell
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import an_event
from tests.makers.followers import a_follower, stops_following
from tests.makers.letters import links_in, method_of, text_of
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
REASON = "The hall is flooded."


def announced(agency: Agency, **fields: Any) -> Event:
    event = an_event(agency, title="Town hall", **fields)
    go_round()
    return event


def called_off(event: Event) -> None:
    lifecycle.cancel(event.pk, reason=REASON, actor=None, now=timezone.now())


def moved(event: Event, days: int = 1) -> None:
    event.refresh_from_db()
    later = {
        name: (getattr(event, f"local_{name}") + dt.timedelta(days=days)).isoformat()
        for name in ("starts_at", "ends_at")
    }
    edit(event.pk, actor=None, now=timezone.now(), fields=later)


def on_again(event: Event, note: str = "") -> None:
    reinstate(event.pk, actor=None, note=note, now=timezone.now())


def subjects(post: Post, address: str) -> list[str]:
    return [what(letter) for letter in post.to(address)]


def what(letter: EmailMessage) -> str:
    """What happened, which stands after the day."""
    return str(letter["Subject"]).partition(": ")[2].partition(",")[0]


def test_a_follower_who_got_the_news_hears_that_it_is_off_and_can_take_it_out_of_the_calendar(
    post: Post,
) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    called_off(event)
    go_round()
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled"]
    letter = post.to("ana@mail.example")[-1]
    words = " ".join(text_of(letter).split())
    assert REASON in words
    assert f"https://engage.example/events/{event.pk}/invite.ics" in words
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert links_in(letter, "/unsubscribe")


def test_the_entry_behind_the_letters_link_says_cancelled(post: Post, client: Any) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    called_off(event)
    entry = client.get(f"/events/{event.pk}/invite.ics").content.decode()
    assert "STATUS:CANCELLED" in entry


def test_a_follower_who_got_the_news_hears_of_the_new_time(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    moved(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "New time"]
    assert "It was planned for" in text_of(post.letters[-1])


def test_two_moves_in_a_row_are_told_once(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    moved(event)
    moved(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "New time"]
    moved(event)
    while announce(now=timezone.now()):
        continue
    moved(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "New time", "New time"]


def test_who_was_never_told_that_it_is_on_hears_nothing(post: Post) -> None:
    agency = an_agency()
    event = announced(agency)
    a_follower(agency, "late@mail.example")
    called_off(event)
    go_round()
    assert post.to("late@mail.example") == []
    # Nor who follows something else, or another agency's.
    other = an_agency()
    a_follower(other, "other@mail.example")
    moved(announced(agency))
    go_round()
    assert post.to("other@mail.example") == []


def test_news_that_the_cancelling_overtakes_is_neither_sent_nor_corrected(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = an_event(agency)
    called_off(event)
    go_round()
    assert post.to("ana@mail.example") == []


@pytest.mark.parametrize("state", ["uncertain", "sending"])
def test_who_may_have_read_it_counts_as_told(post: Post, state: str) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    Delivery.objects.filter(kind="new_meeting").update(
        state=state,
        claim_token="01a20616-51ff-7969-85cf-47b8c7f04082" if state == "sending" else None,
        claimed_until=timezone.now() + dt.timedelta(hours=1) if state == "sending" else None,
    )
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled"]


def test_who_stopped_following_hears_nothing_more(post: Post) -> None:
    agency = an_agency()
    standing = a_follower(agency, "ana@mail.example")
    event = announced(agency)
    stops_following(standing)
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting"]


def test_who_stops_after_the_list_was_made_hears_nothing_more(post: Post) -> None:
    agency = an_agency()
    standing = a_follower(agency, "ana@mail.example")
    event = announced(agency)
    called_off(event)
    while announce(now=timezone.now()):
        continue
    stops_following(standing)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting"]


def test_an_address_that_follows_twice_hears_once_also_when_the_subscription_that_was_told_has_ended(
    post: Post,
) -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency, stage="open")
    first = a_follower(agency, "ana@mail.example")
    a_follower(agency, "ANA@mail.example", "dialogue", dialogue.pk)
    event = announced(agency, dialogue=dialogue)
    moved(event)
    go_round()
    assert len(post.letters) == 2
    stops_following(first)
    called_off(event)
    go_round()
    assert [what(letter) for letter in post.letters] == [
        "New meeting",
        "New time",
        "Cancelled",
    ]


def test_who_has_an_rsvp_and_follows_gets_the_letter_about_the_rsvp_alone(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "Ana@mail.example")
    event = announced(agency)
    an_rsvp(event, email="ana@mail.example")
    go_round()
    before = len(post.letters)
    moved(event)
    go_round()
    called_off(event)
    go_round()
    letters = post.letters[before:]
    assert [(addressee_of(letter), method_of(letter)) for letter in letters] == [
        ("ana@mail.example", "REQUEST"),
        ("ana@mail.example", "CANCEL"),
    ]
    assert all("/r/" in text_of(letter) or method_of(letter) == "CANCEL" for letter in letters)


def test_a_stranger_who_types_a_followers_address_keeps_no_news_from_it(post: Post) -> None:
    """The address hears nothing about a place that somebody saved in its name too often; what it follows it hears."""
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    for _ in range(3):
        an_rsvp(an_event(an_agency()), email="ana@mail.example")
        go_round()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    before = len(post.letters)
    called_off(event)
    go_round()
    (letter,) = post.letters[before:]
    assert (addressee_of(letter), method_of(letter)) == ("ana@mail.example", "")


def test_who_follows_the_event_itself_hears_that_it_is_off(post: Post) -> None:
    agency = an_agency()
    event = announced(agency)
    a_follower(agency, "ana@mail.example", "event", event.pk)
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["Cancelled"]


def test_an_event_that_is_for_invited_people_by_now_tells_followers_no_new_time_but_that_it_is_off(
    post: Post,
) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    edit(event.pk, actor=None, now=timezone.now(), fields={"audience": "invited"})
    moved(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting"]
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled"]
    assert REASON not in text_of(post.letters[-1])


def test_of_a_discreet_event_nothing_is_said_but_when(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = an_event(agency, title="Survivors", discreet=True)
    go_round()
    moved(event)
    go_round()
    called_off(event)
    go_round()
    assert len(post.letters) == 3
    for letter in post.letters:
        words = f"{letter['Subject']}{letter['From']}{text_of(letter)}"
        for telling in ("Survivors", "Police", REASON, f"/events/{event.pk} "):
            assert telling not in words


def test_who_heard_that_it_is_off_hears_that_it_is_on_again(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    called_off(event)
    go_round()
    on_again(event, note="The hall is dry.")
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled", "It takes place after all"]
    assert "The hall is dry." in text_of(post.letters[-1])
    called_off(event)
    go_round()
    on_again(event)
    go_round()
    assert subjects(post, "ana@mail.example")[3:] == ["Cancelled", "It takes place after all"]


def test_a_cancelling_that_is_taken_back_before_it_was_told_is_told_to_nobody(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    called_off(event)
    on_again(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting"]


def test_whose_news_the_cancelling_held_up_hears_that_it_is_on_and_when_it_is_off_again(post: Post) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = an_event(agency)
    called_off(event)
    go_round()
    assert post.letters == []
    on_again(event)
    go_round()
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["It takes place after all", "Cancelled"]


def test_it_does_not_wait_for_the_morning(post: Post) -> None:
    now = timezone.now().astimezone(dt.UTC)
    quiet = {
        "email_quiet_from": (now - dt.timedelta(hours=1)).time(),
        "email_quiet_until": (now + dt.timedelta(hours=1)).time(),
    }
    agency = an_agency(timezone="UTC")
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    Agency.objects.filter(pk=agency.pk).update(**quiet)
    called_off(event)
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled"]


def test_a_list_that_could_not_be_made_is_made_later_and_holds_up_nobody(
    post: Post, monkeypatch: Any
) -> None:
    agency = an_agency()
    a_follower(agency, "ana@mail.example")
    event = announced(agency)
    an_rsvp(event, email="holder@mail.example")
    go_round()
    called_off(event)

    def stumbling(*_given: Any, **_named: Any) -> None:
        raise ValueError("cannot be opened")

    monkeypatch.setattr(correcting, "plan_letters", stumbling)
    go_round()
    monkeypatch.undo()
    assert subjects(post, "holder@mail.example")[-1] == "Cancelled"
    assert subjects(post, "ana@mail.example") == ["New meeting"]
    assert (FollowersToTell.objects.count(), ActivityStumble.objects.count()) == (1, 1)
    ActivityStumble.objects.update(next_try_at=timezone.now())
    go_round()
    assert subjects(post, "ana@mail.example") == ["New meeting", "Cancelled"]
    assert subjects(post, "holder@mail.example").count("Cancelled") == 1
    assert (FollowersToTell.objects.count(), ActivityStumble.objects.count()) == (0, 0)


def test_ten_sweeps_at_once_tell_each_follower_once(post: Post) -> None:
    agency = an_agency()
    for number in range(30):
        a_follower(agency, f"r{number}@mail.example")
    event = announced(agency)
    called_off(event)
    start = threading.Barrier(10)
    failures: list[Exception] = []

    def sweep() -> None:
        start.wait()
        try:
            while announce(now=timezone.now()):
                continue
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    announce(now=timezone.now())
    assert failures == []
    assert Delivery.objects.filter(kind="meeting_cancelled").count() == 30
    assert FollowersToTell.objects.count() == 0
