"""An RSVP from the first POST to its erasing, and what its links may do."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.listening.models import ContributionIntake
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import a_draft, an_event
from tests.makers.worlds import saved_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Without BEGIN, COMMIT and savepoints."""
    plumbing = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [one["sql"] for one in queries.captured_queries if not one["sql"].startswith(plumbing)]


def test_an_rsvp_is_saved_without_a_name() -> None:
    event = an_event()
    answer = the_public().post(f"/events/{event.pk}/rsvps/")
    assert answer.status_code == 201, answer.content
    rsvp = answer.json()
    assert (rsvp["status"], rsvp["waitlist_position"], rsvp["party_size"]) == ("confirmed", None, 1)
    assert rsvp["manage_url"].endswith(f"/r/{rsvp['manage_token']}")
    assert rsvp["calendar_url"].endswith(".ics")
    assert rsvp["question_received"] is False
    assert len(rsvp["checkin_code"]) == 10


def test_a_full_event_waitlists_unless_the_caller_wants_a_seat_or_nothing() -> None:
    event = an_event(capacity=1)
    public, path = the_public(), f"/events/{event.pk}/rsvps/"
    assert public.post(path).json()["status"] == "confirmed"
    waiting = [public.post(path).json()["waitlist_position"] for _ in range(3)]
    assert waiting == [1, 2, 3]
    refused = public.post(path, {"waitlist": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "event_full")
    shown = public.get(f"/events/{event.pk}/").json()
    assert (shown["seats_taken"], shown["seats_left"], shown["waitlist_count"]) == (1, 0, 3)


def test_a_known_address_gets_the_same_kind_of_answer_as_an_unknown_one() -> None:
    event = an_event()
    public, path = the_public(), f"/events/{event.pk}/rsvps/"
    first = public.post(path, {"email": "resident@mail.example"})
    second = public.post(path, {"email": "Resident@mail.example"})
    assert first.status_code == second.status_code == 201
    assert first.json().keys() == second.json().keys()
    assert first.json()["id"] != second.json()["id"]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"party_size": 7}, "party_too_large", "/party_size"),
        ({"party_size": 6}, "party_exceeds_capacity", "/party_size"),
        ({"remind": "sms", "phone": "+1 202 555 0123"}, "channel_unavailable", "/remind"),
        ({"email": "nonsense"}, "invalid", "/email"),
        ({"access_requests": [{"kind": "interpreter"}]}, "invalid", "/access_requests/0/language"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    body: dict[str, object], code: str, pointer: str
) -> None:
    event = an_event(capacity=5)
    answer = the_public().post(f"/events/{event.pk}/rsvps/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not Rsvp.objects.exists()


def test_an_rsvp_sent_twice_is_one_rsvp_with_one_answer() -> None:
    event, key = an_event(), str(uuid.uuid4())
    body = {"email": "resident@mail.example", "question": "May I say no?"}
    public, path = the_public(), f"/events/{event.pk}/rsvps/"
    first = public.post(path, body, Idempotency_Key=key)
    again = public.post(path, body, Idempotency_Key=key)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert Rsvp.objects.count() == 1
    assert ContributionIntake.objects.count() == 1
    assert public.post(path, body | {"party_size": 2}, Idempotency_Key=key).status_code == 422


def test_an_rsvp_costs_few_statements() -> None:
    event, public = an_event(), the_public()
    path = f"/events/{event.pk}/rsvps/"
    public.post(path)
    with CaptureQueriesContext(connection) as plain:
        assert public.post(path, {"email": "one@mail.example"}).status_code == 201
    assert len(statements(plain)) <= 5, statements(plain)
    body = {
        "email": "two@mail.example", "question": "Why?", "access_requests": [{"kind": "wheelchair"}, {"kind": "captions"}],
    }  # fmt: skip
    with CaptureQueriesContext(connection) as full:
        assert public.post(path, body, Idempotency_Key=str(uuid.uuid4())).status_code == 201
    assert len(statements(full)) <= 9, statements(full)


def test_an_anonymous_question_is_taken_in_without_a_look_at_who_is_signed_in() -> None:
    agency = an_agency()
    event, liaison = an_event(agency), api_of(agency)
    with CaptureQueriesContext(connection) as queries:
        answer = liaison.post(f"/events/{event.pk}/rsvps/", {"question": "Who reads the videos?"})
    assert answer.json()["question_received"] is True
    assert not [one for one in statements(queries) if "engage_accesstoken" in one]
    assert Rsvp.objects.get().source == "api"


def test_a_draft_and_a_staff_event_are_not_there_for_the_public() -> None:
    agency = an_agency()
    for event in (a_draft(agency), an_event(agency, audience="staff")):
        assert the_public().post(f"/events/{event.pk}/rsvps/").status_code == 404
    assert api_of(agency).post(f"/events/{event.pk}/rsvps/").status_code == 201


def test_a_resident_changes_cancels_and_is_forgotten_by_link() -> None:
    event, public = an_event(), the_public()
    body = {
        "email": "resident@mail.example",
        "name": "Ana",
        "access_requests": [{"kind": "childcare", "detail": "two"}],
    }
    token = public.post(f"/events/{event.pk}/rsvps/", body).json()["manage_token"]
    path = f"/rsvps/{token}/"
    mine = public.get(path).json()
    assert mine["access_requests"][0]["detail"] == "two"
    assert mine["event"]["id"] == str(event.pk)
    changed = public.patch(path, {"party_size": 3, "language": "es", "access_requests": []}).json()
    assert (changed["party_size"], changed["language"], changed["access_requests"]) == (3, "es", [])
    assert public.get(f"{path}data/").json()["rsvps"][0]["name"] == "Ana"
    assert public.delete(path).status_code == 204
    assert public.get(path).json()["status"] == "cancelled"
    assert public.post(f"{path}erase/").status_code == 204
    assert public.get(path).status_code == 404
    assert not Contact.objects.exists()


def test_a_screen_link_cannot_say_not_me_and_a_calendar_link_opens_nothing() -> None:
    rsvp = saved_rsvp(an_event(), email="resident@mail.example")
    screen = mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    assert the_public().post(f"/rsvps/{screen}/not-me/").status_code == 404
    for purpose in (Purpose.CALENDAR, Purpose.UNSUBSCRIBE, Purpose.ACCEPT):
        other = mint(purpose, rsvp.pk, rsvp.link_version)
        assert the_public().get(f"/rsvps/{other}/").status_code == 404


def test_looking_at_a_link_changes_nothing() -> None:
    rsvp = saved_rsvp(an_event(), email="resident@mail.example")
    path = f"/rsvps/{mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)}/"
    for method in ("GET", "HEAD", "OPTIONS"):
        with CaptureQueriesContext(connection) as queries:
            the_public().send(method, path)
        written = [one for one in statements(queries) if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == []


def test_send_me_my_link_again_says_the_same_to_everybody() -> None:
    event = an_event()
    saved_rsvp(event, email="known@mail.example")
    path = f"/events/{event.pk}/rsvps/resend/"
    known = the_public().post(path, {"email": "known@mail.example"})
    unknown = the_public().post(path, {"email": "unknown@mail.example"})
    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content == b""


def test_staff_see_rsvps_and_a_name_only_one_at_a_time_with_a_purpose() -> None:
    agency = an_agency()
    event, liaison = an_event(agency), api_of(agency)
    rsvp = saved_rsvp(event, email="resident@mail.example", name="Ana Secret")
    listed = liaison.get(f"/events/{event.pk}/rsvps/")
    assert b"resident@" not in listed.content
    assert b"Ana" not in listed.content
    path = f"/events/{event.pk}/rsvps/{rsvp.pk}/reveal/"
    assert liaison.post(path, {}).status_code == 400
    shown = liaison.post(path, {"purpose": "call_back"}).json()
    assert (shown["name"], shown["email"]) == ("Ana Secret", "resident@mail.example")
    token = mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)
    reads = the_public().get(f"/rsvps/{token}/data/").json()["reads"]
    assert [one["purpose"] for one in reads] == ["call_back"]
