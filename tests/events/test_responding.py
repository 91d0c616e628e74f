"""Saving a place, as a resident does it and as somebody does it who means harm."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.listening.models import ContributionIntake
from engage.refusals import Invalid, RuleViolation, Unknown
from engage.roles.permissions import viewer_of
from events.event.models import Audience, Event
from events.event.permissions import events_visible_to
from events.planning.lifecycle import cancel, start
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need, detail_of, needs_of
from events.rsvps.parties import EventFull
from events.rsvps.responding import respond
from events.rsvps.rules import ChannelUnavailable, PartyExceedsCapacity, PartyTooLarge, RsvpClosed
from events.rsvps.tickets import ALPHABET, name_of
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import a_response, an_rsvp, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_rsvp_is_confirmed_while_a_seat_is_free() -> None:
    event = an_event(capacity=3)
    made = a_response(event, 2, name="Rosa", email="rosa@mail.example")
    assert (made.rsvp.status, made.waitlist_position) == ("confirmed", None)
    row = Rsvp.objects.get(pk=made.rsvp.pk)
    assert (row.status, row.queue_number, row.remind, row.language) == ("confirmed", None, "email", "en")
    assert row.confirmed_at == row.created_at
    assert sums_hold(event.pk)


def test_who_comes_too_late_for_a_seat_waits_in_order() -> None:
    event = an_event(capacity=1)
    an_rsvp(event)
    waiting = [a_response(event) for _ in range(3)]
    assert [made.waitlist_position for made in waiting] == [1, 2, 3]
    assert [made.rsvp.queue_number for made in waiting] == [1, 2, 3]
    assert sums_hold(event.pk)


def test_nobody_slips_past_those_who_wait() -> None:
    event = an_event(capacity=2)
    an_rsvp(event, 1)
    assert an_rsvp(event, 2).status == "waitlisted"
    assert an_rsvp(event, 1).status == "waitlisted"
    assert sums_hold(event.pk)


def test_an_event_without_capacity_takes_everyone() -> None:
    event = an_event(capacity=None)
    assert {an_rsvp(event, 6).status for _ in range(5)} == {"confirmed"}


def test_a_seat_or_nothing_gets_nothing_where_the_hall_is_full() -> None:
    event = an_event(capacity=1)
    an_rsvp(event)
    with pytest.raises(EventFull) as refused:
        an_rsvp(event, waitlist=False)
    assert refused.value.extra["question_received"] is False
    assert Rsvp.objects.count() == 1
    assert sums_hold(event.pk)


@pytest.mark.parametrize(
    ("party", "refusal"), [(0, PartyTooLarge), (7, PartyTooLarge), (5, PartyExceedsCapacity)]
)
def test_a_party_must_fit_the_agency_and_the_room(party: int, refusal: type[RuleViolation]) -> None:
    with pytest.raises(refusal):
        an_rsvp(an_event(capacity=4), party)


def test_a_draft_a_cancelled_event_and_a_staff_event_take_nobody() -> None:
    with pytest.raises(Unknown):
        an_rsvp(a_draft())
    with pytest.raises(Unknown):
        an_rsvp(an_event(audience=Audience.STAFF))
    with pytest.raises(Unknown):
        respond(uuid4(), now=timezone.now())
    event = an_event()
    cancel(event, reason="Flooded.", actor=None, now=timezone.now())
    with pytest.raises(RsvpClosed):
        an_rsvp(event)


def test_staff_save_a_caller_an_rsvp_at_an_event_by_invitation() -> None:
    agency = an_agency()
    event = an_event(agency, audience=Audience.INVITED)
    seen = events_visible_to(viewer_of(a_person(agency)))
    assert an_rsvp(event, source="staff", among=seen).status == "confirmed"
    with pytest.raises(Unknown):
        an_rsvp(event, source="staff", among=events_visible_to(viewer_of(a_person(an_agency()))))


def test_rsvps_open_and_close_when_the_liaison_says() -> None:
    now = timezone.now()
    event = an_event(rsvp_opens_at=now + dt.timedelta(days=1), rsvp_closes_at=now + dt.timedelta(days=2))
    for hours, taken in ((0, False), (25, True), (47, True), (48, False)):
        at = now.replace(microsecond=0) + dt.timedelta(hours=hours, seconds=5)
        if taken:
            assert an_rsvp(event, now=at).status == "confirmed"
        else:
            with pytest.raises(RsvpClosed):
                an_rsvp(event, now=at)


def test_rsvps_close_at_the_start_though_nobody_has_started_the_event() -> None:
    event = an_event()
    start(event, now=timezone.now())
    assert an_rsvp(event, now=event.starts_at - dt.timedelta(seconds=1)).status == "confirmed"
    with pytest.raises(RsvpClosed):
        an_rsvp(event, now=event.starts_at)


def test_no_rsvp_is_needed_means_none_is_taken() -> None:
    with pytest.raises(RsvpClosed):
        an_rsvp(an_event(rsvp_mode="none"))


def test_a_family_shares_an_address_and_every_rsvp_stands_for_itself() -> None:
    event = an_event(capacity=10)
    first, second = (an_rsvp(event, 2, email=typed) for typed in ("Ana@Mail.example", "ana@mail.example "))
    assert first.pk != second.pk
    assert first.email_contact_id == second.email_contact_id
    assert first.checkin_code != second.checkin_code
    assert Event.objects.get(pk=event.pk).seats_taken == 4


def test_one_address_at_two_events_leaves_two_rows_with_nothing_in_common() -> None:
    agency = an_agency()
    for _ in range(2):
        an_rsvp(an_event(agency), email="ana@mail.example")
    one, two = Contact.objects.all()
    assert bytes(one.fingerprint) != bytes(two.fingerprint)
    assert bytes(one.sealed_address) != bytes(two.sealed_address)


def test_what_a_resident_typed_is_sealed() -> None:
    event = an_event()
    rsvp = an_rsvp(
        event, name="Rosa Quispe", email="rosa@mail.example", phone="+1 773 555 0142",
        needs=[Need("interpreter", "qu", "Quechua from Cusco")],
    )  # fmt: skip
    row = Rsvp.objects.get(pk=rsvp.pk)
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
        an_rsvp(an_event(), needs=[Need("captions"), Need("interpreter"), Need("dragon")])
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
        an_rsvp(an_event(), **typed)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Rsvp.objects.exists()
    assert not Contact.objects.exists()
    assert not ContributionIntake.objects.exists()


def test_text_messages_are_not_promised_where_no_gateway_sends_them() -> None:
    with pytest.raises(ChannelUnavailable):
        an_rsvp(an_event(), phone="+17735550142", remind="sms")
    assert an_rsvp(an_event(), phone="+17735550142").remind == "none"


def test_an_anonymous_question_goes_to_the_intake_even_where_the_rsvp_is_refused() -> None:
    event = an_event(capacity=1)
    assert a_response(event, question="Who reads the videos?").question_received
    with pytest.raises(EventFull) as refused:
        an_rsvp(event, waitlist=False, question="And for how long?")
    assert refused.value.extra["question_received"] is True
    with pytest.raises(RsvpClosed) as closed:
        an_rsvp(event, question="Too late?", now=event.starts_at)
    assert closed.value.extra == {"question_received": True}
    assert ContributionIntake.objects.count() == 3


def test_a_retry_of_a_question_is_one_question() -> None:
    event = an_event()
    for _ in range(2):
        an_rsvp(event, question="Who reads the videos?", idempotency_key="k" * 22)
    assert ContributionIntake.objects.count() == 1


def test_the_record_names_the_rsvp_and_nothing_of_the_person() -> None:
    rsvp = an_rsvp(an_event(), name="Rosa", email="rosa@mail.example")
    line = Activity.objects.get(verb="rsvp.made")
    assert (line.object_type, line.object_id, line.data, line.public) == (
        "rsvp", rsvp.pk, {"status": "confirmed"}, False,
    )  # fmt: skip


def test_an_rsvp_is_erased_as_many_days_after_the_event_as_the_agency_says() -> None:
    agency = an_agency(retention_days=10)
    event = an_event(agency)
    rsvp = an_rsvp(event, email="rosa@mail.example", needs=[Need("captions")])
    assert rsvp.erase_after == event.ends_at + dt.timedelta(days=10)
    assert Contact.objects.get().erase_after == rsvp.erase_after
    assert needs_of(rsvp)[0].erase_after == event.ends_at + dt.timedelta(days=7)


def test_codes_are_of_the_alphabet_that_nobody_misreads() -> None:
    event = an_event(capacity=None)
    codes = {an_rsvp(event).checkin_code for _ in range(40)}
    assert len(codes) == 40
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("ILOU")


def test_the_same_code_drawn_twice_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    event = an_event(capacity=5)
    drawn = iter(["0000000000", "0000000000", "1111111111"])
    monkeypatch.setattr("events.rsvps.responding.new_code", lambda: next(drawn))
    assert [an_rsvp(event).checkin_code for _ in range(2)] == ["0000000000", "1111111111"]
    assert sums_hold(event.pk)


def test_what_runs_first_and_last_shares_the_fate_of_the_rsvp() -> None:
    event = an_event(capacity=1)
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
def test_an_rsvp_costs_few_statements(asked: dict[str, Any], most: int) -> None:
    event = an_event(capacity=5)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        an_rsvp(event, **asked)
    words = [query["sql"].split()[0] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len([word for word in words if word not in {"BEGIN", "COMMIT"}]) <= most


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_an_rsvp_inside_a_transaction_is_refused_since_its_question_could_not_stand_alone() -> None:
    event = an_event()
    with pytest.raises(RuntimeError), transaction.atomic():
        an_rsvp(event, question="Who?")
