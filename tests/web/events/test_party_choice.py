"""A party that finds no room for all of it chooses before anything is saved: fewer places, or to wait."""

from __future__ import annotations

import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import ContributionIntake
from events.event.models import Event
from events.planning.scheduling import edit
from events.rsvps import responding
from events.rsvps.changing import cancel
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import needs_of
from events.rsvps.tickets import name_of
from tests.makers.api_clients import the_public
from tests.makers.contributions import what_waits
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp, as_it_is, sums_hold
from tests.web.rsvps.test_manage_pages import as_filled_in, page_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def filled(party: int, **more: Any) -> dict[str, Any]:
    given = {
        "key": secrets.token_urlsafe(24), "party_size": str(party), "contact": "email", "email": "maya@mail.example",
        "remind": "on", "language": "en", "name": "Maya", "question": "Why was I stopped?", "need_wheelchair": "on",
    }  # fmt: skip
    return {name: value for name, value in (given | more).items() if value is not None}


def save(client: Client, event: Event, given: dict[str, Any], prefix: str = "") -> Any:
    return client.post(f"{prefix}/events/{event.pk}/rsvp", given)


def buttons(answer: Any) -> dict[str, tuple[str, str]]:
    """What stands on each button that sends something of its own, and what it sends."""
    found = re.findall(r'<button[^>]* name="(\w+)" value="(\w+)"[^>]*>([^<]*)</button>', html_of(answer))
    return {words: (name, value) for name, value, words in found}


def press(client: Client, event: Event, answer: Any, words: str, **more: Any) -> Any:
    """As a browser does: everything hidden on the page, and the button's own value."""
    name, value = buttons(answer)[words]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html_of(answer))
    return save(client, event, dict(hidden) | {name: value} | more)


def two_are_free(**fields: Any) -> Event:
    event = an_event(capacity=4, **fields)
    an_rsvp(event, 2)
    return event


@pytest.mark.parametrize("key", ["k" * 32, None])
def test_a_party_larger_than_what_is_free_is_told_before_anything_is_kept(
    client: Client, key: str | None
) -> None:
    event = two_are_free()
    answer = save(client, event, filled(3, key=key))
    assert answer.status_code == (409 if key else 200)
    assert "<h1>2 places are free. Take 2, or wait for 3.</h1>" in html_of(answer)
    assert [*buttons(answer)] == ["Take 2 places", "Wait for 3 places", "Change something"]
    assert "waitlist" not in html_of(answer)
    assert Rsvp.objects.count() == 1
    assert ContributionIntake.objects.count() == IdempotentAnswer.objects.count() == 0


@pytest.mark.parametrize("key", ["k" * 32, None])
@pytest.mark.parametrize(
    ("words", "party", "status"), [("Take 2 places", 2, "confirmed"), ("Wait for 3 places", 3, "waitlisted")]
)
def test_either_choice_saves_all_that_was_typed_once(
    client: Client, words: str, party: int, status: str, key: str | None
) -> None:
    event = two_are_free()
    asked = save(client, event, filled(3, key=key))
    answers = [press(client, event, asked, words) for _twice in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    rsvp = Rsvp.objects.exclude(email_contact=None).get()
    assert (rsvp.party_size, rsvp.status, name_of(rsvp)) == (party, status, "Maya")
    assert [need.kind for need in needs_of(rsvp)] == ["wheelchair"]
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]
    assert sums_hold(event.pk)


def test_the_third_choice_leads_back_to_the_form_as_it_was(client: Client) -> None:
    event = two_are_free()
    back = press(client, event, save(client, event, filled(3)), "Change something")
    assert back.status_code == 200
    form = back.context["form"]
    assert (form["party_size"].value(), form["question"].value()) == ("3", "Why was I stopped?")
    assert Rsvp.objects.count() == 1


def test_seats_kept_for_a_group_are_called_that_and_not_taken(client: Client) -> None:
    event = two_are_free()
    an_rsvp(event, 3)
    answer = save(client, event, filled(1))
    assert (
        "<h1>2 seats are free, but kept for a group that waits. You can join the waitlist.</h1>"
        in html_of(answer)
    )
    assert [*buttons(answer)] == ["Wait for 1 place", "Change something"]
    refused = the_public().post(f"/events/{event.pk}/rsvps/", {"waitlist": False}).json()
    assert (refused["seats_left"], refused["seats_kept"]) == (0, 2)
    assert "taken" not in refused["detail"]


def test_all_are_taken_is_said_only_where_it_is_so(client: Client) -> None:
    event = an_event(capacity=2)
    holder = an_rsvp(event, 2)
    assert "All 2 seats are taken. You can join the waitlist." in html_of(save(client, event, filled(1)))
    an_rsvp(event, 2, email="waits@mail.example")
    cancel(holder.pk, by="resident", now=event.starts_at.replace(year=event.starts_at.year - 1))
    offered = html_of(save(client, event, filled(1)))
    assert "All 2 seats are taken, or offered to people who waited." in offered


def test_a_program_hears_what_is_free_and_what_it_can_send_instead() -> None:
    event = two_are_free()
    public, path = the_public(), f"/events/{event.pk}/rsvps/"
    refused = public.post(path, {"party_size": 3, "waitlist": False})
    said = refused.json()
    assert (refused.status_code, said["code"]) == (409, "event_full")
    assert said["detail"] == "2 places are free. Take 2, or wait for 3."
    assert (said["seats_left"], said["seats_kept"]) == (2, 0)
    assert said["choices"] == [{"party_size": 2, "waitlist": False}, {"party_size": 3, "waitlist": True}]
    for choice, status in zip(said["choices"], ("confirmed", "waitlisted"), strict=True):
        made = public.post(path, choice)
        assert (made.status_code, made.json()["status"]) == (201, status)
    assert public.post(path, {"party_size": 3}).status_code == 201


def test_how_full_a_discreet_event_is_no_program_learns() -> None:
    event = two_are_free(discreet=True)
    said = the_public().post(f"/events/{event.pk}/rsvps/", {"party_size": 3, "waitlist": False}).json()
    assert (said["code"], said["choices"]) == ("event_full", [{"party_size": 3, "waitlist": True}])
    assert not {"seats_left", "seats_kept"} & said.keys()
    assert "2" not in said["detail"]


def test_two_parties_that_want_the_last_seats_at_once_one_is_seated_and_one_is_asked() -> None:
    event = an_event(capacity=3)
    both = threading.Barrier(2)
    given = [filled(2, email=f"r{number}@mail.example") for number in range(2)]

    def send(form: dict[str, Any]) -> Any:
        both.wait(timeout=10)
        try:
            return save(Client(), event, form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, given))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (asked,) = [answer for answer in answers if answer.status_code == 409]
    assert "1 place is free. Take it, or wait for 2." in html_of(asked)
    assert Rsvp.objects.get().status == "confirmed"
    assert sums_hold(event.pk)
    assert press(Client(), event, asked, "Take 1 place").status_code == 303
    assert sums_hold(event.pk)


def test_a_choice_that_is_gone_by_then_is_asked_anew_from_what_was_wanted_at_first(client: Client) -> None:
    event = two_are_free()
    asked = save(client, event, filled(3))
    an_rsvp(event, 1)
    again = press(client, event, asked, "Take 2 places")
    assert "1 place is free. Take it, or wait for 3." in html_of(again)
    assert [*buttons(again)] == ["Take 1 place", "Wait for 3 places", "Change something"]
    assert press(client, event, again, "Take 1 place").status_code == 303
    assert sums_hold(event.pk)


def test_a_race_after_the_question_was_taken_asks_and_takes_it_no_second_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = two_are_free()
    take = responding._take_the_question

    def slowly(*args: Any) -> bool:
        monkeypatch.setattr(responding, "_take_the_question", take)
        received = take(*args)
        an_rsvp(event, 1)
        return received

    monkeypatch.setattr(responding, "_take_the_question", slowly)
    asked = save(client, event, filled(2))
    assert "1 place is free. Take it, or wait for 2." in html_of(asked)
    assert "Your question has reached us all the same" in html_of(asked)
    assert press(client, event, asked, "Wait for 2 places").status_code == 303
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]


def test_it_is_asked_in_spanish_too(client: Client) -> None:
    answer = save(client, two_are_free(), filled(3), prefix="/es")
    assert "Hay 2 lugares libres. Acepte 2, o espere hasta que haya 3." in html_of(answer)


def test_a_ticket_that_wants_more_than_is_free_is_asked_and_keeps_what_was_typed(client: Client) -> None:
    event = an_event(capacity=4)
    rsvp, path = an_rsvp(event, 2), ""
    an_rsvp(event, 1)
    path = page_of(rsvp)
    sent = as_filled_in(client, path, party_size=4, need_other="on", detail_other="Near the door")
    answer = client.post(path, sent)
    assert answer.status_code == 409
    assert "1 more place is free: you can come with 3, not with 4." in html_of(answer)
    assert "Near the door" in html_of(answer)
    assert as_it_is(rsvp).party_size == 2
    name, value = buttons(answer)["Come with 3"]
    assert client.post(path, sent | {name: value}).status_code == 302
    assert (as_it_is(rsvp).party_size, [need.kind for need in needs_of(rsvp)]) == (3, ["other"])
    assert sums_hold(event.pk)


def test_a_waiting_party_is_asked_before_it_loses_its_turn(client: Client) -> None:
    event = two_are_free()
    first, _second = an_rsvp(event, 3), an_rsvp(event, 1)
    path = page_of(first)
    sent = as_filled_in(client, path, party_size=4)
    answer = client.post(path, sent)
    assert answer.status_code == 409
    assert "With 4 people you go to the end of the line, as number 2. With 3 you keep your turn." in html_of(
        answer
    )
    assert (as_it_is(first).party_size, as_it_is(first).queue_number) == (3, 1)
    name, value = buttons(answer)["Wait at the end with 4"]
    assert client.post(path, sent | {name: value}).status_code == 302
    assert (as_it_is(first).party_size, as_it_is(first).queue_number) == (4, 3)
    last = page_of(first)
    # The last in line loses nothing, and is asked nothing.
    edit(event, actor=None, now=event.created_at, fields={"capacity": 9})
    assert client.post(last, as_filled_in(client, last, party_size=4)).status_code == 302
    assert sums_hold(event.pk)
