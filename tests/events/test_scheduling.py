"""Scheduling and changing: which numbers rise, what stays, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.models import Contact
from engage.refusals import Invalid, StaleEdit, WrongState
from events.event.models import Event
from events.planning.fields import EndsBeforeStart
from events.planning.lifecycle import cancel, end, publish, start
from events.planning.models import AgendaItem
from events.planning.scheduling import (
    CapacityBelowSeatsTaken,
    delete_draft,
    edit,
    schedule,
)
from events.planning.time_reading import AmbiguousTime, NonexistentTime
from events.rsvps.models import Rsvp
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.rsvps import a_full_event, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def change(event: Event, **fields: Any) -> Event:
    return edit(event, actor=None, now=timezone.now(), fields=fields).event


def verbs_about(event: Event) -> list[str]:
    return list(Activity.objects.filter(object_id=event.pk).order_by("id").values_list("verb", flat=True))


def test_a_new_event_is_a_draft_with_its_own_uid_and_instants_from_the_wall() -> None:
    event = a_draft(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00", timezone="America/Denver")
    event.refresh_from_db()
    assert event.status == "draft"
    assert event.uid.startswith(str(event.pk))
    assert event.starts_at == dt.datetime(2027, 7, 15, 0, tzinfo=dt.UTC)
    assert event.local_starts_at == dt.datetime(2027, 7, 14, 18)
    assert verbs_about(event) == ["event.drafted"]


def test_a_listening_session_is_discreet_unless_a_liaison_says_otherwise() -> None:
    assert a_draft(kind="listening_session").discreet
    assert not a_draft(kind="listening_session", discreet=False).discreet
    assert not a_draft().discreet
    assert change(a_draft(), kind="listening_session").discreet


def test_the_end_comes_after_the_start_also_across_zones_and_edits() -> None:
    with pytest.raises(EndsBeforeStart):
        a_draft(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T18:00:00")
    # 18:00 in Chicago is 23:00 UTC: this end only looks later.
    with pytest.raises(EndsBeforeStart):
        a_draft(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00Z")
    event = an_event(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00")
    with pytest.raises(EndsBeforeStart):
        change(event, starts_at="2027-07-15T18:00:00")
    event.refresh_from_db()
    assert event.edit_version == 2


def test_every_trouble_is_told_by_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        a_draft(title="", kind="rave", capacity=0, online_url="javascript:alert(1)", languages=["x" * 40])
    assert {each.field for each in refused.value.errors} >= {
        "title",
        "kind",
        "capacity",
        "online_url",
        "languages",
    }
    with pytest.raises(Invalid):
        a_draft(title="a\x00b")
    with pytest.raises(Invalid) as unknown:
        a_draft(seats_taken=5)
    assert unknown.value.errors[0].code == "unknown_field"
    with pytest.raises(Invalid):
        schedule(agency=an_agency(), actor=None, now=timezone.now(), title="No time")


def test_a_patch_without_a_zone_keeps_the_zone() -> None:
    event = an_event(
        starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00", timezone="America/Denver"
    )
    event = change(event, starts_at="2027-07-15T01:00:00+02:00", ends_at="2027-07-14T20:00:00")
    assert event.timezone == "America/Denver"
    assert event.local_starts_at == dt.datetime(2027, 7, 14, 17)
    event = change(event, timezone="America/Chicago")
    assert event.local_starts_at == dt.datetime(2027, 7, 14, 17)
    assert event.starts_at == dt.datetime(2027, 7, 14, 22, tzinfo=dt.UTC)


def test_each_new_start_is_a_new_schedule_also_when_it_moves_back() -> None:
    event = an_event(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00")
    first = (event.sequence, event.schedule_version, event.edit_version)
    there = change(event, starts_at="2027-07-14T18:15:00")
    back = change(there, starts_at="2027-07-14T18:00:00")
    assert (back.sequence, back.schedule_version, back.edit_version) == tuple(number + 2 for number in first)
    assert back.rescheduled_at is not None
    assert verbs_about(event)[-2:] == ["event.moved", "event.moved"]


def test_a_new_end_or_venue_raises_the_sequence_but_is_no_new_schedule() -> None:
    agency = an_agency()
    event = an_event(agency)
    later = event.local_ends_at + dt.timedelta(minutes=30)
    longer = change(event, ends_at=later.isoformat())
    assert (longer.sequence, longer.schedule_version) == (event.sequence + 1, event.schedule_version)
    moved = change(longer, venue=a_venue(agency))
    assert (moved.sequence, moved.schedule_version) == (event.sequence + 2, event.schedule_version)
    told = Activity.objects.filter(object_id=event.pk).order_by("-id")[0]
    assert (told.verb, told.data["what"]) == ("event.moved", ["place"])


def test_a_new_title_is_an_edit_and_the_same_title_is_nothing() -> None:
    event = an_event()
    same = change(event, title=event.title, starts_at=event.local_starts_at.isoformat())
    assert same.edit_version == event.edit_version
    other = change(event, title="Another title")
    assert (other.edit_version, other.sequence) == (event.edit_version + 1, event.sequence)
    assert verbs_about(event)[-1] == "event.edited"


def test_an_edit_of_what_somebody_else_changed_is_stale() -> None:
    event = an_event()
    change(event, title="First")
    with pytest.raises(StaleEdit):
        edit(event, actor=None, now=timezone.now(), fields={"title": "Second"}, if_version=event.edit_version)


def test_the_capacity_never_falls_below_the_seats_taken_and_says_how_many() -> None:
    event = an_event(capacity=10)
    Event.objects.filter(pk=event.pk).update(seats_taken=6, seats_held=1)
    with pytest.raises(CapacityBelowSeatsTaken) as refused:
        change(event, capacity=6)
    assert refused.value.extra == {"seats_taken": 7}
    assert change(event, capacity=7).capacity == 7


def test_what_was_arranged_is_work_again_and_people_are_kept_longer_when_an_event_moves() -> None:
    event = an_event()
    held = {"agency": event.agency, "event": event, "erase_after": event.ends_at + dt.timedelta(days=30)}
    rsvp = Rsvp.objects.create(**held, status="confirmed", confirmed_at=timezone.now(), checkin_code="A" * 10)
    need = AccessRequest.objects.create(
        **held | {"erase_after": event.ends_at},
        rsvp=rsvp,
        kind="captions",
        status="arranged",
        outcome="Booked",
    )
    contact = Contact.objects.create(
        agency=event.agency, channel="email", scope="event", scope_id=event.pk, sealed_address=b"x", fingerprint=b"y",
        erase_after=event.ends_at,
    )  # fmt: skip
    moved = change(event, starts_at="2030-07-14T18:00:00", ends_at="2030-07-14T19:00:00")
    for row in (rsvp, need, contact):
        row.refresh_from_db()
    assert (need.status, need.outcome) == ("arranging", "")
    assert rsvp.erase_after == contact.erase_after == moved.ends_at + dt.timedelta(days=30)
    assert need.erase_after == moved.ends_at + dt.timedelta(days=7)


def test_doors_and_the_close_of_rsvps_go_along_with_the_start() -> None:
    event = an_event(
        starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00", doors_open_at="2027-07-14T17:30:00",
        rsvp_closes_at="2027-07-14T12:00:00",
    )  # fmt: skip
    moved = change(event, starts_at="2027-07-21T18:00:00", ends_at="2027-07-21T19:00:00")
    week = dt.timedelta(days=7)
    assert event.doors_open_at is not None
    assert event.rsvp_closes_at is not None
    assert (moved.doors_open_at, moved.rsvp_closes_at) == (
        event.doors_open_at + week,
        event.rsvp_closes_at + week,
    )


def test_an_event_that_is_over_keeps_its_time_and_venue_but_not_its_spelling_mistakes() -> None:
    event = an_event()
    now = timezone.now()
    start(event, now=now)
    with pytest.raises(WrongState):
        change(event, starts_at=(event.local_starts_at - dt.timedelta(hours=1)).isoformat())
    end(event, now=now)
    with pytest.raises(WrongState):
        change(event, ends_at=(event.local_ends_at + dt.timedelta(hours=1)).isoformat())
    assert change(event, title="Town hall, east side").title == "Town hall, east side"


def test_another_agencys_things_are_not_there() -> None:
    ours, theirs = an_agency(), an_agency()
    for field, thing in (
        ("dialogue", a_dialogue(theirs)),
        ("venue", a_venue(theirs)),
        ("communities", [a_community(theirs)]),
        ("dialogue", "not-a-uuid"),
        ("partners", ["nobody"]),
    ):
        with pytest.raises(Invalid) as refused:
            a_draft(ours, **{field: thing})
        assert [(each.field, each.code) for each in refused.value.errors] == [(field, "not_found")]


def test_links_and_the_agenda_are_part_of_the_same_act() -> None:
    agency = an_agency()
    community, dialogue = a_community(agency), a_dialogue(agency)
    event = a_draft(
        agency, communities=[community.pk], dialogue=str(dialogue.pk), partners=[an_agency().slug],
        agenda=["Welcome", {"title": "Questions", "minutes": 40}],
    )  # fmt: skip
    assert event.dialogue == dialogue
    assert list(event.communities.all()) == [community]
    assert list(AgendaItem.objects.values_list("title", "minutes")) == [("Welcome", None), ("Questions", 40)]
    with pytest.raises(Invalid):
        change(event, agenda=[{"title": ""}])
    assert AgendaItem.objects.count() == 2


def test_only_a_draft_can_be_deleted() -> None:
    draft, event = a_draft(agenda=["Welcome"]), an_event()
    delete_draft(draft, actor=None, now=timezone.now())
    assert not Event.objects.filter(pk=draft.pk).exists()
    with pytest.raises(WrongState):
        delete_draft(event, actor=None, now=timezone.now())


def test_a_time_in_the_hour_that_autumn_repeats_needs_to_be_said() -> None:
    when = {"starts_at": "2027-11-07T01:30:00", "ends_at": "2027-11-07T04:00:00"}
    with pytest.raises(AmbiguousTime):
        a_draft(**when)
    assert a_draft(**when, fold=1).starts_at.hour == 7
    with pytest.raises(NonexistentTime):
        a_draft(starts_at="2027-03-14T02:30:00", ends_at="2027-03-14T04:00:00")


def test_a_cancelled_event_cannot_be_moved() -> None:
    event = an_event()
    cancel(event, reason="The hall is flooded", actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        change(event, ends_at=(event.local_ends_at + dt.timedelta(hours=1)).isoformat())
    with pytest.raises(WrongState):
        publish(event, actor=None, now=timezone.now())


def test_more_seats_go_to_those_who_wait_in_the_same_act() -> None:
    event, _holders, (first, second) = a_full_event(1, 1, capacity=1)
    change(event, capacity=2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status in {"offered", "confirmed"}, second.status) == (True, "waitlisted")
    change(event, capacity=None)
    second.refresh_from_db()
    assert second.status in {"offered", "confirmed"}
    assert sums_hold(event.pk)


def test_a_language_is_a_tag_and_no_path() -> None:
    for wrong in (
        {"languages": ["../../etc"]},
        {"translations": {"e s": {"title": "Hola"}}},
        {"translations": []},
    ):
        with pytest.raises(Invalid):
            a_draft(**wrong)
    assert a_draft(languages=["es", "zh-Hant"], translations={"es": {"title": "Reunión"}}).languages == [
        "es",
        "zh-Hant",
    ]
