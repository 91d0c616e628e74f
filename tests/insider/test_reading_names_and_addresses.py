"""Whoever reads names and addresses is known to the residents and to the administrator, and no list goes in one go."""

from __future__ import annotations

import datetime as dt
import secrets
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from engage.people.models import Person
from engage.readings import granting, recording
from engage.readings.granting import is_night
from engage.readings.models import ContactRead, ReadingRequest
from engage.readings.recording import READINGS_AN_HOUR
from engage.roles.permissions import viewer_of
from events.event.models import Event
from events.rsvps.models import Rsvp
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import Api, api_for, api_of, the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, page, person_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WHY = {"purpose": "call_back"}
NIGHT, DAY = (dt.datetime(2027, 3, 3, hour, 30, tzinfo=dt.UTC) for hour in (8, 18))


def reveal(api: Api, rsvp: Rsvp, **why: str) -> Any:
    return api.post(f"/events/{rsvp.event_id}/rsvps/{rsvp.pk}/reveal/", why or WHY)


def read_so_many(reader: Person, agency: Agency, number: int, *, minutes_ago: int = 5) -> None:
    when = timezone.now() - dt.timedelta(minutes=minutes_ago)
    ContactRead.objects.bulk_create(
        ContactRead(agency=agency, reader=reader, what="reveal", purpose="call_back", at=when)
        for _turn in range(number)
    )


def shown_to_her(rsvp: Rsvp, more: str = "/data") -> str:
    return text_of(the_public().client.get(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)}{more}"))


def test_an_address_is_spelled_the_same_for_staff_whoever_typed_it_first() -> None:
    """Else whoever types it in capitals, and opens what they typed, reads in small letters that it was there before."""
    event = an_event()
    known = an_rsvp(event, email="ana@mail.example")
    typed = [an_rsvp(event, email=spelled) for spelled in ("ANA@mail.example", "ZOE@mail.example")]
    api = api_of(known.agency)
    shown = [reveal(api, rsvp).json()["email"] for rsvp in typed]
    assert shown == ["ana@mail.example", "zoe@mail.example"]


def test_a_resident_reads_who_read_her_address_when_and_what_for() -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    assert (
        reveal(
            api_for(a_person(rsvp.agency, name="Marco Ruiz"), rsvp.agency, ["rsvps:read"]), rsvp
        ).status_code
        == 200
    )
    told = shown_to_her(rsvp)
    assert "Marco Ruiz" in told
    assert "To call or write back" in told
    reads = (
        the_public()
        .get(f"/rsvps/{mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)}/data/")
        .json()["reads"]
    )
    assert [(one["reader"], one["purpose"], one["what"]) for one in reads] == [
        ("Marco Ruiz", "call_back", "reveal")
    ]


@pytest.mark.parametrize("why", ["x", "To call back.", "door", "", "CALL_BACK"])
def test_a_purpose_is_one_of_the_list_and_the_refusal_names_it(why: str) -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    answer = api_of(rsvp.agency).post(f"/events/{rsvp.event_id}/rsvps/{rsvp.pk}/reveal/", {"purpose": why})
    assert answer.status_code == 400
    (wrong,) = answer.json()["errors"]
    assert wrong["pointer"] == "/purpose"
    assert "call_back" in wrong["detail"]
    assert (
        at_the_desk(rsvp.agency)
        .post(page(rsvp.event, f"rsvps/{rsvp.pk}/reveal"), {"purpose": why})
        .status_code
        == 400
    )
    assert not ContactRead.objects.exists()


def test_after_twenty_in_an_hour_nothing_more_is_opened_by_any_way() -> None:
    event = an_event()
    rsvps = [an_rsvp(event, email=f"r{number}@mail.example", name=f"Guest {number}") for number in range(22)]
    liaison = at_the_desk(event.agency)
    program = api_for(person_of(liaison), event.agency, ["rsvps:read", "rsvps:write"])
    answers = [reveal(program, rsvp) for rsvp in rsvps]
    assert [one.status_code for one in answers] == [200] * READINGS_AN_HOUR + [409, 409]
    refused = answers[-1].json()
    assert refused["code"] == "second_person_needed"
    assert 0 < refused["retry_after"] <= 3600
    assert "r21@" not in answers[-1].content.decode()
    for path in (page(event, f"rsvps/{rsvps[0].pk}/reveal"), page(event, "rsvps/")):
        said = liaison.post(path, WHY, follow=True)
        assert "Ask a second person" in text_of(said)
        assert "Guest 0" not in text_of(said)
    assert ContactRead.objects.count() == READINGS_AN_HOUR


def test_other_events_and_other_keys_of_one_person_share_the_twenty() -> None:
    agency = an_agency()
    marco = a_person(agency)
    keys = [api_for(marco, agency, ["rsvps:read"]) for _turn in range(3)]
    answers = [
        reveal(keys[number % 3], an_rsvp(an_event(agency), email="ana@mail.example"))
        for number in range(READINGS_AN_HOUR + 1)
    ]
    assert [one.status_code for one in answers].count(409) == 1


def test_a_page_of_names_and_a_door_count_like_an_address() -> None:
    event = an_event()
    an_rsvp(event, name="Ana")
    liaison = at_the_desk(event.agency)
    read_so_many(person_of(liaison), event.agency, READINGS_AN_HOUR - 1)
    assert "Ana" in text_of(liaison.post(page(event, "rsvps/"), WHY))
    assert "Ana" not in text_of(liaison.post(page(event, "rsvps/"), WHY, follow=True))
    Event.objects.filter(pk=event.pk).update(
        status="live", starts_at=timezone.now(), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    assert liaison.post(f"/door/{event.pk}/open").status_code == 409


def test_what_was_read_longer_than_an_hour_ago_counts_no_more() -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    marco = a_person(rsvp.agency)
    read_so_many(marco, rsvp.agency, 60, minutes_ago=61)
    assert reveal(api_for(marco, rsvp.agency, ["rsvps:read"]), rsvp).status_code == 200


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_of_thirty_at_once_only_twenty_are_shown() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    marco = a_person(event.agency)
    program = api_for(marco, event.agency, ["rsvps:read"])
    read_so_many(marco, event.agency, READINGS_AN_HOUR - 4)

    def one(_turn: int) -> int:
        try:
            return int(reveal(Api(program.headers["HTTP_AUTHORIZATION"][7:]), rsvp).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(10))) == [200] * 4 + [409] * 6


def asked_for_more(reader: Api) -> str:
    answer = reader.post("/reading-requests/", WHY)
    assert answer.status_code == 201
    return f"/reading-requests/{answer.json()['id']}/grant/"


@pytest.mark.parametrize("kind", ["leader", "admin"])
def test_a_second_persons_yes_opens_twenty_more(kind: str) -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    marco = a_person(rsvp.agency)
    reader = api_for(marco, rsvp.agency, ["rsvps:read"])
    read_so_many(marco, rsvp.agency, READINGS_AN_HOUR)
    assert reveal(reader, rsvp).status_code == 409
    way = asked_for_more(reader)
    # Neither another liaison, nor somebody of another agency, nor a program without a key for it.
    for other in (
        api_of(rsvp.agency),
        api_of(an_agency(), kind),
        api_of(rsvp.agency, kind, scopes=["events:read"]),
    ):
        assert other.post(way).status_code in {403, 404}
    assert reveal(reader, rsvp).status_code == 409
    assert api_of(rsvp.agency, kind).post(way).status_code == 200
    assert api_of(rsvp.agency, kind).post(way).status_code == 409
    answers = [reveal(reader, rsvp).status_code for _turn in range(READINGS_AN_HOUR + 1)]
    assert answers == [200] * READINGS_AN_HOUR + [409]


def test_on_the_desk_somebody_asks_and_a_leader_says_yes() -> None:
    event = an_event()
    liaison, leader = at_the_desk(event.agency, name="Marco"), at_the_desk(event.agency, "leader")
    liaison.post(desk(event.agency, "readings/"), WHY)
    asked = ReadingRequest.objects.get()
    seen = leader.get(desk(event.agency, "readings/"))
    assert "Marco" in text_of(seen)
    leader.post(desk(event.agency, f"readings/{asked.pk}/yes"))
    asked.refresh_from_db()
    assert asked.granted_by == person_of(leader)
    assert at_the_desk(event.agency, "panelist").get(desk(event.agency, "readings/")).status_code == 403


@pytest.mark.parametrize(("when", "code"), [(DAY, "not_at_night"), (NIGHT, "")])
def test_nobody_says_yes_to_themselves_but_once_at_night(when: dt.datetime, code: str) -> None:
    agency = an_agency()
    marco = a_person(agency, "admin")
    a_person(agency)
    assert is_night(agency, when) is not bool(code)
    asked = granting.ask_for_more(agency, reader=marco, purpose="safety", now=when)
    if code:
        with pytest.raises(granting.NotAtNight):
            granting.grant(asked, viewer=viewer_of(marco), now=when)
        return
    granting.grant(asked, viewer=viewer_of(marco), now=when)
    again = granting.ask_for_more(agency, reader=marco, purpose="safety", now=when + dt.timedelta(hours=1))
    with pytest.raises(granting.OnceANight):
        granting.grant(again, viewer=viewer_of(marco), now=when + dt.timedelta(hours=1))


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_of_two_requests_granted_alone_at_the_same_moment_one_has_to_wait() -> None:
    agency = an_agency()
    marco = a_person(agency, "admin")
    names = granting.ask_for_more(agency, reader=marco, purpose="safety", now=NIGHT)
    flood = granting.ask_to_give_back(
        agency, reader=marco, event_id=an_event(agency).pk, flood="0" * 16, now=NIGHT
    )

    def say_yes() -> str:
        try:
            granting.grant(flood, viewer=viewer_of(marco), now=NIGHT)
        except granting.OnceANight as refused:
            return refused.code
        else:
            return "granted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            granting.grant(names, viewer=viewer_of(marco), now=NIGHT)
            other = pool.submit(say_yes)
            wait([other], timeout=0.5)
        assert other.result() == "once_a_night"


def test_what_somebody_read_on_their_own_yes_is_told_to_the_resident_and_the_administrator() -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    marco = a_person(rsvp.agency, name="Marco Ruiz")
    read_so_many(marco, rsvp.agency, READINGS_AN_HOUR)
    now = timezone.now()
    ReadingRequest.objects.create(
        agency=rsvp.agency, reader=marco, purpose="safety", granted_by=marco, granted_at=now
    )
    assert reveal(api_for(marco, rsvp.agency, ["rsvps:read"]), rsvp).status_code == 200
    assert "they said yes to it themselves" in shown_to_her(rsvp)
    told = text_of(at_the_desk(rsvp.agency, "admin").get(desk(rsvp.agency, "office/readings/")))
    assert "Said yes to their own request, with nobody else there" in told


def test_the_administrator_reads_who_read_how_much_and_nothing_about_residents() -> None:
    event = an_event(title="Traffic stops")
    rsvp = an_rsvp(event, email="ana@mail.example", name="Ana Flores")
    reveal(api_for(a_person(event.agency, name="Marco Ruiz"), event.agency, ["rsvps:read"]), rsvp)
    shown = at_the_desk(event.agency, "admin").get(desk(event.agency, "office/readings/"))
    for word in ("Marco Ruiz", "Traffic stops", "To call or write back", "One name and address"):
        assert word in text_of(shown)
    listed = api_of(event.agency, "admin").get("/readings/")
    (row,) = listed.json()["results"]
    assert (row["reader_name"], row["event"], row["purpose"], row["shown"]) == (
        "Marco Ruiz",
        str(event.pk),
        "call_back",
        1,
    )
    for hidden in ("Ana", "ana@mail", str(rsvp.pk), str(rsvp.email_contact_id), rsvp.checkin_code):
        assert hidden not in shown.content.decode()
        assert hidden not in listed.content.decode()
    for kind in ("liaison", "leader"):
        assert api_of(event.agency, kind).get("/readings/").status_code == 403
        assert at_the_desk(event.agency, kind).get(desk(event.agency, "office/readings/")).status_code == 403
    assert api_of(an_agency(), "admin").get("/readings/").json()["results"] == []


@pytest.mark.parametrize("number", [1, 60])
def test_the_page_of_readings_asks_as_few_questions_however_many_there_are(
    number: int, django_assert_max_num_queries: Any
) -> None:
    agency = an_agency()
    read_so_many(a_person(agency), agency, number)
    admin = at_the_desk(agency, "admin")
    with django_assert_max_num_queries(9):
        page_one = admin.get(desk(agency, "office/readings/"))
    assert len(page_one.context["rows"]) == min(number, 50)
    if number > 50:
        rest = admin.get(desk(agency, f"office/readings/?before={page_one.context['next']}"))
        assert len(rest.context["rows"]) == number - 50


@pytest.mark.slow
def test_without_the_limit_a_key_in_a_loop_pulls_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_must_have_some_left", lambda *_asked: [])
    event = an_event()
    program = api_of(event.agency)
    pulled = [
        reveal(program, an_rsvp(event, email=f"{secrets.token_hex(4)}@mail.example")).status_code
        for _turn in range(25)
    ]
    assert pulled == [200] * 25
