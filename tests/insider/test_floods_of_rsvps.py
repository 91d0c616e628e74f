"""A member of staff saves places from their own network and looks whether the flood has one more than they saved.

Whoever else left a place without an address there must not be found out: not by the number, not by when it comes, not
by an id, not by taking that one place away, and not by giving all of them back.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from engage.activity.models import Activity
from engage.database.ids import uuid7
from engage.readings.models import ContactRead, ReadingRequest
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning.lifecycle import start
from events.rsvps import floods
from events.rsvps.floods import FROM, floods_of, remember_connection
from events.rsvps.models import Rsvp
from tests.insider.floods import (
    AT_NIGHT,
    BY_DAY,
    OTHERS,
    OURS,
    SURELY,
    SURELY_NOT,
    ask,
    earlier,
    flooded,
    handles,
    list_of,
    say_yes,
    shown,
)
from tests.insider.test_reading_names_and_addresses import read_so_many
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, person_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
_FRESH = re.compile(
    r'name="(?:csrfmiddlewaretoken|key)" value="[\w-]+"|"X-CSRFToken": *"\w+"|X-CSRFToken&quot;: &quot;\w+'
)


@pytest.fixture
def event() -> Event:
    return an_event()


def of_one_network(event: Event, many: int, network: str, at: dt.datetime) -> None:
    """As after so many were saved; rows are not needed to reckon a flood."""
    for _turn in range(many):
        rsvp = Rsvp(id=uuid7(), event=event, created_at=at)
        remember_connection(rsvp, network)


def test_one_rsvp_more_is_no_likelier_to_show_than_the_odds_allow(event: Event) -> None:
    chances = {
        added: (now - before) / floods._HOW_OFTEN[-1]
        for added, now, before in zip(
            floods._ADDED,
            floods._HOW_OFTEN,
            (0.0, *floods._HOW_OFTEN),
            strict=False,
        )
    }

    def outcomes(count: int) -> Counter[int]:
        found: Counter[int] = Counter()
        for added, chance in chances.items():
            found[(count + added + 5) // 10 * 10 if count + added >= FROM else 0] += chance  # type: ignore[assignment]
        return found

    for count in range(60):
        fewer, more = outcomes(count), outcomes(count + 1)
        for what in {*fewer, *more}:
            low, high = sorted((fewer[what], more[what]))
            assert high <= low * math.exp(1 / 1.5) + 1 / 600


@pytest.mark.slow
def test_the_number_that_is_added_is_drawn_anew_for_every_network_half_hour_and_event(event: Event) -> None:
    viewer = a_person(event.agency)
    # Sixteen from each of a hundred networks: about one in eleven is no flood, and nobody knows which.
    when = earlier()
    for number in range(100):
        of_one_network(event, 16, f"198.51.100.{number}", when)
    told = [(flood.handle, flood.about) for flood in floods_of(event, viewer=viewer, now=timezone.now())]
    assert 75 <= len(told) <= 99
    # And for one of them always the same: nothing is gained by asking again.
    assert told == [
        (flood.handle, flood.about) for flood in floods_of(event, viewer=viewer, now=timezone.now())
    ]
    others = [Event(id=uuid7(), agency=event.agency, status=event.status) for _turn in range(40)]
    for other in others:
        of_one_network(other, FROM, OURS, when)
    assert {len(floods_of(other, viewer=viewer, now=timezone.now())) for other in others} == {0, 1}


def test_danger_without_it_nine_of_ones_own_and_a_tenth_name_the_neighbor(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "_added", lambda *_which: 0)
    flooded(event, 1)
    flooded(event, FROM - 1)
    alone = an_event(event.agency)
    flooded(alone, FROM - 1)
    assert (len(shown(event)), len(shown(alone))) == (1, 0)


def test_nothing_shows_before_the_half_hour_is_over_and_nothing_changes_after_it(event: Event) -> None:
    begins = earlier()
    insider = at_the_desk(event.agency)
    with time_machine.travel(begins, tick=False) as clock:
        flooded(event, SURELY + 2, at=begins)
        clock.move_to(begins + dt.timedelta(minutes=29))
        assert handles(insider, event) == []
    (before,) = shown(event)
    # Somebody else of that network, later: neither more of this one nor a new one.
    flooded(event, SURELY_NOT, at=begins + dt.timedelta(minutes=30))
    assert [flood.about for flood in shown(event)] == [before.about]


def test_what_is_shown_is_the_same_whatever_is_done_to_somebodys_rsvp(event: Event) -> None:
    flooded(event, SURELY)
    insider = at_the_desk(event.agency)
    theirs = list(Rsvp.objects.filter(event=event).order_by("pk")[:3])

    def seen() -> str:
        found = insider.get(list_of(event.agency, event, "flood")).content.decode()
        return _FRESH.sub("", found)

    start(event, now=timezone.now())
    before = seen()
    assert "About 20 places" in before or "About 30 places" in before
    insider.post(list_of(event.agency, event, f"{theirs[0].pk}/cancel"), follow=True)
    check_in(Event.objects.get(pk=event.pk), client_id="door", rsvp_id=theirs[1].pk, now=timezone.now())
    Rsvp.objects.filter(pk=theirs[2].pk).delete()
    assert seen() == before
    Rsvp.objects.filter(event=event).update(status="cancelled", cancelled_at=timezone.now())
    assert seen() == before


def test_no_rsvp_is_named_on_the_page_in_the_log_or_in_the_record(
    event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    flooded(event, SURELY + 2)
    insider, leader = at_the_desk(event.agency), at_the_desk(event.agency, "leader")
    ids = [str(pk) for pk in Rsvp.objects.filter(event=event).values_list("pk", flat=True)]
    before = set(Activity.objects.values_list("pk", flat=True))
    pages = [insider.get(list_of(event.agency, event, "flood")), ask(insider, event)]
    pages += [leader.get(desk(event.agency, "readings/")), say_yes(leader, event)]
    lines = Activity.objects.exclude(pk__in=before)
    assert {line.verb for line in lines} >= {"reading.giving_back_asked", "event.places_given_back"}
    told = [page.content.decode() for page in pages] + [str(page.redirect_chain) for page in pages[1::2]]
    told += [f"{line.object_id} {line.data}" for line in lines] + [caplog.text]
    told += [str(list(ReadingRequest.objects.values())), str(list(ContactRead.objects.values()))]
    for text in told:
        assert not [one for one in ids if one in text or one.replace("-", "") in text]
        assert OURS not in text
        # Nor how many exactly: neither as a number of places nor of people.
        assert not re.search(rf"\b{SURELY + 2}\b places", text)
    given_back = lines.get(verb="event.places_given_back")
    assert set(given_back.data) == {"about"}
    assert given_back.data["about"] % 10 == 0


def test_a_handle_is_of_one_event_and_one_viewer(event: Event) -> None:
    flooded(event, SURELY)
    other = an_event(event.agency)
    flooded(other, SURELY)
    mine, hers = at_the_desk(event.agency), at_the_desk(event.agency)
    own = handles(mine, event)
    assert own == handles(mine, event)
    assert len({*own, *handles(hers, event), *handles(mine, other)}) == 3
    rsvp = Rsvp.objects.filter(event=event).first()
    assert rsvp is not None
    wrong = (*handles(hers, event), *handles(mine, other), str(rsvp.pk), "", "x")
    assert {ask(mine, event, one).status_code for one in wrong} == {409}
    assert not ReadingRequest.objects.exists()
    assert ask(mine, event).status_code == 200


def test_what_is_said_of_it_is_the_same_whether_anybody_elses_rsvp_was_among_them() -> None:
    said = []
    for also in (0, 1):
        event = an_event(title="Town hall")
        flooded(event, SURELY - also)
        flooded(event, also)
        insider, leader = at_the_desk(event.agency), at_the_desk(event.agency, "leader")
        ask(insider, event)
        # Their own, one by one, before the yes: what is left would be somebody else's.
        ours = Rsvp.objects.filter(event=event).order_by("pk").values_list("pk", flat=True)[: SURELY - also]
        Rsvp.objects.filter(pk__in=list(ours)).update(status="cancelled", cancelled_at=timezone.now())
        Event.objects.filter(pk=event.pk).update(seats_taken=also)
        answer = say_yes(leader, event)
        assert answer.status_code == 200
        (message,) = [str(one) for one in answer.context["messages"]]
        lines = Activity.objects.filter(object_id=event.pk, verb="event.places_given_back")
        said.append((message, lines.count(), sorted(lines.get().data)))
        assert not Rsvp.objects.filter(event=event).exclude(status="cancelled").exists()
    assert said[0] == said[1]
    assert not re.search(r"\d", said[0][0])


@pytest.mark.parametrize("kind", ["leader", "admin"])
def test_giving_them_back_needs_a_second_persons_yes(event: Event, kind: str) -> None:
    flooded(event, SURELY)
    insider, second = at_the_desk(event.agency, name="Marco Ruiz"), at_the_desk(event.agency, kind)
    ask(insider, event)
    assert not Rsvp.objects.filter(event=event, status="cancelled").exists()
    for other in (at_the_desk(event.agency), at_the_desk(an_agency(), kind)):
        assert say_yes(other, event).status_code in {403, 404}
    assert not Rsvp.objects.filter(event=event, status="cancelled").exists()
    asked = text_of(second.get(desk(event.agency, "readings/")))
    assert "Marco Ruiz" in asked
    assert "places were saved within half an hour from one internet connection" in asked
    assert say_yes(second, event).status_code == 200
    assert not Rsvp.objects.filter(event=event).exclude(status="cancelled").exists()
    assert say_yes(second, event).status_code == 409
    assert Activity.objects.get(verb="event.places_given_back").actor == person_of(second)


def test_a_yes_to_a_flood_opens_no_further_readings(event: Event) -> None:
    flooded(event, SURELY)
    insider = at_the_desk(event.agency)
    rsvp = an_rsvp(event, email="ana@mail.example")
    ask(insider, event)
    say_yes(at_the_desk(event.agency, "leader"), event)
    read_so_many(person_of(insider), event.agency, 20)
    revealed = insider.post(list_of(event.agency, event, f"{rsvp.pk}/reveal"), {"purpose": "call_back"})
    assert revealed.status_code == 302
    assert revealed["Location"].endswith("/readings/")


@pytest.mark.parametrize(
    ("when", "others", "status"), [(BY_DAY, True, 409), (BY_DAY, False, 200), (AT_NIGHT, True, 200)]
)
def test_alone_only_at_night_or_where_there_is_nobody_else_and_once(
    when: dt.datetime, others: bool, status: int
) -> None:
    with time_machine.travel(when, tick=True):
        agency = an_agency()
        insider = at_the_desk(agency, name="Marco Ruiz")
        if others:
            at_the_desk(agency, "leader")
        first, second = an_event(agency), an_event(agency)
        for event in (first, second):
            flooded(event, SURELY)
            ask(insider, event)
        assert say_yes(insider, first).status_code == status
        cancelled = Rsvp.objects.filter(event=first, status="cancelled").count()
        assert cancelled == (SURELY if status == 200 else 0)
        assert say_yes(insider, second).status_code == 409
        assert not Rsvp.objects.filter(event=second, status="cancelled").exists()
        if status == 200:
            told = text_of(at_the_desk(agency, "admin").get(desk(agency, "office/readings/")))
            assert "Many places of one connection, cancelled" in told
            assert "Said yes to their own request, with nobody else there" in told


def test_looking_is_on_record_and_among_the_twenty_of_an_hour(event: Event) -> None:
    flooded(event, SURELY)
    insider, way = at_the_desk(event.agency, name="Marco Ruiz"), list_of(event.agency, event, "flood")
    assert [insider.get(way).status_code for _turn in range(3)] == [200] * 3
    (read,) = ContactRead.objects.all()
    assert (read.reader, read.what, read.event_id, read.shown) == (person_of(insider), "flood", event.pk, 0)
    told = text_of(at_the_desk(event.agency, "admin").get(desk(event.agency, "office/readings/")))
    assert "That many places came from one connection" in told
    another = at_the_desk(event.agency)
    read_so_many(person_of(another), event.agency, 20)
    assert another.get(way)["Location"].endswith("/readings/")
    assert ContactRead.objects.filter(what="flood").count() == 1


def test_another_network_and_an_rsvp_with_an_address_are_no_part_of_it(event: Event) -> None:
    flooded(event, SURELY_NOT)
    flooded(event, SURELY_NOT, address=OTHERS)
    flooded(event, SURELY, email="maya@mail.example")
    assert shown(event) == []


def test_the_list_says_that_it_is_so_and_no_number(event: Event) -> None:
    flooded(event, SURELY)
    liaison: Any = at_the_desk(event.agency)
    listed = text_of(liaison.get(list_of(event.agency, event)))
    assert "Many places were saved within half an hour from one internet connection" in listed
    assert "About" not in listed
