"""The door: everybody in once, however often a tablet says so; heads, links, numbers that stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.activity.models import Activity
from engage.refusals import Invalid, RuleViolation, Unknown, WrongState
from events.door.attendance import attendance, count_heads, freeze_totals
from events.door.checking_in import Arriving, CodeUnknown, check_in, check_in_batch, undo
from events.door.links import door_session_behind, link_behind, open_link, revoke, trade
from events.door.models import DoorLink, EventTotals, HeadCount
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.lifecycle import end, start
from events.planning.scheduling import edit
from events.rsvps.changing import cancel
from events.rsvps.models import CheckIn
from events.rsvps.tickets import read_code
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOUR = dt.timedelta(hours=1)


def live_event(**fields: Any) -> Event:
    return start(an_event(**fields), now=timezone.now()).event


def test_a_code_checks_in_the_whole_party_and_again_finds_it_here() -> None:
    event = live_event()
    rsvp = an_rsvp(event, 3)
    first = check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    assert (first.created, first.already_here, first.party) == (True, False, 3)
    for client_id in ("d-1", "d-2"):
        again = check_in(event, client_id=client_id, code=rsvp.checkin_code, now=timezone.now())
        assert (again.created, again.already_here, again.id, again.at) == (False, True, first.id, first.at)
    by_list = check_in(event, client_id="d-3", rsvp_id=rsvp.pk, now=timezone.now())
    assert (by_list.already_here, by_list.id) == (True, first.id)
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    "typed", ["0123 4ABCDE", "o1234abcde", "0i23-4abcde", "0l234 abcde\n", "0123–4ABC DE", " 01234abc_de "]
)
def test_a_code_is_read_as_people_say_and_type_it(typed: str) -> None:
    assert read_code(typed) == "01234ABCDE"


def test_a_code_of_another_event_opens_nothing() -> None:
    agency = an_agency()
    event, other = live_event(agency=agency), live_event(agency=agency)
    rsvp = an_rsvp(other)
    with pytest.raises(CodeUnknown):
        check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    with pytest.raises(Unknown):
        check_in(event, client_id="d-1", rsvp_id=rsvp.pk, now=timezone.now())
    assert not CheckIn.objects.exists()


def test_walk_ins_are_as_many_as_there_are_client_ids() -> None:
    event = live_event()
    for client_id in ("w-1", "w-2", "w-1"):
        check_in(event, client_id=client_id, walk_in=True, party=2, now=timezone.now())
    assert attendance(event)["walk_ins"] == 4


@pytest.mark.parametrize(
    "said",
    [
        {"client_id": "", "walk_in": True},
        {"client_id": "x" * 65, "walk_in": True},
        {"client_id": "w\x00", "walk_in": True},
        {"client_id": "w", "walk_in": True, "party": 0},
        {"client_id": "w", "walk_in": True, "party": 51},
        {"client_id": "w"},
        {"client_id": "w", "walk_in": True, "code": "0000000000"},
    ],
)
def test_nonsense_from_a_device_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        check_in(live_event(), now=timezone.now(), **said)
    assert not CheckIn.objects.exists()


def test_a_tablet_whose_clock_runs_ahead_has_not_seen_the_future() -> None:
    event, now = live_event(), timezone.now()
    assert check_in(event, client_id="a", walk_in=True, at=now + 9 * HOUR, now=now).at == now
    assert check_in(event, client_id="b", walk_in=True, at=now - HOUR, now=now).at == now - HOUR


def test_an_undone_arrival_stays_undone_when_its_own_message_comes_again() -> None:
    event = live_event()
    rsvp = an_rsvp(event, 2)
    check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    for _ in range(2):
        undo(event, "d-1", now=timezone.now())
    again = check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    assert (again.created, again.already_here) == (False, False)
    assert attendance(event)["checked_in"] == 0
    anew = check_in(event, client_id="d-2", code=rsvp.checkin_code, party=1, now=timezone.now())
    assert (anew.created, anew.party) == (True, 1)
    assert attendance(event)["checked_in"] == 1
    with pytest.raises(Unknown):
        undo(event, "never", now=timezone.now())


def test_three_hours_without_a_network_sync_twice_from_two_devices_and_count_once() -> None:
    event = live_event(capacity=None)
    rsvps = [an_rsvp(event, 2) for _ in range(20)]
    one = [Arriving(f"a-{n}", code=rsvp.checkin_code) for n, rsvp in enumerate(rsvps[:15])]
    two = [Arriving(f"b-{n}", rsvp_id=rsvp.pk) for n, rsvp in enumerate(rsvps[5:])]
    walk_ins = [Arriving(f"w-{n}", walk_in=True) for n in range(3)]
    answers = [
        check_in_batch(event, batch, now=timezone.now())
        for batch in (one + walk_ins, two, one + walk_ins, two)
    ]
    assert all(not isinstance(answer, RuleViolation) for batch in answers for answer in batch)
    created = [
        answer
        for batch in answers
        for answer in batch
        if not isinstance(answer, RuleViolation) and answer.created
    ]
    assert len(created) == 23
    assert attendance(event) == {
        "checked_in": 40, "walk_ins": 3, "head_count": 0, "total": 43, "rsvps": {"confirmed": 20, "came": 20},
    }  # fmt: skip


def test_in_a_batch_every_item_has_its_own_answer() -> None:
    event = live_event()
    rsvp = an_rsvp(event)
    answers = check_in_batch(
        event,
        [
            Arriving("a", code=rsvp.checkin_code),
            Arriving("b", code="0000000000"),
            Arriving("c", code=rsvp.checkin_code),
            Arriving("", walk_in=True),
            Arriving("a", code=rsvp.checkin_code),
            Arriving("d", walk_in=True),
        ],
        now=timezone.now(),
    )
    said = [answer.code if isinstance(answer, RuleViolation) else answer.created for answer in answers]
    assert said == [True, "code_unknown", False, "invalid", False, True]
    assert check_in_batch(event, [], now=timezone.now()) == []
    with pytest.raises(Invalid):
        check_in_batch(event, [Arriving(str(n), walk_in=True) for n in range(1001)], now=timezone.now())


def test_a_thousand_arrivals_are_three_statements_at_most() -> None:
    event = live_event(capacity=None)
    items = [Arriving(f"w-{n}", walk_in=True) for n in range(998)]
    rsvp = an_rsvp(event)
    items += [Arriving("p-1", code=rsvp.checkin_code), Arriving("p-2", code=rsvp.checkin_code)]
    with CaptureQueriesContext(connection) as caught:
        check_in_batch(event, items, now=timezone.now())
    assert len([query for query in caught if "SAVEPOINT" not in query["sql"]]) <= 3
    with CaptureQueriesContext(connection) as caught:
        check_in(event, client_id="one", walk_in=True, now=timezone.now())
    assert len([query for query in caught if "SAVEPOINT" not in query["sql"]]) <= 2


def test_the_door_is_open_from_publishing_until_twelve_hours_after_the_end() -> None:
    now = timezone.now()
    with pytest.raises(WrongState):
        check_in(a_draft(), client_id="a", walk_in=True, now=now)
    event = an_event()
    check_in(event, client_id="early", walk_in=True, now=now)
    event = end(start(event, now=now).event, now=event.ends_at).event
    late = event.ends_at + 12 * HOUR
    check_in(event, client_id="late", walk_in=True, now=late - dt.timedelta(seconds=1))
    for act in (
        lambda: check_in(event, client_id="too late", walk_in=True, now=late),
        lambda: undo(event, "late", now=late),
        lambda: count_heads(event, device="d", count=1, now=late),
    ):
        with pytest.raises(WrongState):
            act()
    cancelled = an_event()
    call_off(cancelled, reason="Flooded.", actor=None, now=now)
    cancelled.refresh_from_db()
    with pytest.raises(WrongState):
        check_in(cancelled, client_id="a", walk_in=True, now=now)


def test_head_counts_only_grow_whatever_order_they_arrive_in() -> None:
    event = live_event()
    for count, removed in ((10, 1), (14, 2), (12, 1), (14, 2)):
        count_heads(event, device="tablet", count=count, removed=removed, now=timezone.now())
    count_heads(event, device="phone", count=5, now=timezone.now())
    assert HeadCount.objects.count() == 2
    assert attendance(event)["head_count"] == 17
    for count, removed in ((-1, 0), (3, 4), (2_000_000, 0), (3, -1)):
        with pytest.raises(Invalid):
            count_heads(event, device="tablet", count=count, removed=removed, now=timezone.now())


def test_totals_are_frozen_once_twelve_hours_after_the_end_and_nothing_moves_them() -> None:
    event = live_event(capacity=6)
    came, stays, gone = an_rsvp(event, 2, language="es"), an_rsvp(event, 3), an_rsvp(event)
    waits, too_large = an_rsvp(event, 2), an_rsvp(event, 6)
    cancel(gone.pk, by="resident", now=timezone.now())
    event = edit(event.pk, actor=None, now=timezone.now(), fields={"capacity": 5}).event
    check_in(event, client_id="a", code=came.checkin_code, now=timezone.now())
    check_in(event, client_id="w", walk_in=True, party=4, now=timezone.now())
    count_heads(event, device="d", count=9, removed=2, now=timezone.now())
    event = end(event, now=event.ends_at + HOUR).event
    before = attendance(event)
    assert freeze_totals(now=event.ends_at + 12 * HOUR) == 0
    assert [freeze_totals(now=event.ends_at + 13 * HOUR) for _ in range(2)] == [1, 0]
    totals = EventTotals.objects.get(event=event)
    assert (totals.confirmed, totals.confirmed_parties, totals.waitlisted, totals.cancelled) == (2, 5, 1, 1)
    assert (totals.came, totals.came_people, totals.walk_ins, totals.head_count) == (1, 2, 4, 7)
    assert totals.languages == {"es": 1, "en": 1}
    event.refresh_from_db()
    CheckIn.objects.all().delete()
    for rsvp in (came, stays, waits, too_large):
        rsvp.delete()
    assert attendance(event) == before
    with pytest.raises(WrongState):
        check_in(event, client_id="b", walk_in=True, now=event.ends_at)


def test_a_door_link_is_told_once_traded_for_a_session_and_revoked() -> None:
    event, now = live_event(), timezone.now()
    actor = a_person(event.agency)
    link, secret = open_link(event, device="Front desk", actor=actor, now=now)
    assert link.expires_at == event.ends_at + 12 * HOUR
    assert secret not in str(DoorLink.objects.values().get())
    assert link_behind(secret, now=now) == link
    _link, first = trade(secret, now=now)
    _link, second = trade(secret, now=now)
    with pytest.raises(Unknown):
        door_session_behind(first, now=now)
    assert door_session_behind(second, now=now).event == event
    for wrong, at in ((secret, now), ("", now), (second, link.expires_at)):
        with pytest.raises(Unknown):
            door_session_behind(wrong, now=at)
    for _ in range(2):
        revoke(link, actor=actor, now=now)
    with pytest.raises(Unknown):
        door_session_behind(second, now=now)
    with pytest.raises(Unknown):
        trade(secret, now=now)
    assert Activity.objects.filter(verb="door.revoked").count() == 1


def test_a_door_link_does_not_outlive_the_evening() -> None:
    event, now = live_event(), timezone.now()
    for until in (now, event.ends_at + 13 * HOUR):
        with pytest.raises(Invalid):
            open_link(event, device="Front desk", actor=a_person(), expires_at=until, now=now)
    with pytest.raises(Invalid):
        open_link(event, device=" ", actor=a_person(), now=now)
    over = end(event, now=now).event
    with pytest.raises(WrongState):
        open_link(over, device="Front desk", actor=a_person(), now=now)
