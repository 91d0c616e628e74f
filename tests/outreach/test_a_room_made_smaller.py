"""A party that waits and that the room, made smaller, could never seat: it is told and asked, and holds nobody up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.keeping import prove
from engage.contacts.links import Purpose, mint
from events.event.models import Event
from events.event.standing import seats_left
from events.planning.scheduling import edit
from events.rsvps.changing import cancel, change
from events.rsvps.models import Rsvp
from events.rsvps.waitlisting import position_of
from outreach.worker.rounds import go_round
from tests.makers.api_clients import Api
from tests.makers.events import an_event, begins_at
from tests.makers.letters import text_of
from tests.makers.mail_server import Post
from tests.makers.pages import html_of
from tests.makers.rsvps import a_response, an_rsvp, as_it_is, contact_of, states, sums_hold
from tests.web.desk.at_the_desk import at_the_desk, page
from tests.web.rsvps.test_manage_pages import as_filled_in, page_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def screen_token(rsvp: Rsvp) -> str:
    return mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)


def made_smaller(to: int = 2, **fields: Any) -> tuple[Event, Rsvp, Rsvp]:
    """Four seats, two taken; a party of three waits, and then the room holds two. The holder, and who waits."""
    event = an_event(capacity=4, **fields)
    holder = an_rsvp(event, 2)
    waits = an_rsvp(event, 3, email="ana@mail.example")
    prove(contact_of(waits).pk, now=timezone.now())
    edit(event, actor=None, now=timezone.now(), fields={"capacity": to})
    event.refresh_from_db()
    assert sums_hold(event.pk)
    return event, holder, waits


def test_it_holds_nobody_up_and_no_seat_is_called_kept_for_it(client: Client) -> None:
    event, holder, waits = made_smaller()
    cancel(holder.pk, by="resident", now=timezone.now())
    event.refresh_from_db()
    assert seats_left(event) == 2
    assert an_rsvp(event, 1).status == "confirmed"
    asked = client.post(
        f"/events/{event.pk}/rsvp", {"party_size": 2, "contact": "none", "language": "en", "key": "k" * 32}
    )
    assert "1 place is free. Take it, or wait for 2." in html_of(asked)
    assert states(waits) == ["waitlisted"]
    assert sums_hold(event.pk)


def test_a_room_made_larger_again_keeps_seats_for_it_as_before() -> None:
    event, holder, waits = made_smaller()
    edit(event, actor=None, now=timezone.now(), fields={"capacity": 4})
    assert an_rsvp(event, 1).status == "waitlisted"
    assert sums_hold(event.pk)
    cancel(holder.pk, by="resident", now=timezone.now())
    assert states(waits) == ["offered"]
    assert sums_hold(event.pk)


@pytest.mark.parametrize("way", ["fewer", "leave"])
def test_whichever_way_it_goes_the_sums_hold(way: str) -> None:
    event, holder, waits = made_smaller()
    if way == "fewer":
        change(waits.pk, party_size=2, now=timezone.now())
        assert as_it_is(waits).queue_number == 1
        cancel(holder.pk, by="resident", now=timezone.now())
        assert states(waits) == ["offered"]
    else:
        cancel(waits.pk, by="resident", now=timezone.now())
    assert sums_hold(event.pk)


def test_it_is_told_by_letter_once_a_change_and_asked_on_its_page(post: Post, client: Client) -> None:
    event, _holder, waits = made_smaller()
    go_round()
    letter = post.to("ana@mail.example")[-1]
    assert "Please choose, Town hall" in letter["Subject"]
    assert "holds only 2 people now, and you wait for 3 places" in " ".join(text_of(letter).split())
    told = len(post.to("ana@mail.example"))
    edit(event, actor=None, now=timezone.now(), fields={"title": "Town hall at the library"})
    go_round()
    assert len(post.to("ana@mail.example")) == told
    shown = html_of(client.get(page_of(waits)))
    assert "There is no room for all of you now" in shown
    assert "You are number" not in shown
    sent = as_filled_in(client, page_of(waits), come_with=2)
    assert client.post(page_of(waits), sent).status_code == 302
    assert (as_it_is(waits).party_size, as_it_is(waits).queue_number) == (2, 1)
    assert sums_hold(event.pk)


def test_nobody_reads_a_number_in_line_that_counts_who_can_never_be_seated(
    post: Post, client: Client
) -> None:
    event, _holder, large = made_smaller()
    first = a_response(event, 1, email="ben@mail.example")
    second = a_response(event, 1, email="cleo@mail.example")
    assert [first.waitlist_position, second.waitlist_position] == [1, 2]
    go_round()
    assert "Your place in line: 2" in " ".join(text_of(post.to("cleo@mail.example")[-1]).split())
    assert "You are number 2 in line." in html_of(client.get(page_of(second.rsvp)))
    assert "2 groups wait before you." in html_of(client.get(f"/events/{event.pk}"))
    told = Api().get(f"/events/{event.pk}/").json()
    assert (told["waitlist_count"], told["waitlist_too_large"]) == (2, 1)
    own = [Api().get(f"/rsvps/{screen_token(one)}/").json() for one in (large, second.rsvp)]
    assert [(one["waitlist_position"], one["room_too_small"]) for one in own] == [(None, True), (2, False)]
    liaison = at_the_desk(event.agency)
    desk = [html_of(liaison.get(page(event, more))) for more in ("", "rsvps/")]
    assert all("1 party that waits is larger than the room." in one for one in desk)
    assert "2 parties wait." in desk[0]
    assert "2 of 2 places, 2 parties wait." in desk[1]


def test_the_last_of_those_who_can_be_seated_loses_no_turn_by_asking_for_more() -> None:
    event, _holder, _large = made_smaller()
    last = an_rsvp(event, 1)
    change(last.pk, party_size=2, to_the_tail=False, now=timezone.now())
    assert position_of(as_it_is(last)) == 1
    assert sums_hold(event.pk)


def test_a_program_that_asked_before_the_choice_is_told_of_it_after(client: Client) -> None:
    event, _holder, waits = made_smaller()
    before = Api().get(f"/events/{event.pk}/")
    change(waits.pk, party_size=2, now=timezone.now())
    after = Api().get(f"/events/{event.pk}/", If_None_Match=before["ETag"])
    assert (after.status_code, after.json()["waitlist_count"], after.json()["waitlist_too_large"]) == (
        200,
        1,
        0,
    )


def test_a_discreet_event_is_not_named_in_that_letter(post: Post) -> None:
    made_smaller(title="Survivors of violence", discreet=True)
    go_round()
    letter = post.to("ana@mail.example")[-1]
    assert "please answer" in letter["Subject"]
    assert "Survivors" not in f"{letter['Subject']} {text_of(letter)} {letter['From']}"


def test_who_has_chosen_before_the_letter_went_gets_none(post: Post) -> None:
    _event, _holder, waits = made_smaller()
    change(waits.pk, party_size=1, now=timezone.now())
    go_round()
    assert not [one for one in post.to("ana@mail.example") if "Please choose" in one["Subject"]]


def test_staff_see_it_on_the_list_and_on_the_rsvp() -> None:
    event, _holder, waits = made_smaller()
    liaison = at_the_desk(event.agency)
    assert "Waits, larger than the room" in html_of(liaison.get(page(event, "rsvps/")))
    assert "The room holds only 2 people now" in html_of(liaison.get(page(event, f"rsvps/{waits.pk}/")))


def test_a_seat_that_comes_free_after_the_start_comes_with_the_word_that_it_has_begun(post: Post) -> None:
    event = an_event(capacity=1)
    holder, waits = an_rsvp(event), an_rsvp(event, email="ana@mail.example")
    prove(contact_of(waits).pk, now=timezone.now())
    go_round()
    event.refresh_from_db()
    begins_at(event, timezone.now().replace(microsecond=0) - dt.timedelta(minutes=10))
    cancel(holder.pk, by="resident", now=timezone.now())
    go_round()
    letter = post.to("ana@mail.example")[-1]
    words = " ".join(text_of(letter).split())
    assert "You have a place" in letter["Subject"]
    assert "The meeting has begun. You can still come in." in words
    assert "look forward" not in words
