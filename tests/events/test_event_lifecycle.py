"""draft → published → live → ended, or cancelled: by a liaison, or by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.refusals import Invalid, ReasonRequired, Unknown, WrongState
from engage.roles.permissions import NOBODY, viewer_of
from events.event.models import Event
from events.event.permissions import event_visible_to, events_visible_to
from events.planning.lifecycle import TimeToSet, advance_by_clock, cancel, end, mark_reported, publish, start
from events.planning.scheduling import edit
from events.planning.venues import VenueInUse, add_venue, remove_venue
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, a_venue, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC)


def call_off(event: Event, **_more: Any) -> Any:
    return cancel(event, reason="Flood", actor=None, now=NOW)


ACTS: dict[str, Callable[..., Any]] = {
    "publish": lambda event: publish(event, actor=None, now=NOW),
    "start": lambda event: start(event, now=NOW),
    "end": lambda event: end(event, now=NOW),
    "cancel": call_off,
}
ALLOWED = {
    "draft": {"publish"},
    "published": {"start", "cancel"},
    "live": {"end", "cancel"},
    "ended": set(),
    "reported": set(),
    "cancelled": set(),
}


def an_event_that_is(status: str) -> Event:
    event = a_draft()
    for step in {
        "draft": [], "published": ["publish"], "live": ["publish", "start"], "ended": ["publish", "start", "end"],
        "reported": ["publish", "start", "end"], "cancelled": ["publish", "cancel"],
    }[status]:  # fmt: skip
        ACTS[step](event)
    if status == "reported":
        mark_reported(event, now=NOW)
    return Event.objects.get(pk=event.pk)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", ALLOWED)
def test_each_state_allows_its_own_acts_and_refuses_the_rest_without_a_trace(status: str, act: str) -> None:
    event = an_event_that_is(status)
    written = Activity.objects.count()
    if act in ALLOWED[status]:
        changed = ACTS[act](event).event
        assert (changed.sequence, changed.edit_version) == (event.sequence + 1, event.edit_version + 1)
        assert Activity.objects.count() == written + 1
        return
    with pytest.raises(WrongState):
        ACTS[act](event)
    again = Event.objects.get(pk=event.pk)
    assert (again.status, again.sequence, again.vevent) == (event.status, event.sequence, event.vevent)
    assert Activity.objects.count() == written


def test_a_cancellation_needs_a_reason_that_fits() -> None:
    event = an_event()
    for reason in ("", "   \n"):
        with pytest.raises(ReasonRequired):
            cancel(event, reason=reason, actor=None, now=NOW)
    with pytest.raises(Invalid):
        cancel(event, reason="x" * 501, actor=None, now=NOW)
    assert "STATUS:CANCELLED" in cancel(event, reason="Flood", actor=None, now=NOW).event.vevent


def test_publishing_warns_of_what_is_missing_and_hinders_nothing() -> None:
    bare = publish(a_draft(), actor=None, now=timezone.now())
    assert [each.code for each in bare.warnings] == ["no_venue", "no_dialogue", "no_reminder"]
    online = publish(a_draft(format="hybrid"), actor=None, now=timezone.now())
    assert "no_online_link" in [each.code for each in online.warnings]
    late = publish(
        a_draft(starts_at="2020-01-01T18:00:00", ends_at="2020-01-01T19:00:00"), actor=None, now=NOW
    )
    assert "starts_in_the_past" in [each.code for each in late.warnings]


def test_a_notice_without_an_hour_is_not_published_before_somebody_sets_it() -> None:
    event = a_draft()
    Event.objects.filter(pk=event.pk).update(time_to_set=True)
    with pytest.raises(TimeToSet):
        publish(event, actor=None, now=NOW)
    edit(event, actor=None, now=NOW, fields={"starts_at": event.local_starts_at.isoformat()})
    assert publish(event, actor=None, now=NOW).event.status == "published"


def test_the_record_says_publicly_what_happened_to_public_events_only() -> None:
    person = a_person()
    shown, kept = a_draft(), a_draft(audience="staff")
    for event in (shown, kept):
        publish(event, actor=person, now=NOW)
    said = dict(Activity.objects.filter(verb="event.published").values_list("object_id", "public"))
    assert said == {shown.pk: True, kept.pk: False}
    assert Activity.objects.filter(verb="event.published", actor=person, announced_at=None).count() == 2


def test_the_clock_starts_and_ends_what_is_due_at_its_very_instant_and_once() -> None:
    event = an_event(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00")
    second = dt.timedelta(seconds=1)
    assert advance_by_clock(now=event.starts_at - second) == {"started": 0, "ended": 0}
    assert advance_by_clock(now=event.starts_at) == {"started": 1, "ended": 0}
    assert advance_by_clock(now=event.ends_at - second) == {"started": 0, "ended": 0}
    assert advance_by_clock(now=event.ends_at) == {"started": 0, "ended": 1}
    assert advance_by_clock(now=event.ends_at) == {"started": 0, "ended": 0}


def test_after_a_day_without_a_worker_an_event_is_started_and_ended_in_one_go() -> None:
    event = an_event(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00")
    a_draft(starts_at="2027-07-14T18:00:00", ends_at="2027-07-14T19:00:00")
    assert advance_by_clock(now=event.ends_at + dt.timedelta(days=1)) == {"started": 1, "ended": 1}
    assert Event.objects.get(pk=event.pk).status == "ended"


def test_who_sees_which_event() -> None:
    ours, theirs, partner = an_agency(), an_agency(), an_agency()
    made = {
        "draft": a_draft(ours),
        "public": an_event(ours, partners=[partner.slug]),
        "invited": an_event(ours, audience="invited", partners=[partner.slug]),
        "staff": an_event(ours, audience="staff"),
    }
    for viewer, seen in (
        (NOBODY, {"public"}),
        (viewer_of(a_person(theirs)), {"public"}),
        (viewer_of(a_person(partner)), {"public", "invited"}),
        (viewer_of(a_person(ours, "panelist")), {"public", "invited"}),
        (viewer_of(a_person(ours, "liaison")), set(made)),
        (viewer_of(a_person(ours, "leader")), set(made)),
    ):
        visible = set(events_visible_to(viewer).values_list("pk", flat=True))
        assert {name for name, event in made.items() if event.pk in visible} == seen
    with pytest.raises(Unknown):
        event_visible_to(NOBODY, made["staff"].pk)


def test_a_venue_is_removed_only_while_no_event_was_ever_there() -> None:
    agency = an_agency()
    unused, used = a_venue(agency), a_venue(agency)
    a_draft(agency, venue=used)
    remove_venue(unused, actor=None, now=NOW)
    with pytest.raises(VenueInUse):
        remove_venue(used, actor=None, now=NOW)
    for wrong in (
        {"name": ""},
        {"latitude": "1"},
        {"latitude": "91", "longitude": "0"},
        {"doors": 2},
        {"room": "\x00"},
    ):
        with pytest.raises(Invalid):
            add_venue(agency=agency, actor=None, now=NOW, **({"name": "Hall"} | wrong))
