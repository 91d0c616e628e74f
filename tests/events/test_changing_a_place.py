"""Changing and giving back a place: smaller, larger, cancelled, from each state."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.models import Activity
from engage.resident_links import Purpose
from engage.rule_violation import Invalid, StaleEdit, Unknown, WrongState
from events import leaving
from events.access_arranging import arrange
from events.access_asking import Need, detail_of, needs_of
from events.changing_a_place import cancel, change
from events.event_lifecycle import cancel as call_off
from events.models import AccessRequest, Event, Rsvp
from events.place_rules import ChannelUnavailable, EventFull, PartyExceedsCapacity, PartyTooLarge
from events.waitlisting import accept
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_meeting
from tests.makers.places import a_place, as_it_is, by_link, contact_of, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EARLY = dt.timedelta(days=10)


def counters(event: Event) -> tuple[int, int, int]:
    row = Event.objects.get(pk=event.pk)
    return row.seats_taken, row.seats_held, row.waiting


def resized(place: Rsvp, party_size: int) -> Rsvp:
    return change(place.pk, party_size=party_size, now=as_it_is(place).event.starts_at - EARLY)


def test_a_smaller_party_frees_seats_for_those_who_wait() -> None:
    event = a_meeting(capacity=4)
    place = a_place(event, 4)
    first = a_place(event, 2, email="first@mail.example")
    assert resized(place, 2).party_size == 2
    assert as_it_is(first).status == "offered"
    assert counters(event) == (2, 2, 0)
    assert sums_hold(event.pk)


def test_a_larger_party_needs_free_seats_and_nobody_waiting() -> None:
    event = a_meeting(capacity=4)
    place = a_place(event, 2)
    assert resized(place, 4).party_size == 4
    assert counters(event) == (4, 0, 0)
    resized(place, 3)
    waiting = a_place(event, 2)
    with pytest.raises(EventFull):
        resized(place, 4)
    assert as_it_is(place).party_size == 3
    cancel(waiting.pk, by="resident", now=timezone.now())
    assert resized(place, 4).party_size == 4
    assert sums_hold(event.pk)


def test_a_larger_party_than_the_rest_of_the_hall_keeps_its_old_place() -> None:
    event = a_meeting(capacity=4)
    place = a_place(event, 1)
    a_place(event, 2)
    with pytest.raises(EventFull):
        resized(place, 3)
    assert (as_it_is(place).party_size, as_it_is(place).status) == (1, "confirmed")
    with pytest.raises(PartyExceedsCapacity):
        resized(place, 5)
    with pytest.raises(PartyTooLarge):
        resized(place, 7)
    assert sums_hold(event.pk)


def test_an_offered_place_shrinks_and_does_not_grow() -> None:
    event = a_meeting(capacity=4)
    holder = a_place(event, 4)
    first, second = (a_place(event, 3, email=f"{name}@mail.example") for name in ("a", "b"))
    cancel(holder.pk, by="resident", now=event.starts_at - EARLY)
    with pytest.raises(EventFull):
        resized(first, 4)
    assert counters(event) == (0, 3, 1)
    resized(first, 1)
    assert (as_it_is(first).status, as_it_is(first).party_size) == ("offered", 1)
    assert as_it_is(second).status == "offered"
    assert counters(event) == (0, 4, 0)
    assert accept(first.pk, now=event.starts_at - EARLY).party_size == 1
    assert sums_hold(event.pk)


def test_a_waiting_party_keeps_its_number_when_it_shrinks_and_goes_to_the_tail_when_it_grows() -> None:
    event = a_meeting(capacity=2)
    a_place(event, 2)
    first, second = a_place(event, 2), a_place(event, 1)
    assert resized(first, 1).queue_number == 1
    assert resized(first, 2).queue_number == 3
    assert counters(event) == (2, 0, 2)
    assert as_it_is(second).queue_number == 2
    assert sums_hold(event.pk)


def test_a_waiting_party_that_shrinks_to_what_is_free_gets_it() -> None:
    event = a_meeting(capacity=4)
    holder = a_place(event, 4)
    first = a_place(event, 3, email="first@mail.example")
    resized(holder, 3)
    assert as_it_is(first).status == "waitlisted"
    assert resized(first, 1).status == "offered"
    assert sums_hold(event.pk)


def test_whoever_leaves_the_queue_lets_the_next_one_through() -> None:
    event = a_meeting(capacity=4)
    holder = a_place(event, 4)
    blocking, small = a_place(event, 3), a_place(event, 1, email="small@mail.example")
    resized(holder, 3)
    cancel(blocking.pk, by="resident", now=event.starts_at - EARLY)
    assert as_it_is(small).status == "offered"
    assert sums_hold(event.pk)


def test_a_place_given_back_is_given_back_once() -> None:
    event = a_meeting(capacity=4)
    place = a_place(event, 3, needs=[Need("interpreter", "es", "for my mother")])
    for _ in range(2):
        cancel(place.pk, by="resident", now=timezone.now())
    assert counters(event) == (0, 0, 0)
    assert list(Activity.objects.filter(verb="rsvp.cancelled").values_list("data", flat=True)) == [
        {"was": "confirmed", "by": "resident"}
    ]
    assert not AccessRequest.objects.exists()
    with pytest.raises(WrongState):
        resized(place, 1)


def test_what_is_still_to_be_sent_is_stopped_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(leaving, "when_places_go", [lambda ids, now: stopped.append(ids)])
    place = a_place(a_meeting())
    cancel(place.pk, by="staff", actor=a_person(), now=timezone.now())
    assert stopped == [[place.pk]]


def test_a_meeting_that_was_called_off_changes_no_more_places() -> None:
    event = a_meeting()
    place = a_place(event)
    call_off(event, reason="Flooded.", actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        cancel(place.pk, by="resident", now=timezone.now())
    with pytest.raises(WrongState):
        change(place.pk, language="es", now=timezone.now())
    with pytest.raises(Unknown):
        cancel(event.pk, by="resident", now=timezone.now())


def test_language_and_reminders_change_and_each_change_is_one_line_of_the_record() -> None:
    place = a_place(a_meeting(), email="rosa@mail.example")
    now = timezone.now()
    change(place.pk, language="es", remind="none", now=now)
    change(place.pk, language="es", now=now)
    row = as_it_is(place)
    assert (row.language, row.remind, row.edit_version) == ("es", "none", 2)
    lines = Activity.objects.filter(verb="rsvp.changed")
    assert [line.data["fields"] for line in lines] == [["language", "remind"]]
    with pytest.raises(ChannelUnavailable):
        change(place.pk, remind="sms", now=now)
    with pytest.raises(Invalid):
        change(place.pk, language="klingonese", now=now)
    with pytest.raises(StaleEdit):
        change(place.pk, language="en", if_version=1, now=now)


def test_reminders_by_email_need_an_email_address() -> None:
    with pytest.raises(Invalid):
        change(a_place(a_meeting()).pk, remind="email", now=timezone.now())


def test_the_list_of_needs_is_the_whole_list_and_what_stays_keeps_its_progress() -> None:
    agency = an_agency()
    liaison = a_person(agency)
    now = timezone.now()
    place = a_place(
        a_meeting(agency),
        needs=[Need("interpreter", "es"), Need("childcare", detail="two"), Need("captions")],
    )
    for need in needs_of(place):
        arrange(need, actor=liaison, status="arranged", now=now)
    change(
        place.pk,
        needs=[Need("interpreter", "es"), Need("childcare", detail="three"), Need("interpreter", "vi")],
        now=now,
    )
    # Two of one second: their ids tell no order.
    found = sorted((need.kind, need.language, detail_of(need), need.status) for need in needs_of(place))
    assert found == [
        ("childcare", "", "three", "asked"),
        ("interpreter", "es", "", "arranged"),
        ("interpreter", "vi", "", "asked"),
    ]
    version = as_it_is(place).edit_version
    change(
        place.pk,
        needs=[Need("interpreter", "es"), Need("childcare", detail="three"), Need("interpreter", "vi")],
        now=now,
    )
    assert as_it_is(place).edit_version == version
    change(place.pk, needs=[], now=now)
    assert needs_of(place) == []


@pytest.mark.parametrize(
    ("purpose", "proves"), [(Purpose.RSVP_SCREEN, False), (Purpose.RSVP_MAIL, True), (Purpose.REPLY, True)]
)
def test_only_an_act_by_a_mailed_link_proves_the_address(purpose: Purpose, proves: bool) -> None:
    place = a_place(a_meeting(), email="rosa@mail.example")
    access = by_link(place, purpose)
    assert contact_of(place).proven_on is None
    change(place.pk, language="es", access=access, now=timezone.now())
    assert (contact_of(place).proven_on is not None) is proves


def test_accepting_by_the_mailed_link_proves_the_address() -> None:
    event = a_meeting(capacity=1)
    holder = a_place(event)
    first = a_place(event, email="rosa@mail.example")
    cancel(holder.pk, by="resident", now=timezone.now())
    accept(first.pk, access=by_link(first, Purpose.ACCEPT), now=timezone.now())
    assert contact_of(first).proven_on is not None
