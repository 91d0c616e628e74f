"""What every endpoint has in common: problems, unknown names, entity tags, retries, paging, hostile bodies."""

from __future__ import annotations

import io
import time
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from api.problem_details import answer_for
from engage.agencies.models import Agency
from events.event.models import Event
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import a_draft, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EVENT = {
    "title": "Town hall",
    "starts_at": "2027-03-12T18:00:00",
    "ends_at": "2027-03-12T19:30:00",
    "timezone": "America/Chicago",
}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["code"] == code, document
    assert set(document) >= {"type", "title", "status", "detail", "code", "errors"}
    return document


def test_an_unknown_field_is_refused_and_pointed_at() -> None:
    liaison = api_of(an_agency())
    answer = liaison.post("/events/", EVENT | {"seats_taken": 7, "status": "published"})
    document = is_problem(answer, 400, "invalid")
    assert {(one["pointer"], one["code"]) for one in document["errors"]} == {
        ("/seats_taken", "unknown_field"),
        ("/status", "unknown_field"),
    }


def test_a_fault_deep_inside_is_pointed_at() -> None:
    event = an_event()
    body = {"access_requests": [{"kind": "wheelchair"}, {"kind": "sauna"}], "party_size": "2"}
    document = is_problem(the_public().post(f"/events/{event.pk}/rsvps/", body), 400, "invalid")
    assert {one["pointer"] for one in document["errors"]} == {"/access_requests/1/kind", "/party_size"}


def test_an_item_of_a_list_needs_in_a_patch_what_it_needs_in_a_post() -> None:
    agency = an_agency()
    event = an_event(agency)
    document = is_problem(
        api_of(agency).patch(f"/events/{event.pk}/", {"agenda": [{"minutes": 5}]}), 400, "invalid"
    )
    assert [(one["pointer"], one["code"]) for one in document["errors"]] == [("/agenda/0/title", "required")]


def test_an_unknown_query_parameter_is_refused() -> None:
    document = is_problem(the_public().get("/events/?colour=blue"), 400, "invalid")
    assert document["errors"][0]["pointer"] == "/colour"
    is_problem(the_public().get("/events/?page_size=201"), 400, "invalid")
    is_problem(the_public().get("/events/?cursor=bm9uc2Vuc2U"), 400, "cursor_invalid")


def test_what_is_not_there_is_a_problem_document_too() -> None:
    is_problem(the_public().get("/nothing/"), 404, "not_found")
    is_problem(the_public().get(f"/events/{uuid.uuid4()}/"), 404, "not_found")
    is_problem(the_public().send("TRACE", "/events/"), 405, "method_not_allowed")
    assert the_public().get("/events/not-an-id/").status_code == 404


def test_without_a_sign_in_it_is_401_and_with_a_wrong_one_too() -> None:
    is_problem(the_public().get("/me/"), 401, "not_authenticated")
    answer = the_public().get("/me/", Authorization="Bearer engage_nonsense")
    is_problem(answer, 401, "authentication_failed")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_pages_go_forth_and_back_without_a_gap() -> None:
    agency = an_agency()
    for day in range(1, 8):
        an_event(agency, starts_at=f"2027-05-0{day}T18:00:00", ends_at=f"2027-05-0{day}T19:00:00")
    public = the_public()
    path = f"/events/?agency={agency.slug}&page_size=3"
    first = public.get(path).json()
    second = public.get(first["next"].partition("/api/v1")[2]).json()
    third = public.get(second["next"].partition("/api/v1")[2]).json()
    assert [len(page["results"]) for page in (first, second, third)] == [3, 3, 1]
    assert first["previous"] is None
    assert third["next"] is None
    starts = [event["starts_at"] for page in (first, second, third) for event in page["results"]]
    assert starts == sorted(starts)
    back = public.get(third["previous"].partition("/api/v1")[2]).json()
    assert back["results"] == second["results"]
    assert public.get(back["previous"].partition("/api/v1")[2]).json()["results"] == first["results"]


def test_a_cursor_of_one_list_is_refused_by_another() -> None:
    agency = an_agency()
    for _ in range(2):
        an_event(agency)
    following = the_public().get("/events/?page_size=1").json()["next"]
    cursor = following.partition("cursor=")[2]
    is_problem(the_public().get(f"/dialogues/?cursor={cursor}"), 400, "cursor_invalid")


def test_a_stale_edit_is_refused_and_an_rsvp_does_not_make_it_stale() -> None:
    agency = an_agency()
    liaison, event = api_of(agency), an_event(agency)
    path = f"/events/{event.pk}/"
    tag = liaison.get(path)["ETag"]
    assert liaison.get(path, If_None_Match=tag).status_code == 304
    assert the_public().post(f"{path}rsvps/").status_code == 201
    # Something new to read, yet nothing an editor has to look at again.
    assert liaison.get(path, If_None_Match=tag).status_code == 200
    edited = liaison.patch(path, {"title": "New title"}, If_Match=tag)
    assert edited.status_code == 200, edited.content
    is_problem(liaison.patch(path, {"title": "Newer"}, If_Match=tag), 412, "stale")
    assert liaison.patch(path, {"title": "Newer"}, If_Match=edited["ETag"]).status_code == 200
    assert liaison.patch(path, {"title": "Newest"}, If_Match="*").status_code == 200


def test_a_point_of_the_agenda_is_news_of_its_event() -> None:
    agency = an_agency()
    liaison, event = api_of(agency), an_event(agency)
    tag = liaison.get(f"/events/{event.pk}/")["ETag"]
    assert liaison.post(f"/events/{event.pk}/agenda/", {"title": "Welcome"}).status_code == 201
    again = liaison.get(f"/events/{event.pk}/", If_None_Match=tag)
    assert again.status_code == 200
    assert [point["title"] for point in again.json()["agenda"]] == ["Welcome"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"title": ' + b"9" * 5_000 + b"}",
        b'{"capacity": ' + b"9" * 5_000 + b"}",
        b'{"capacity": 1e999}',
        b'{"title": "a\\u0000b"}',
        b'{"a\\u0000b": 1}',
        b'{"title": "\xff\xfe"}',
        b'{"title": "\\ud800"}',
        b'{"capacity": NaN}',
        b'{"capacity": Infinity}',
        b"[]",
        b'"text"',
        b"{",
        b'{"title": {"a": {"b": 1}}}',
        b'{"description": "' + b"x" * 2_000_000 + b'"}',
        b'{"capacity": 99999999999}',
        b'{"communities": [' + b",".join([b'"x"'] * 5_000) + b"]}",
    ],
    ids=range(17),
)
def test_a_hostile_body_is_refused_quickly(body: bytes) -> None:
    liaison = api_of(an_agency())
    begun = time.perf_counter()
    answer = liaison.post("/events/", body)
    assert 400 <= answer.status_code < 500, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    assert time.perf_counter() - begun < 2


def test_50_megabytes_are_refused_before_they_are_read() -> None:
    class Endless(io.RawIOBase):
        """A body that nobody may read to its end."""

        read_so_far = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            self.read_so_far += len(buffer)
            assert self.read_so_far < 1_000_000
            return len(buffer)

    api = the_public()
    answer = api.client.generic(
        "POST", "/api/v1/tokens/", b"", content_type="application/json", CONTENT_LENGTH="52428800",
        **{"wsgi.input": Endless()},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_of_another_media_type_is_refused() -> None:
    api = api_of(an_agency())
    answer = api.client.post("/api/v1/events/", "a=b", content_type="text/plain", **api.headers)
    is_problem(answer, 415, "unsupported_media_type")


def test_the_same_key_gets_the_same_answer_and_does_nothing_twice() -> None:
    liaison = api_of(an_agency())
    key = str(uuid.uuid4())
    first = liaison.post("/events/", EVENT, Idempotency_Key=key)
    again = liaison.post("/events/", EVENT, Idempotency_Key=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    is_problem(
        liaison.post("/events/", EVENT | {"title": "Other"}, Idempotency_Key=key),
        422,
        "idempotency_key_reused",
    )
    is_problem(liaison.post("/events/", EVENT, Idempotency_Key="short"), 400, "idempotency_key_invalid")


def test_a_refused_post_frees_its_key() -> None:
    liaison, key = api_of(an_agency()), str(uuid.uuid4())
    is_problem(
        liaison.post("/events/", EVENT | {"ends_at": EVENT["starts_at"]}, Idempotency_Key=key),
        400,
        "ends_before_start",
    )
    assert liaison.post("/events/", EVENT, Idempotency_Key=key).status_code == 201


def test_a_key_belongs_to_whoever_made_it() -> None:
    agency, key = an_agency(), str(uuid.uuid4())
    one, other = api_of(agency), api_of(agency)
    first = one.post("/events/", EVENT, Idempotency_Key=key).json()["id"]
    assert other.post("/events/", EVENT, Idempotency_Key=key).json()["id"] != first


def test_a_foreign_agency_in_a_body_is_403_and_its_objects_are_404() -> None:
    ours, theirs = an_agency(), an_agency()
    liaison, draft = api_of(ours), a_draft(theirs)
    is_problem(liaison.post("/events/", EVENT | {"agency": theirs.slug}), 403, "forbidden")
    is_problem(liaison.patch(f"/events/{draft.pk}/", {"title": "Mine"}), 404, "not_found")
    published = an_event(theirs)
    is_problem(liaison.patch(f"/events/{published.pk}/", {"title": "Mine"}), 404, "not_found")


def test_a_token_without_the_scope_is_403() -> None:
    agency = an_agency()
    reader = api_of(agency, scopes=["events:read"])
    is_problem(reader.post("/events/", EVENT), 403, "forbidden")
    assert reader.get(f"/events/{a_draft(agency).pk}/").status_code == 200


def test_what_only_the_database_refuses_says_whether_a_value_or_the_state_is_in_the_way() -> None:
    """No rule may be missed that far; where one is, the answer still is not 500, and names the check by its code."""
    event = an_event(an_agency(), capacity=5)
    found = []
    for rows, values in (
        (Agency.objects.filter(pk=event.agency_id), {"smallest_group": 1}),
        (Event.objects.filter(pk=event.pk), {"ends_at": event.starts_at}),
        (Event.objects.filter(pk=event.pk), {"seats_taken": 9}),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.update(**values)
        answer = answer_for(refused.value, {})
        assert answer is not None
        found.append((answer.status_code, answer.data["code"]))
    assert found == [(400, "out_of_bounds"), (400, "ends_before_start"), (409, "event_full")]
