"""What was turned by a slip is turned back, by programs: a start, an end, a cancellation; and what asks first says why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose
from events.door.attendance import freeze_totals
from events.event.models import Event
from events.planning.lifecycle import advance_by_clock, cancel, end, mark_reported, start
from events.rsvps.erasing import erase
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.waitlisting import lapse_offers
from tests.events.crowd import all_at_once
from tests.makers.agencies import an_agency
from tests.makers.api_clients import Api, api_of, the_public
from tests.makers.events import a_draft, an_event, begins_at
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, by_link, given_back, states, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
HOUR = dt.timedelta(hours=1)


def at(event: Event, act: str = "") -> str:
    return f"/events/{event.pk}/{act}"


def as_stored(event: Event) -> Event:
    return Event.objects.select_related("agency", "venue").get(pk=event.pk)


def an_hour_ago(event: Event, *, lasting: dt.timedelta = HOUR) -> Event:
    """It began an hour ago, by the rows."""
    begins_at(event, timezone.now().replace(microsecond=0) - HOUR, lasting=lasting)
    return event


def ended_by_the_clock(**fields: Any) -> Event:
    event = an_hour_ago(an_event(**fields), lasting=HOUR - dt.timedelta(minutes=1))
    advance_by_clock(now=timezone.now())
    return as_stored(event)


# --- starting ------------------------------------------------------------------------------------------------------


def test_an_early_start_asks_with_what_everyone_reads_and_takes_the_digest_as_a_yes() -> None:
    event = an_event()
    liaison = api_of(event.agency)
    asked = liaison.post(at(event, "start/"))
    told = asked.json()
    assert (asked.status_code, told["code"]) == (409, "confirm_required")
    assert [one["code"] for one in told["consequences"]] == ["starts_early"]
    assert "Happening now" in told["consequences"][0]["detail"]
    assert as_stored(event).status == "published"
    done = liaison.post(at(event, "start/"), {"confirm": told["confirm"]})
    assert (done.status_code, done.json()["status"]) == (200, "live")


@really_saved
def test_what_follows_has_changed_meanwhile_and_is_asked_anew() -> None:
    event = an_event()
    liaison = api_of(event.agency)
    first = liaison.post(at(event, "start/")).json()["confirm"]
    an_rsvp(event)
    again = liaison.post(at(event, "start/"), {"confirm": first})
    assert (again.status_code, again.json()["code"]) == (409, "confirm_required")
    assert {one["code"]: one["number"] for one in again.json()["consequences"]}["nobody_told"] == 1
    assert liaison.post(at(event, "start/"), {"confirm": again.json()["confirm"]}).status_code == 200


def test_a_yes_to_one_event_is_none_to_another_and_nonsense_is_none_at_all() -> None:
    event = an_event()
    other = an_event(event.agency)
    liaison = api_of(event.agency)
    yes = liaison.post(at(event, "start/")).json()["confirm"]
    for wrong in (yes, "nonsense"):
        assert liaison.post(at(other, "start/"), {"confirm": wrong}).json()["code"] == "confirm_required"
    assert liaison.post(at(other, "start/"), {"confirm": True}).status_code == 400
    assert liaison.post(at(other, "start/"), {"sure": "yes"}).status_code == 400


def test_a_start_is_free_from_two_hours_before_to_the_second() -> None:
    event = an_event()
    liaison = api_of(event.agency)
    begins_at(event, timezone.now() + 2 * HOUR + dt.timedelta(seconds=30))
    assert liaison.post(at(event, "start/")).status_code == 409
    begins_at(event, timezone.now() + 2 * HOUR - dt.timedelta(seconds=1))
    assert liaison.post(at(event, "start/")).json()["status"] == "live"


def test_a_start_is_taken_back_until_the_planned_one_and_the_clock_starts_it_then() -> None:
    event = an_event()
    start(event, now=timezone.now())
    liaison = api_of(event.agency)
    back = liaison.post(at(event, "undo-start/"))
    assert (back.status_code, back.json()["status"]) == (200, "published")
    row = as_stored(event)
    assert (row.started_at, row.sequence) == (None, event.sequence + 2)
    assert "STATUS:CONFIRMED" in row.vevent
    assert Activity.objects.filter(object_id=event.pk, verb="event.start_undone", public=True).count() == 1
    advance_by_clock(now=event.starts_at)
    assert as_stored(event).status == "live"
    late = an_hour_ago(an_event(event.agency), lasting=2 * HOUR)
    advance_by_clock(now=timezone.now())
    refused = liaison.post(at(late, "undo-start/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert (refused.json()["state"], refused.json()["possible"]) == ("live", ["end", "cancel"])


# --- ending --------------------------------------------------------------------------------------------------------


def test_an_end_by_the_clock_is_taken_back_until_a_chosen_time_at_which_the_clock_ends_it_again() -> None:
    event = ended_by_the_clock()
    assert event.status == "ended"
    until = timezone.now().replace(microsecond=0) + 3 * HOUR
    back = api_of(event.agency).post(at(event, "undo-end/"), {"open_until": until.isoformat()})
    assert (back.status_code, back.json()["status"]) == (200, "live")
    assert dt.datetime.fromisoformat(back.json()["open_until"]) == until
    assert as_stored(event).ended_at is None
    assert advance_by_clock(now=until - dt.timedelta(seconds=1))["ended"] == 0
    assert advance_by_clock(now=until)["ended"] == 1


def test_an_end_taken_back_without_a_time_goes_on_until_the_planned_end_or_for_an_hour() -> None:
    early = an_event()
    liaison = api_of(early.agency)
    end(start(early, now=timezone.now()).event, now=timezone.now())
    assert liaison.post(at(early, "undo-end/")).json()["open_until"] is None
    over = ended_by_the_clock(agency=early.agency)
    until = dt.datetime.fromisoformat(liaison.post(at(over, "undo-end/")).json()["open_until"])
    assert abs(until - timezone.now() - HOUR) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hours", "code"), [(-0.5, "out_of_range"), (12.1, "out_of_range"), ("tomorrow", "invalid_time")]
)
def test_a_time_that_is_past_or_beyond_twelve_hours_after_the_end_is_refused_at_its_field(
    hours: Any, code: str
) -> None:
    event = ended_by_the_clock()
    until = hours if isinstance(hours, str) else (timezone.now() + hours * HOUR).isoformat()
    refused = api_of(event.agency).post(at(event, "undo-end/"), {"open_until": until})
    assert refused.status_code == 400
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/open_until", code)]
    assert as_stored(event).status == "ended"


def test_taking_an_end_back_again_and_again_never_reaches_further_than_the_first_time() -> None:
    event = ended_by_the_clock()
    liaison = api_of(event.agency)
    latest = (event.ends_at + 12 * HOUR).isoformat()
    assert liaison.post(at(event, "undo-end/"), {"open_until": latest}).status_code == 200
    end(event, now=timezone.now())
    further = (event.ends_at + 13 * HOUR).isoformat()
    assert liaison.post(at(event, "undo-end/"), {"open_until": further}).status_code == 400
    assert liaison.post(at(event, "undo-end/"), {"open_until": latest}).status_code == 200


@really_saved
def test_door_totals_and_erasure_follow_the_time_until_which_it_is_open() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    an_hour_ago(event, lasting=HOUR - dt.timedelta(minutes=1))
    advance_by_clock(now=timezone.now())
    liaison = api_of(event.agency)
    until = event.ends_at + 11 * HOUR
    assert liaison.post(at(event, "undo-end/"), {"open_until": until.isoformat()}).status_code == 200
    kept = as_it_is(rsvp)
    assert kept.erase_after == until + dt.timedelta(days=event.agency.retention_days)
    assert kept.email_contact is not None
    assert kept.email_contact.erase_after == kept.erase_after
    answer = liaison.post(at(event, "check-ins/"), {"client_id": "d1", "walk_in": True, "party": 1})
    assert answer.status_code == 201
    advance_by_clock(now=until)
    # Twelve hours after the planned end it is not final yet; twelve after that to which it was open it is.
    assert freeze_totals(now=event.ends_at + 13 * HOUR) == 0
    assert freeze_totals(now=until + 12 * HOUR) == 1


def test_an_end_stands_once_it_is_reported_frozen_or_too_long_ago() -> None:
    reported, frozen = ended_by_the_clock(), ended_by_the_clock()
    mark_reported(reported, now=timezone.now())
    Event.objects.filter(pk=frozen.pk).update(totals_frozen_at=timezone.now())
    old = an_event()
    begins_at(old, timezone.now() - 14 * HOUR)
    end(start(old, now=old.starts_at).event, now=old.ends_at)
    for event in (reported, frozen, old):
        refused = api_of(event.agency).post(at(event, "undo-end/"))
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
        assert refused.json()["possible"] == []


def test_an_end_stands_once_what_people_left_is_erased() -> None:
    event = ended_by_the_clock()
    Event.objects.filter(pk=event.pk).update(seats_taken=2)
    long_ago = event.ends_at - dt.timedelta(days=event.agency.retention_days)
    Event.objects.filter(pk=event.pk).update(starts_at=long_ago - HOUR, ends_at=long_ago)
    assert api_of(event.agency).post(at(event, "undo-end/")).status_code == 409


# --- calling off, and back ----------------------------------------------------------------------------------------


@really_saved
def test_a_cancellation_is_taken_back_and_everything_stands_as_it_did() -> None:
    event, holder, (first, second) = a_full_event(2, 1, capacity=2)
    an_rsvp(event, needs=[Need("captions")])
    given_back(holder, timezone.now())
    assert states(holder, first, second) == ["cancelled", "offered", "waitlisted"]
    asked_until = timezone.now() + HOUR
    Rsvp.objects.filter(pk=first.pk).update(offer_expires_at=asked_until)
    AccessRequest.objects.filter(event=event).update(status="arranged")
    liaison = api_of(event.agency)
    version = as_stored(event).schedule_version
    assert liaison.post(at(event, "cancel/"), {"reason": "Flood."}).status_code == 200
    # While it is off nothing lapses, however long that is.
    lapse_offers(now=timezone.now() + dt.timedelta(days=9))
    off = as_stored(event)
    assert "STATUS:CANCELLED" in off.vevent
    back = liaison.post(at(event, "reinstate/"), {"note": "The hall is dry."})
    assert (back.status_code, back.json()["status"]) == (200, "published")
    assert (back.json()["cancelled_reason"], back.json()["sequence"]) == ("", off.sequence + 1)
    row = as_stored(event)
    assert (row.schedule_version, row.reinstated_note) == (version, "The hall is dry.")
    assert "STATUS:CONFIRMED" in row.vevent
    assert states(first, second) == ["offered", "waitlisted"]
    renewed = as_it_is(first).offer_expires_at
    assert renewed
    assert renewed > asked_until
    assert set(AccessRequest.objects.filter(event=event).values_list("status", flat=True)) == {"arranging"}
    assert sums_hold(event.pk)
    assert (
        "STATUS:CONFIRMED" in the_public().client.get(f"/calendars/{event.agency.slug}.ics").content.decode()
    )
    assert Activity.objects.filter(object_id=event.pk, verb="event.reinstated", public=True).count() == 1


@really_saved
def test_who_was_erased_while_it_was_off_makes_room_when_it_is_on() -> None:
    event, holder, (waits,) = a_full_event(2, capacity=2)
    cancel(event, reason="Flood.", actor=None, now=timezone.now())
    erase(by_link(holder, Purpose.RSVP_MAIL), now=timezone.now())
    assert states(waits) == ["waitlisted"]
    assert api_of(event.agency).post(at(event, "reinstate/")).status_code == 200
    assert states(waits) == ["offered"]
    assert sums_hold(event.pk)


@really_saved
def test_called_back_in_the_middle_it_begins_by_the_clock_and_its_offers_last_until_its_end() -> None:
    event, holder, (waits,) = a_full_event(1, capacity=1)
    given_back(holder, timezone.now())
    an_hour_ago(event, lasting=3 * HOUR)
    advance_by_clock(now=timezone.now())
    cancel(event, reason="Alarm.", actor=None, now=timezone.now())
    assert api_of(event.agency).post(at(event, "reinstate/")).status_code == 200
    assert as_it_is(waits).offer_expires_at == event.ends_at
    advance_by_clock(now=timezone.now())
    assert as_stored(event).status == "live"


def test_after_its_planned_end_it_stays_cancelled_and_the_refusal_says_so() -> None:
    event = an_hour_ago(an_event(), lasting=dt.timedelta(minutes=30))
    cancel(event, reason="Flood.", actor=None, now=timezone.now())
    refused = api_of(event.agency).post(at(event, "reinstate/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert (refused.json()["state"], refused.json()["possible"]) == ("cancelled", [])
    assert "planned end has passed" in refused.json()["detail"]


def test_a_note_has_its_length() -> None:
    event = an_event()
    cancel(event, reason="Flood.", actor=None, now=timezone.now())
    liaison = api_of(event.agency)
    for wrong in ("x" * 501, 7):
        assert liaison.post(at(event, "reinstate/"), {"note": wrong}).status_code == 400
    assert as_stored(event).status == "cancelled"


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("draft", ["publish", "delete"]),
        ("published", ["start", "cancel"]),
        ("live", ["end", "cancel", "undo-start"]),
        ("ended", ["undo-end"]),
        ("cancelled", ["reinstate"]),
    ],
)
def test_each_refusal_says_which_state_stands_and_what_can_be_done_now(
    state: str, possible: list[str]
) -> None:
    agency = an_agency()
    event = a_draft(agency) if state == "draft" else an_event(agency)
    if state in {"live", "ended"}:
        start(event, now=timezone.now())
    if state == "ended":
        end(event, now=timezone.now())
    if state == "cancelled":
        cancel(event, reason="Flood.", actor=None, now=timezone.now())
    liaison = api_of(agency)
    bodies: dict[str, Any] = {"cancel": {"reason": "Flood."}}
    acts = {"publish", "start", "end", "cancel", "undo-start", "undo-end", "reinstate"} - set(possible)
    for act in sorted(acts):
        refused = liaison.post(at(event, f"{act}/"), bodies.get(act, {}))
        told = refused.json()
        assert (refused.status_code, told["code"]) == (409, "wrong_state"), act
        assert (told["state"], told["possible"]) == (state, possible), act
        assert told["detail"]


# --- races ---------------------------------------------------------------------------------------------------------


def all_posted(liaison: Api, *paths: str, body: Any = None) -> list[int]:
    """The statuses of requests sent at the same moment."""

    def posting(path: str) -> Any:
        return lambda: Api(address=liaison.address).send(
            "POST", path, body or {}, Authorization=liaison.headers["HTTP_AUTHORIZATION"]
        )

    return sorted(answer.status_code for answer in all_at_once([posting(path) for path in paths], threads=8))


@really_saved
@pytest.mark.parametrize("act", ["undo-start", "undo-end", "reinstate"])
def test_two_presses_at_once_take_it_back_once(act: str) -> None:
    event = an_event()
    if act == "reinstate":
        cancel(event, reason="Flood.", actor=None, now=timezone.now())
    else:
        start(event, now=timezone.now())
    if act == "undo-end":
        end(event, now=timezone.now())
    before = as_stored(event).sequence
    liaison = api_of(event.agency)
    assert all_posted(liaison, *[at(event, f"{act}/")] * 4) == [200, 409, 409, 409]
    assert as_stored(event).sequence == before + 1


@really_saved
def test_an_end_taken_back_beside_the_clocks_round_leaves_it_live_once() -> None:
    for _ in range(4):
        event = ended_by_the_clock()
        liaison = api_of(event.agency)
        acts = [
            lambda: liaison.post(at(event, "undo-end/")).status_code,  # noqa: B023 - run within this turn
            lambda: advance_by_clock(now=timezone.now()),
            lambda: advance_by_clock(now=timezone.now()),
        ]
        assert 200 in all_at_once(acts, threads=3)
        assert as_stored(event).status == "live"


@really_saved
def test_called_back_beside_a_cancellation_one_comes_after_the_other() -> None:
    for _ in range(4):
        event = an_event(capacity=2)
        an_rsvp(event, 2)
        cancel(event, reason="Flood.", actor=None, now=timezone.now())
        liaison = api_of(event.agency)
        acts = [
            lambda: liaison.post(at(event, "reinstate/")).status_code,  # noqa: B023 - run within this turn
            lambda: liaison.post(at(event, "cancel/"), {"reason": "Snow."}).status_code,  # noqa: B023
        ]
        answers = sorted(all_at_once(acts, threads=2))
        row = as_stored(event)
        assert (answers, row.status) in [([200, 200], "cancelled"), ([200, 409], "published")]
        assert sums_hold(event.pk)
