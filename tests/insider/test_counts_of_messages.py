"""What staff read about messages is about days that are over, and stays as it was whatever a resident does now."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from events.event.models import Event
from events.rsvps.models import Rsvp
from outreach.ledger.kinds import every_kind
from outreach.ledger.models import Delivery
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def a_message(rsvp: Rsvp, kind: str, *, days_ago: float, state: str = "sent") -> Delivery:
    when = timezone.now() - dt.timedelta(days=days_ago)
    return Delivery.objects.create(
        agency=rsvp.agency, event=rsvp.event, contact=rsvp.email_contact, kind=kind, state=state,
        occasion=f"{kind}:{days_ago}", created_at=when, settled_at=None if state == "due" else when,
    )  # fmt: skip


def counted(event: Event, /, **asked: Any) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = api_of(event.agency).get(f"/deliveries/?{query}")
    assert answer.status_code == 200
    return [
        {name: row[name] for name in ("kind", "number")} | {"mine": row["event"] == str(event.pk)}
        for row in answer.json()["results"]
    ]


def test_messages_are_counts_of_days_that_are_over_and_never_rows() -> None:
    event = an_event()
    rsvps = [an_rsvp(event, email=f"r{number}@mail.example") for number in range(3)]
    for rsvp in rsvps:
        a_message(rsvp, "reminder", days_ago=2)
        a_message(rsvp, "event_moved", days_ago=0)
    a_message(rsvps[0], "offer", days_ago=5, state="failed")
    reminders = {"kind": "reminder", "number": 3, "mine": True}
    offer = {"kind": "offer", "number": 1, "mine": True}
    assert counted(event) == [reminders, offer]
    assert counted(event, kind="reminder", event=event.pk) == [reminders]
    first = api_of(event.agency).get("/deliveries/?page_size=1").json()
    assert len(api_of(event.agency).get(first["next"].partition("/api/v1")[2]).json()["results"]) == 1
    assert set(first["results"][0]) == {"event", "day", "kind", "number", "state"}


def test_what_became_of_a_letter_is_the_one_word_that_says_nothing() -> None:
    event = an_event()
    for number, state in enumerate(("due", "sent", "failed", "suppressed", "expired", "uncertain")):
        a_message(an_rsvp(event, email=f"r{number}@mail.example"), "reminder", days_ago=2, state=state)
    api = api_of(event.agency)
    all_rows = api.get("/deliveries/").json()["results"]
    assert [(row["number"], row["state"]) for row in all_rows] == [(6, "written")]
    assert api.get("/deliveries/?state=written").json()["results"] == all_rows
    refused = api.get("/deliveries/?state=sent")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/state")


def test_the_schema_says_that_the_state_has_one_value() -> None:
    schema = the_public().get("/schema/").json()
    row = schema["components"]["schemas"]["DeliveryCountAnswer"]["properties"]["state"]
    asked = schema["paths"]["/api/v1/deliveries/"]["get"]["parameters"]
    of_the_filter = next(one["schema"] for one in asked if one["name"] == "state")
    assert row["enum"] == of_the_filter["enum"] == ["written"]


OWN_ACTS = {
    "confirmation", "waitlisted", "place_changed", "place_cancelled", "link_again", "address_changed", "subscription_confirm", "password_reset",
    "access_ended",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(OWN_ACTS))
def test_an_answer_to_ones_own_act_is_in_no_count(kind: str) -> None:
    event = an_event()
    a_message(an_rsvp(event, email="ana@mail.example"), kind, days_ago=2)
    assert counted(event) == []


def test_every_kind_of_message_is_either_counted_or_an_answer_to_ones_own_act() -> None:
    """A new kind fails here, until somebody has seen which of the two it is."""
    counted = {
        "offer", "promoted", "offer_lapsed", "room_too_small", "access_arranged", "access_not_possible", "event_moved",
        "event_cancelled", "event_reinstated", "reminder", "new_meeting", "meeting_moved", "meeting_cancelled", "meeting_reinstated", "summary",
        "commitment_update", "staff_invitation",
    }  # fmt: skip
    assert {kind.name for kind in every_kind() if kind.own_act} == OWN_ACTS
    assert {kind.name for kind in every_kind() if not kind.own_act} == counted


@pytest.mark.parametrize("act", ["erase", "cancel"])
def test_what_was_counted_stays_counted_when_somebody_goes(act: str) -> None:
    event = an_event()
    stays, goes = (an_rsvp(event, email=f"{name}@mail.example") for name in ("bo", "ana"))
    for rsvp in (stays, goes):
        a_message(rsvp, "reminder", days_ago=2)
    a_message(goes, "event_moved", days_ago=3, state="due")
    before = counted(event)
    assert [(row["kind"], row["number"]) for row in before] == [("reminder", 2), ("event_moved", 1)]
    link = _mailed(goes)
    answer = (
        the_public().post(f"/rsvps/{link}/erase/")
        if act == "erase"
        else the_public().delete(f"/rsvps/{link}/")
    )
    assert answer.status_code == 204
    assert counted(event) == before


def _mailed(rsvp: Rsvp) -> str:

    return mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)


def test_another_agencys_counts_are_not_there() -> None:
    event = an_event()
    a_message(an_rsvp(event, email="ana@mail.example"), "reminder", days_ago=2)
    assert api_of(an_agency()).get("/deliveries/").json()["results"] == []


@pytest.mark.parametrize("kind", ["liaison", "leader", "admin"])
def test_the_record_that_staff_read_has_no_act_of_a_resident(kind: str) -> None:
    event = an_event()
    api = api_of(event.agency, kind)
    begun = timezone.now()
    rsvp = an_rsvp(event, email="ana@mail.example")
    the_public().post(f"/events/{event.pk}/rsvps/resend/", {"email": "ana@mail.example"})
    the_public().post("/subscriptions/", {"agency": event.agency.slug, "email": "ana@mail.example"})
    the_public().delete(f"/rsvps/{_mailed(rsvp)}/")
    acts = {one.verb.partition(".")[0] for one in Activity.objects.filter(at__gte=begun)}
    assert acts >= {"rsvp", "subscription"}
    shown = api.get("/activity/").json()["results"]
    assert {row["verb"].partition(".")[0] for row in shown} <= {"event", "token"}
    for asked in (f"object_id={rsvp.pk}", "verb=rsvp.made", "object_type=rsvp", "object_type=subscription"):
        assert api.get(f"/activity/?{asked}").json()["results"] == []


def test_the_record_can_be_read_since_a_moment() -> None:
    event = an_event()
    api = api_of(event.agency)
    assert api.get("/activity/?since=2020-01-01T00:00:00Z").json()["results"]
    assert api.get("/activity/?since=2120-01-01T00:00:00Z").json()["results"] == []


def test_the_machine_that_watches_is_told_nothing_by_event() -> None:
    event = an_event()
    a_message(an_rsvp(event, email="ana@mail.example"), "link_again", days_ago=1, state="due")
    told = the_public(address="127.0.0.1").client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    assert "engage_deliveries_open" in told
    assert str(event.pk) not in told
    assert {label for line in told.splitlines() for label in re.findall(r"(\w+)=\"", line)} <= {
        "method", "route", "status", "speed", "state", "version", "implementation", "major", "minor", "patchlevel", "lane",
        "reason", "le", "kind", "round", "quantile", "generation",
    }  # fmt: skip
