"""What staff read about messages is about days that are over, and stays as it was whatever a resident does now."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from engage.models import Activity
from engage.resident_links import Purpose, mint
from events.models import Event, Rsvp
from outreach import delivery_kinds as kinds
from outreach.models import Delivery
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import a_meeting
from tests.makers.places import a_place

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def a_message(place: Rsvp, kind: str, *, days_ago: float, state: str = "sent") -> Delivery:
    when = timezone.now() - dt.timedelta(days=days_ago)
    return Delivery.objects.create(
        agency=place.agency, event=place.event, contact=place.email_contact, kind=kind, state=state,
        occasion=f"{kind}:{days_ago}", created_at=when, settled_at=None if state == "due" else when,
    )  # fmt: skip


def counted(event: Event, /, **asked: Any) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = api_of(event.agency).get(f"/deliveries/?{query}")
    assert answer.status_code == 200
    return [
        {name: row[name] for name in ("kind", "state", "number")} | {"mine": row["event"] == str(event.pk)}
        for row in answer.json()["results"]
    ]


def test_messages_are_counts_of_days_that_are_over_and_never_rows() -> None:
    event = a_meeting()
    places = [a_place(event, email=f"r{number}@mail.example") for number in range(3)]
    for place in places:
        a_message(place, kinds.REMINDER, days_ago=2)
        a_message(place, kinds.EVENT_MOVED, days_ago=0)
        a_message(place, kinds.SUMMARY, days_ago=3, state="due")
    a_message(places[0], kinds.OFFER, days_ago=5, state="failed")
    reminders = {"kind": "reminder", "state": "sent", "number": 3, "mine": True}
    offer = {"kind": "offer", "state": "failed", "number": 1, "mine": True}
    assert counted(event) == [reminders, offer]
    assert counted(event, state="failed") == [offer]
    assert counted(event, kind="reminder", event=event.pk) == [reminders]
    first = api_of(event.agency).get("/deliveries/?page_size=1").json()
    assert len(api_of(event.agency).get(first["next"].partition("/api/v1")[2]).json()["results"]) == 1
    assert set(first["results"][0]) == {"event", "day", "kind", "state", "number"}


@pytest.mark.parametrize("kind", sorted(kinds.ANSWERS_TO_THEMSELVES))
def test_an_answer_to_ones_own_act_is_in_no_count(kind: str) -> None:
    event = a_meeting()
    a_message(a_place(event, email="ana@mail.example"), kind, days_ago=2)
    assert counted(event) == []


def test_every_kind_of_message_is_either_counted_or_an_answer_to_ones_own_act() -> None:
    assert set(kinds.LANE) == kinds.CAUSED_BY_US | kinds.ANSWERS_TO_THEMSELVES
    assert not kinds.CAUSED_BY_US & kinds.ANSWERS_TO_THEMSELVES


@pytest.mark.parametrize("act", ["erase", "cancel"])
def test_what_was_counted_stays_counted_when_somebody_goes(act: str) -> None:
    event = a_meeting()
    stays, goes = (a_place(event, email=f"{name}@mail.example") for name in ("bo", "ana"))
    for place in (stays, goes):
        a_message(place, kinds.REMINDER, days_ago=2)
    a_message(goes, kinds.EVENT_MOVED, days_ago=3, state="due")
    before = counted(event)
    assert before == [{"kind": "reminder", "state": "sent", "number": 2, "mine": True}]
    link = _mailed(goes)
    answer = (
        the_public().post(f"/rsvps/{link}/erase/")
        if act == "erase"
        else the_public().delete(f"/rsvps/{link}/")
    )
    assert answer.status_code == 204
    assert counted(event) == before


def _mailed(place: Rsvp) -> str:

    return mint(Purpose.RSVP_MAIL, place.pk, place.link_version)


def test_another_agencys_counts_are_not_there() -> None:
    event = a_meeting()
    a_message(a_place(event, email="ana@mail.example"), kinds.REMINDER, days_ago=2)
    assert api_of(an_agency()).get("/deliveries/").json()["results"] == []


@pytest.mark.parametrize("kind", ["liaison", "leader", "admin"])
def test_the_record_that_staff_read_has_no_act_of_a_resident(kind: str) -> None:
    event = a_meeting()
    api = api_of(event.agency, kind)
    begun = timezone.now()
    place = a_place(event, email="ana@mail.example")
    the_public().post(f"/events/{event.pk}/rsvps/resend/", {"email": "ana@mail.example"})
    the_public().post("/subscriptions/", {"agency": event.agency.slug, "email": "ana@mail.example"})
    the_public().delete(f"/rsvps/{_mailed(place)}/")
    acts = {one.verb.partition(".")[0] for one in Activity.objects.filter(at__gte=begun)}
    assert acts >= {"rsvp", "subscription"}
    shown = api.get("/activity/").json()["results"]
    assert {row["verb"].partition(".")[0] for row in shown} <= {"event", "token"}
    for asked in (f"object_id={place.pk}", "verb=rsvp.made", "object_type=rsvp", "object_type=subscription"):
        assert api.get(f"/activity/?{asked}").json()["results"] == []


def test_the_record_can_be_read_since_a_moment() -> None:
    event = a_meeting()
    api = api_of(event.agency)
    assert api.get("/activity/?since=2020-01-01T00:00:00Z").json()["results"]
    assert api.get("/activity/?since=2120-01-01T00:00:00Z").json()["results"] == []


def test_the_machine_that_watches_is_told_nothing_by_event() -> None:
    event = a_meeting()
    a_message(a_place(event, email="ana@mail.example"), kinds.LINK_AGAIN, days_ago=1, state="due")
    told = the_public(address="127.0.0.1").client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    assert "engage_deliveries_open" in told
    assert str(event.pk) not in told
    assert {label for line in told.splitlines() for label in re.findall(r"(\w+)=\"", line)} <= {
        "method", "route", "status", "speed", "state", "version", "implementation", "major", "minor", "patchlevel", "lane",
        "reason", "le", "kind", "round", "quantile", "generation",
    }  # fmt: skip
