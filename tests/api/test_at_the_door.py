"""The door over the API: once each, in batches that answer item by item, by a liaison or by a device with a session."""

from __future__ import annotations

import pytest

from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import an_event
from tests.makers.worlds import saved_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_arrival_counts_once_however_the_code_is_typed() -> None:
    agency = an_agency()
    event, liaison = an_event(agency), api_of(agency)
    rsvp = saved_rsvp(event, party_size=2)
    code = f" {rsvp.checkin_code[:5]}-{rsvp.checkin_code[5:]} ".lower()
    path = f"/events/{event.pk}/check-ins/"
    first = liaison.post(path, {"client_id": "a", "code": code})
    again = liaison.post(path, {"client_id": "a", "code": code})
    other = liaison.post(path, {"client_id": "b", "rsvp": str(rsvp.pk)})
    assert (first.status_code, first.json()["already_here"], first.json()["party"]) == (201, False, 2)
    assert [(one.status_code, one.json()["already_here"]) for one in (again, other)] == [(200, True)] * 2
    assert liaison.get(f"/events/{event.pk}/attendance/").json()["checked_in"] == 2
    assert liaison.delete(f"{path}a/").status_code == 204
    assert liaison.get(f"/events/{event.pk}/attendance/").json()["checked_in"] == 0


def test_a_batch_answers_each_item_and_loses_none_for_its_neighbour() -> None:
    agency = an_agency()
    event, liaison = an_event(agency), api_of(agency)
    items = [
        {"client_id": "1", "walk_in": True, "party": 3},
        {"client_id": "2", "code": "0000000000"},
        {"client_id": "3"},
        {"client_id": "4", "walk_in": True, "surprise": 1},
        {"client_id": "1", "walk_in": True, "party": 3},
        {"client_id": "5", "walk_in": True, "at": "2027-01-01T18:00:00Z"},
    ]
    answer = liaison.post(f"/events/{event.pk}/check-ins/batch/", {"items": items})
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 404, 400, 400, 200, 201]
    assert [one["client_id"] for one in results] == ["1", "2", "3", "4", "1", "5"]
    assert liaison.get(f"/events/{event.pk}/attendance/").json()["walk_ins"] == 4
    many = [{"client_id": str(number), "walk_in": True} for number in range(1001)]
    assert liaison.post(f"/events/{event.pk}/check-ins/batch/", {"items": many}).status_code == 400


def test_a_device_with_a_session_works_at_its_own_door_and_nowhere_else() -> None:
    agency = an_agency()
    event, other, liaison = an_event(agency), an_event(agency), api_of(agency)
    link = liaison.post(f"/events/{event.pk}/door-links/", {"device": "Tablet"}).json()
    session = the_public().post("/door-sessions/", {"token": link["token"]}).json()["session"]
    device = {"Authorization": f"Door {session}"}
    arrival = {"client_id": "t-1", "walk_in": True}
    assert the_public().post(f"/events/{event.pk}/check-ins/", arrival, **device).status_code == 201
    count = {"device": "Tablet", "count": 12}
    assert the_public().put(f"/events/{event.pk}/head-count/", count, **device).json()["count"] == 12
    assert the_public().post(f"/events/{other.pk}/check-ins/", arrival, **device).status_code == 404
    for path in (f"/events/{event.pk}/rsvps/", "/me/", f"/events/{event.pk}/attendance/"):
        assert the_public().get(path, **device).status_code == 401, path
    assert liaison.delete(f"/events/{event.pk}/door-links/{link['id']}/").status_code == 204
    assert the_public().post(f"/events/{event.pk}/check-ins/", arrival, **device).status_code == 401
