"""The places of an event: who comes, without names; for a caller; and one name where it is needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.readings.models import ContactRead
from events.event.models import Event
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need, detail_of
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.setting import add_rule
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, sums_hold
from tests.web.desk.at_the_desk import at_the_desk, filled_in, page, person_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
KEY = "k" * 32


def test_the_list_shows_no_name_no_address_and_only_the_beginning_of_a_code() -> None:
    event = an_event()
    rsvp = an_rsvp(event, 2, name="Ana Flores", email="ana@mail.example", phone="202 555 0123", language="es")
    shown = text_of(at_the_desk(event.agency).get(page(event, "rsvps/")))
    for hidden in ("Ana", "ana@mail", "0123", rsvp.checkin_code):
        assert hidden not in shown
    assert rsvp.checkin_code[:4] in shown
    assert "Spanish" in shown
    assert ContactRead.objects.count() == 0


def test_names_are_shown_for_a_purpose_that_is_kept_and_never_by_a_get() -> None:
    event = an_event()
    an_rsvp(event, name="Ana Flores", email="ana@mail.example")
    liaison = at_the_desk(event.agency)
    refused = liaison.post(page(event, "rsvps/"), {"purpose": "  "})
    assert refused.status_code == 400
    assert "Ana Flores" not in text_of(refused)
    shown = text_of(liaison.post(page(event, "rsvps/"), {"purpose": "prepare_door"}))
    assert "Ana Flores" in shown
    assert "ana@mail" not in shown
    read = ContactRead.objects.get()
    assert (read.what, read.purpose, read.event_id, read.reader) == (
        "list", "prepare_door", event.pk, person_of(liaison),
    )  # fmt: skip
    assert "Ana Flores" not in text_of(liaison.get(page(event, "rsvps/")))


def test_one_address_is_revealed_once_for_a_purpose_that_is_kept() -> None:
    event = an_event()
    rsvp = an_rsvp(event, name="Ana Flores", email="ana@mail.example", phone="202 555 0123")
    liaison = at_the_desk(event.agency)
    assert "ana@mail" not in text_of(liaison.get(page(event, f"rsvps/{rsvp.pk}/")))
    refused = liaison.post(page(event, f"rsvps/{rsvp.pk}/reveal"), {"purpose": ""})
    assert refused.status_code == 400
    assert refused.context["purpose"].errors["purpose"]
    shown = text_of(liaison.post(page(event, f"rsvps/{rsvp.pk}/reveal"), {"purpose": "call_back"}))
    for word in ("Ana Flores", "ana@mail.example", "2025550123"):
        assert word in shown
    read = ContactRead.objects.get()
    assert (read.what, read.rsvp_id, len(read.contact_ids)) == ("reveal", rsvp.pk, 2)
    assert liaison.get(page(event, f"rsvps/{rsvp.pk}/reveal")).status_code == 302


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_asks_as_few_questions_with_many_rsvps(
    number: int, django_assert_max_num_queries: Any
) -> None:
    event = an_event()
    for _turn in range(number):
        an_rsvp(event, needs=[Need("captions")])
    liaison = at_the_desk(event.agency)
    with django_assert_max_num_queries(9):
        assert len(liaison.get(page(event, "rsvps/")).context["rows"]) == number


def test_the_list_is_filtered_and_goes_on_page_by_page() -> None:
    event, _holder, waiting = a_full_event(1, 2)
    liaison = at_the_desk(event.agency)
    # Of one second: their ids tell no more, and the list goes by them.
    waiting.sort(key=lambda rsvp: rsvp.pk)
    rows = liaison.get(page(event, "rsvps/?status=waitlisted")).context["rows"]
    assert [row["rsvp"].pk for row in rows] == [rsvp.pk for rsvp in waiting]
    after = liaison.get(page(event, f"rsvps/?status=waitlisted&after={waiting[0].pk}")).context["rows"]
    assert [row["rsvp"].pk for row in after] == [waiting[1].pk]
    assert liaison.get(page(event, "rsvps/?after=nonsense")).status_code == 404
    assert len(liaison.get(page(event, "rsvps/?status=nonsense")).context["rows"]) == 3


def for_a_caller(event: Event, **more: Any) -> dict[str, Any]:
    return {"party_size": "2", "language": "es", "key": KEY, **more}


def test_a_caller_is_offered_a_reminder_only_where_one_would_be_sent() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    liaison = at_the_desk(event.agency)

    def offered() -> tuple[bool, bool]:
        asked = text_of(liaison.get(page(event, "rsvps/new")))
        changed = text_of(liaison.get(page(event, f"rsvps/{rsvp.pk}/")))
        return "For the confirmation and a reminder." in asked, "Reminder before the event" in changed

    assert offered() == (False, False)
    change = {"party_size": "2", "language": "en", "edit_version": as_it_is(rsvp).edit_version}
    liaison.post(page(event, f"rsvps/{rsvp.pk}/change"), change)
    assert (as_it_is(rsvp).party_size, as_it_is(rsvp).remind) == (2, "email")
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=60, now=timezone.now())
    assert offered() == (True, True)


def test_an_rsvp_is_saved_for_a_caller_with_what_they_need() -> None:
    event = an_event()
    liaison = at_the_desk(event.agency)
    sent = for_a_caller(event, name="Ana", email="ana@mail.example", need_interpreter="on", interpreter_language="es",
                        need_wheelchair="on", detail_wheelchair="Near the door.")  # fmt: skip
    answer = liaison.post(page(event, "rsvps/new"), sent)
    rsvp = Rsvp.objects.get(event=event)
    assert answer["Location"] == page(event, f"rsvps/{rsvp.pk}/")
    assert (rsvp.source, rsvp.status, rsvp.party_size, rsvp.remind) == ("staff", "confirmed", 2, "email")
    assert set(rsvp.access_requests.values_list("kind", "language")) == {
        ("interpreter", "es"),
        ("wheelchair", ""),
    }
    assert rsvp.checkin_code[:5] in text_of(liaison.get(answer["Location"]))


def test_the_same_form_twice_saves_one_rsvp() -> None:
    event = an_event()
    liaison = at_the_desk(event.agency)
    answers = {liaison.post(page(event, "rsvps/new"), for_a_caller(event))["Location"] for _turn in range(2)}
    assert len(answers) == 1
    assert Rsvp.objects.filter(event=event).count() == 1
    assert liaison.post(page(event, "rsvps/new"), for_a_caller(event, key="m" * 32)).status_code == 302
    assert Rsvp.objects.filter(event=event).count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"party_size": "7"}, "party_size"),
        ({"party_size": "0"}, "party_size"),
        ({"need_interpreter": "on"}, "interpreter_language"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(wrong: dict[str, str], field: str) -> None:
    event = an_event()
    answer = at_the_desk(event.agency).post(
        page(event, "rsvps/new"), for_a_caller(event, name="Ana", **wrong)
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert 'value="Ana"' in answer.content.decode()
    assert not Rsvp.objects.filter(event=event).exists()


def test_a_caller_hears_of_the_waitlist_before_anything_is_saved() -> None:
    event, _holder, _waiting = a_full_event()
    liaison = at_the_desk(event.agency)
    full = liaison.post(page(event, "rsvps/new"), for_a_caller(event, name="Ana"))
    assert full.status_code == 409
    assert "All 4 seats are taken. You can join the waitlist." in text_of(full)
    assert 'value="Ana"' in full.content.decode()
    assert not Rsvp.objects.filter(event=event, status="waitlisted").exists()
    waits = liaison.post(page(event, "rsvps/new"), for_a_caller(event, name="Ana", wait="1"), follow=True)
    assert "They are on the waitlist now." in text_of(waits)
    assert Rsvp.objects.filter(event=event, status="waitlisted").count() == 1


def test_a_closed_event_is_said_to_be_closed() -> None:
    event = a_draft()
    liaison = at_the_desk(event.agency)
    assert "RSVPs are closed" in text_of(liaison.get(page(event, "rsvps/new")))
    assert liaison.post(page(event, "rsvps/new"), for_a_caller(event)).status_code == 409


def test_a_caller_changes_the_party_and_keeps_words_that_nobody_at_the_desk_reads() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example", needs=[Need("wheelchair", detail="My hip.")])
    liaison = at_the_desk(event.agency)
    where = page(event, f"rsvps/{rsvp.pk}/")
    assert "My hip." not in liaison.get(where).content.decode()
    sent = filled_in(liaison, where, party_size="3", need_captions="on")
    assert liaison.post(f"{where}change", sent).status_code == 302
    assert as_it_is(rsvp).party_size == 3
    needs = {need.kind: detail_of(need) for need in AccessRequest.objects.filter(rsvp=rsvp)}
    assert needs == {"wheelchair": "My hip.", "captions": ""}
    assert Activity.objects.filter(object_id=rsvp.pk, verb="rsvp.changed", actor=person_of(liaison)).exists()
    assert sums_hold(event.pk)


def test_an_edit_of_an_rsvp_that_changed_meanwhile_is_refused() -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    liaison = at_the_desk(event.agency)
    sent = filled_in(liaison, page(event, f"rsvps/{rsvp.pk}/"), party_size="2")
    liaison.post(page(event, f"rsvps/{rsvp.pk}/change"), sent)
    stale = liaison.post(page(event, f"rsvps/{rsvp.pk}/change"), sent | {"party_size": "4"})
    assert stale.status_code == 409
    assert as_it_is(rsvp).party_size == 2


def test_an_rsvp_is_cancelled_for_a_caller_after_one_more_question() -> None:
    event, holder, _waiting = a_full_event(2)
    liaison = at_the_desk(event.agency)
    where = page(event, f"rsvps/{holder.pk}/cancel")
    assert "Cancel the place of 4 people?" in text_of(liaison.get(where))
    assert as_it_is(holder).status == "confirmed"
    liaison.post(where)
    assert as_it_is(holder).status == "cancelled"
    assert sums_hold(event.pk)


def test_an_offer_is_accepted_for_a_caller_and_the_record_says_by_whom() -> None:
    event, holder, (first,) = a_full_event(2)
    liaison = at_the_desk(event.agency)
    liaison.post(page(event, f"rsvps/{holder.pk}/cancel"))
    assert as_it_is(first).status == "offered"
    assert "They take the offered place" in text_of(liaison.get(page(event, f"rsvps/{first.pk}/")))
    liaison.post(page(event, f"rsvps/{first.pk}/accept"))
    assert as_it_is(first).status == "confirmed"
    assert Activity.objects.get(object_id=first.pk, verb="rsvp.accepted").actor == person_of(liaison)


def test_an_rsvp_of_another_event_is_not_here() -> None:
    agency = an_agency()
    event, other = an_event(agency), an_rsvp(an_event(agency))
    liaison = at_the_desk(agency)
    for more in ("", "cancel"):
        assert liaison.get(page(event, f"rsvps/{other.pk}/{more}")).status_code == 404
    for more in ("cancel", "accept", "change", "reveal"):
        assert liaison.post(page(event, f"rsvps/{other.pk}/{more}"), {"purpose": "x"}).status_code == 404
    assert timezone.now() - dt.timedelta(hours=1) < as_it_is(other).created_at
