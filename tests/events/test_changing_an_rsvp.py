"""Changing and giving back a place: smaller, larger, cancelled, from each state."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose
from engage.refusals import Invalid, StaleEdit, Unknown, WrongState
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.rsvps import leaving
from events.rsvps.changing import cancel, change
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need, detail_of, needs_of
from events.rsvps.needs.models import AccessRequest
from events.rsvps.parties import EventFull
from events.rsvps.rules import ChannelUnavailable, PartyExceedsCapacity, PartyTooLarge
from events.rsvps.waitlisting import accept
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, as_it_is, by_link, contact_of, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EARLY = dt.timedelta(days=10)


def counters(event: Event) -> tuple[int, int, int]:
    row = Event.objects.get(pk=event.pk)
    return row.seats_taken, row.seats_held, row.waiting


def resized(rsvp: Rsvp, party_size: int) -> Rsvp:
    return change(rsvp.pk, party_size=party_size, now=as_it_is(rsvp).event.starts_at - EARLY)


def test_a_smaller_party_frees_seats_for_those_who_wait() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 4)
    first = an_rsvp(event, 2, email="first@mail.example")
    assert resized(rsvp, 2).party_size == 2
    assert as_it_is(first).status == "offered"
    assert counters(event) == (2, 2, 0)
    assert sums_hold(event.pk)


def test_a_larger_party_needs_free_seats_and_nobody_waiting() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 2)
    assert resized(rsvp, 4).party_size == 4
    assert counters(event) == (4, 0, 0)
    resized(rsvp, 3)
    waiting = an_rsvp(event, 2)
    with pytest.raises(EventFull):
        resized(rsvp, 4)
    assert as_it_is(rsvp).party_size == 3
    cancel(waiting.pk, by="resident", now=timezone.now())
    assert resized(rsvp, 4).party_size == 4
    assert sums_hold(event.pk)


def test_a_larger_party_than_the_rest_of_the_hall_keeps_its_old_rsvp() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 1)
    an_rsvp(event, 2)
    with pytest.raises(EventFull):
        resized(rsvp, 3)
    assert (as_it_is(rsvp).party_size, as_it_is(rsvp).status) == (1, "confirmed")
    with pytest.raises(PartyExceedsCapacity):
        resized(rsvp, 5)
    with pytest.raises(PartyTooLarge):
        resized(rsvp, 7)
    assert sums_hold(event.pk)


def test_an_offered_rsvp_shrinks_and_does_not_grow() -> None:
    event = an_event(capacity=4)
    holder = an_rsvp(event, 4)
    first, second = (an_rsvp(event, 3, email=f"{name}@mail.example") for name in ("a", "b"))
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
    event = an_event(capacity=2)
    an_rsvp(event, 2)
    first, second = an_rsvp(event, 2), an_rsvp(event, 1)
    assert resized(first, 1).queue_number == 1
    assert resized(first, 2).queue_number == 3
    assert counters(event) == (2, 0, 2)
    assert as_it_is(second).queue_number == 2
    assert sums_hold(event.pk)


def test_a_waiting_party_that_shrinks_to_what_is_free_gets_it() -> None:
    event = an_event(capacity=4)
    holder = an_rsvp(event, 4)
    first = an_rsvp(event, 3, email="first@mail.example")
    resized(holder, 3)
    assert as_it_is(first).status == "waitlisted"
    assert resized(first, 1).status == "offered"
    assert sums_hold(event.pk)


def test_whoever_leaves_the_queue_lets_the_next_one_through() -> None:
    event = an_event(capacity=4)
    holder = an_rsvp(event, 4)
    blocking, small = an_rsvp(event, 3), an_rsvp(event, 1, email="small@mail.example")
    resized(holder, 3)
    cancel(blocking.pk, by="resident", now=event.starts_at - EARLY)
    assert as_it_is(small).status == "offered"
    assert sums_hold(event.pk)


def test_an_rsvp_given_back_is_given_back_once() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 3, needs=[Need("interpreter", "es", "for my mother")])
    for _ in range(2):
        cancel(rsvp.pk, by="resident", now=timezone.now())
    assert counters(event) == (0, 0, 0)
    assert list(Activity.objects.filter(verb="rsvp.cancelled").values_list("data", flat=True)) == [
        {"was": "confirmed", "by": "resident"}
    ]
    assert not AccessRequest.objects.exists()
    with pytest.raises(WrongState):
        resized(rsvp, 1)


def test_what_is_still_to_be_sent_is_stopped_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(leaving, "when_rsvps_go", [lambda ids, now: stopped.append(ids)])
    rsvp = an_rsvp(an_event())
    cancel(rsvp.pk, by="staff", actor=a_person(), now=timezone.now())
    assert stopped == [[rsvp.pk]]


def test_an_event_that_was_called_off_changes_no_more_rsvps() -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    call_off(event, reason="Flooded.", actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        cancel(rsvp.pk, by="resident", now=timezone.now())
    with pytest.raises(WrongState):
        change(rsvp.pk, language="es", now=timezone.now())
    with pytest.raises(Unknown):
        cancel(event.pk, by="resident", now=timezone.now())


def test_language_and_reminders_change_and_each_change_is_one_line_of_the_record() -> None:
    rsvp = an_rsvp(an_event(), email="rosa@mail.example")
    now = timezone.now()
    change(rsvp.pk, language="es", remind="none", now=now)
    change(rsvp.pk, language="es", now=now)
    row = as_it_is(rsvp)
    assert (row.language, row.remind, row.edit_version) == ("es", "none", 2)
    lines = Activity.objects.filter(verb="rsvp.changed")
    assert [line.data["fields"] for line in lines] == [["language", "remind"]]
    with pytest.raises(ChannelUnavailable):
        change(rsvp.pk, remind="sms", now=now)
    with pytest.raises(Invalid):
        change(rsvp.pk, language="klingonese", now=now)
    with pytest.raises(StaleEdit):
        change(rsvp.pk, language="en", if_version=1, now=now)


def test_reminders_by_email_need_an_email_address() -> None:
    with pytest.raises(Invalid):
        change(an_rsvp(an_event()).pk, remind="email", now=timezone.now())


def test_the_list_of_needs_is_the_whole_list_and_what_stays_keeps_its_progress() -> None:
    agency = an_agency()
    liaison = a_person(agency)
    now = timezone.now()
    rsvp = an_rsvp(
        an_event(agency),
        needs=[Need("interpreter", "es"), Need("childcare", detail="two"), Need("captions")],
    )
    for need in needs_of(rsvp):
        arrange(need, actor=liaison, status="arranged", now=now)
    change(
        rsvp.pk,
        needs=[Need("interpreter", "es"), Need("childcare", detail="three"), Need("interpreter", "vi")],
        now=now,
    )
    # Two of one second: their ids tell no order.
    found = sorted((need.kind, need.language, detail_of(need), need.status) for need in needs_of(rsvp))
    assert found == [
        ("childcare", "", "three", "asked"),
        ("interpreter", "es", "", "arranged"),
        ("interpreter", "vi", "", "asked"),
    ]
    version = as_it_is(rsvp).edit_version
    change(
        rsvp.pk,
        needs=[Need("interpreter", "es"), Need("childcare", detail="three"), Need("interpreter", "vi")],
        now=now,
    )
    assert as_it_is(rsvp).edit_version == version
    change(rsvp.pk, needs=[], now=now)
    assert needs_of(rsvp) == []


@pytest.mark.parametrize(
    ("purpose", "proves"), [(Purpose.RSVP_SCREEN, False), (Purpose.RSVP_MAIL, True), (Purpose.ACCEPT, True)]
)
def test_only_an_act_by_a_mailed_link_proves_the_address(purpose: Purpose, proves: bool) -> None:
    rsvp = an_rsvp(an_event(), email="rosa@mail.example")
    reach = by_link(rsvp, purpose)
    assert contact_of(rsvp).proven_on is None
    change(rsvp.pk, language="es", reach=reach, now=timezone.now())
    assert (contact_of(rsvp).proven_on is not None) is proves


def test_accepting_by_the_mailed_link_proves_the_address() -> None:
    event = an_event(capacity=1)
    holder = an_rsvp(event)
    first = an_rsvp(event, email="rosa@mail.example")
    cancel(holder.pk, by="resident", now=timezone.now())
    accept(first.pk, reach=by_link(first, Purpose.ACCEPT), now=timezone.now())
    assert contact_of(first).proven_on is not None
