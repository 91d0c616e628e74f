"""Saving a place, as a resident does it and as somebody does it who means harm."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.access import viewer_of
from engage.contact_keeping import address_of
from engage.models import Activity, Contact, ContributionIntake
from engage.rule_violation import Invalid, RuleViolation, Unknown
from events.access import events_visible_to
from events.access_asking import Need, detail_of, needs_of
from events.check_in_codes import ALPHABET
from events.event_lifecycle import cancel, start
from events.guest_names import name_of
from events.models import Audience, Event, Rsvp
from events.place_rules import ChannelUnavailable, EventFull, PartyExceedsCapacity, PartyTooLarge, RsvpClosed
from events.responding import respond
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, a_meeting
from tests.makers.places import a_place, a_response, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_place_is_confirmed_while_a_seat_is_free() -> None:
    event = a_meeting(capacity=3)
    made = a_response(event, 2, name="Rosa", email="rosa@mail.example")
    assert (made.rsvp.status, made.waitlist_position) == ("confirmed", None)
    row = Rsvp.objects.get(pk=made.rsvp.pk)
    assert (row.status, row.queue_number, row.remind, row.language) == ("confirmed", None, "email", "en")
    assert row.confirmed_at == row.created_at
    assert sums_hold(event.pk)


def test_who_comes_too_late_for_a_seat_waits_in_order() -> None:
    event = a_meeting(capacity=1)
    a_place(event)
    waiting = [a_response(event) for _ in range(3)]
    assert [made.waitlist_position for made in waiting] == [1, 2, 3]
    assert [made.rsvp.queue_number for made in waiting] == [1, 2, 3]
    assert sums_hold(event.pk)


def test_nobody_slips_past_those_who_wait() -> None:
    event = a_meeting(capacity=2)
    a_place(event, 1)
    assert a_place(event, 2).status == "waitlisted"
    assert a_place(event, 1).status == "waitlisted"
    assert sums_hold(event.pk)


def test_a_meeting_without_capacity_takes_everyone() -> None:
    event = a_meeting(capacity=None)
    assert {a_place(event, 6).status for _ in range(5)} == {"confirmed"}


def test_a_seat_or_nothing_gets_nothing_where_the_hall_is_full() -> None:
    event = a_meeting(capacity=1)
    a_place(event)
    with pytest.raises(EventFull) as refused:
        a_place(event, waitlist=False)
    assert refused.value.extra == {"question_received": False}
    assert Rsvp.objects.count() == 1
    assert sums_hold(event.pk)


@pytest.mark.parametrize(
    ("party", "refusal"), [(0, PartyTooLarge), (7, PartyTooLarge), (5, PartyExceedsCapacity)]
)
def test_a_party_must_fit_the_agency_and_the_room(party: int, refusal: type[RuleViolation]) -> None:
    with pytest.raises(refusal):
        a_place(a_meeting(capacity=4), party)


def test_a_draft_a_cancelled_meeting_and_a_staff_meeting_take_nobody() -> None:
    with pytest.raises(Unknown):
        a_place(a_draft())
    with pytest.raises(Unknown):
        a_place(a_meeting(audience=Audience.STAFF))
    with pytest.raises(Unknown):
        respond(uuid4(), now=timezone.now())
    event = a_meeting()
    cancel(event, reason="Flooded.", actor=None, now=timezone.now())
    with pytest.raises(RsvpClosed):
        a_place(event)


def test_staff_save_a_caller_a_place_at_a_meeting_by_invitation() -> None:
    agency = an_agency()
    event = a_meeting(agency, audience=Audience.INVITED)
    seen = events_visible_to(viewer_of(a_person(agency)))
    assert a_place(event, source="staff", among=seen).status == "confirmed"
    with pytest.raises(Unknown):
        a_place(event, source="staff", among=events_visible_to(viewer_of(a_person(an_agency()))))


def test_places_open_and_close_when_the_liaison_says() -> None:
    now = timezone.now()
    event = a_meeting(rsvp_opens_at=now + dt.timedelta(days=1), rsvp_closes_at=now + dt.timedelta(days=2))
    for hours, taken in ((0, False), (25, True), (47, True), (48, False)):
        at = now.replace(microsecond=0) + dt.timedelta(hours=hours, seconds=5)
        if taken:
            assert a_place(event, now=at).status == "confirmed"
        else:
            with pytest.raises(RsvpClosed):
                a_place(event, now=at)


def test_places_close_at_the_start_though_nobody_has_started_the_meeting() -> None:
    event = a_meeting()
    start(event, now=timezone.now())
    assert a_place(event, now=event.starts_at - dt.timedelta(seconds=1)).status == "confirmed"
    with pytest.raises(RsvpClosed):
        a_place(event, now=event.starts_at)


def test_no_rsvp_is_needed_means_none_is_taken() -> None:
    with pytest.raises(RsvpClosed):
        a_place(a_meeting(rsvp_mode="none"))


def test_a_family_shares_an_address_and_every_rsvp_stands_for_itself() -> None:
    event = a_meeting(capacity=10)
    first, second = (a_place(event, 2, email=typed) for typed in ("Ana@Mail.example", "ana@mail.example "))
    assert first.pk != second.pk
    assert first.email_contact_id == second.email_contact_id
    assert first.checkin_code != second.checkin_code
    assert Event.objects.get(pk=event.pk).seats_taken == 4


def test_one_address_at_two_meetings_leaves_two_rows_with_nothing_in_common() -> None:
    agency = an_agency()
    for _ in range(2):
        a_place(a_meeting(agency), email="ana@mail.example")
    one, two = Contact.objects.all()
    assert bytes(one.fingerprint) != bytes(two.fingerprint)
    assert bytes(one.sealed_address) != bytes(two.sealed_address)


def test_what_a_resident_typed_is_sealed() -> None:
    event = a_meeting()
    place = a_place(
        event, name="Rosa Quispe", email="rosa@mail.example", phone="+1 773 555 0142",
        needs=[Need("interpreter", "qu", "Quechua from Cusco")],
    )  # fmt: skip
    row = Rsvp.objects.get(pk=place.pk)
    assert name_of(row) == "Rosa Quispe"
    assert address_of(Contact.objects.get(pk=row.email_contact_id)) == "rosa@mail.example"
    assert [detail_of(need) for need in needs_of(row)] == ["Quechua from Cusco"]
    with connection.cursor() as cursor:
        for table in ("events_rsvp", "engage_contact", "events_accessrequest", "engage_activity"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            dump = cursor.fetchone()[0]
            for secret in ("Rosa", "mail.example", "5550142", "Quechua"):
                assert secret not in dump
                assert secret.encode().hex() not in dump


def test_an_interpreter_without_a_language_is_refused_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        a_place(a_meeting(), needs=[Need("captions"), Need("interpreter"), Need("dragon")])
    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("access_requests/1/language", "language_required"),
        ("access_requests/2/kind", "invalid_choice"),
    ]
    assert not Rsvp.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"language": "e"}, "language"),
        ({"language": "en'; DROP"}, "language"),
        ({"remind": "email"}, "remind"),
        ({"remind": "pigeon"}, "remind"),
        ({"name": "x" * 121}, "name"),
        ({"question": "x" * 4001}, "question"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(typed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_place(a_meeting(), **typed)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Rsvp.objects.exists()
    assert not Contact.objects.exists()
    assert not ContributionIntake.objects.exists()


def test_text_messages_are_not_promised_where_no_gateway_sends_them() -> None:
    with pytest.raises(ChannelUnavailable):
        a_place(a_meeting(), phone="+17735550142", remind="sms")
    assert a_place(a_meeting(), phone="+17735550142").remind == "none"


def test_an_anonymous_question_goes_to_the_intake_even_where_the_place_is_refused() -> None:
    event = a_meeting(capacity=1)
    assert a_response(event, question="Who reads the videos?").question_received
    with pytest.raises(EventFull) as refused:
        a_place(event, waitlist=False, question="And for how long?")
    assert refused.value.extra == {"question_received": True}
    with pytest.raises(RsvpClosed) as closed:
        a_place(event, question="Too late?", now=event.starts_at)
    assert closed.value.extra == {"question_received": True}
    assert ContributionIntake.objects.count() == 3


def test_a_retry_of_a_question_is_one_question() -> None:
    event = a_meeting()
    for _ in range(2):
        a_place(event, question="Who reads the videos?", idempotency_key="k" * 22)
    assert ContributionIntake.objects.count() == 1


def test_the_record_names_the_place_and_nothing_of_the_person() -> None:
    place = a_place(a_meeting(), name="Rosa", email="rosa@mail.example")
    line = Activity.objects.get(verb="rsvp.made")
    assert (line.object_type, line.object_id, line.data, line.public) == (
        "rsvp", place.pk, {"status": "confirmed"}, False,
    )  # fmt: skip


def test_a_place_is_erased_as_many_days_after_the_event_as_the_agency_says() -> None:
    agency = an_agency(retention_days=10)
    event = a_meeting(agency)
    place = a_place(event, email="rosa@mail.example", needs=[Need("captions")])
    assert place.erase_after == event.ends_at + dt.timedelta(days=10)
    assert Contact.objects.get().erase_after == place.erase_after
    assert needs_of(place)[0].erase_after == event.ends_at + dt.timedelta(days=7)


def test_codes_are_of_the_alphabet_that_nobody_misreads() -> None:
    event = a_meeting(capacity=None)
    codes = {a_place(event).checkin_code for _ in range(40)}
    assert len(codes) == 40
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("ILOU")


def test_the_same_code_drawn_twice_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    event = a_meeting(capacity=5)
    drawn = iter(["0000000000", "0000000000", "1111111111"])
    monkeypatch.setattr("events.responding.new_code", lambda: next(drawn))
    assert [a_place(event).checkin_code for _ in range(2)] == ["0000000000", "1111111111"]
    assert sums_hold(event.pk)


def test_what_runs_first_and_last_shares_the_fate_of_the_place() -> None:
    event = a_meeting(capacity=1)
    seen: list[str] = []

    def settle(made: Any) -> None:
        seen.append(f"settled {made.rsvp.status}")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        a_response(event, opening=lambda: seen.append("opened"), settle=settle)
    assert seen == ["opened", "settled confirmed"]
    assert not Rsvp.objects.exists()
    assert sums_hold(event.pk)


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ({}, 4),
        ({"email": "rosa@mail.example", "name": "Rosa"}, 5),
        ({"email": "r@mail.example", "needs": [Need("captions"), Need("transport")], "question": "Why?"}, 6),
    ],
)
def test_a_place_costs_few_statements(asked: dict[str, Any], most: int) -> None:
    event = a_meeting(capacity=5)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        a_place(event, **asked)
    words = [query["sql"].split()[0] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len([word for word in words if word not in {"BEGIN", "COMMIT"}]) <= most


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_an_rsvp_inside_a_transaction_is_refused_since_its_question_could_not_stand_alone() -> None:
    event = a_meeting()
    with pytest.raises(RuntimeError), transaction.atomic():
        a_place(event, question="Who?")
