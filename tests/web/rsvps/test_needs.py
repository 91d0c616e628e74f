"""Needs: seen by kind, taken by one person, arranged and told."""

from __future__ import annotations

from typing import Any

import pytest

from engage.activity.models import Activity
from engage.readings.models import ContactRead
from events.event.models import Event
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, filled_in, page, person_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def a_need(event: Event | None = None, kind: str = "wheelchair", detail: str = "My hip.") -> AccessRequest:
    rsvp = an_rsvp(event or an_event(), email="ana@mail.example", needs=[Need(kind, detail=detail)])
    return AccessRequest.objects.select_related("event__agency").get(rsvp=rsvp)


def where(need: AccessRequest, more: str = "") -> str:
    return page(need.event, f"needs/{need.pk}/{more}")


def test_the_words_are_for_whoever_arranges_it() -> None:
    need = a_need()
    liaison, other = at_the_desk(need.event.agency), at_the_desk(need.event.agency, name="Sam")
    assert "My hip." not in text_of(liaison.get(where(need)))
    assert "Nobody arranges it yet." in text_of(liaison.get(where(need)))
    liaison.post(where(need, "take"))
    assert "My hip." in text_of(liaison.get(where(need)))
    shown = text_of(other.get(where(need)))
    assert "My hip." not in shown
    assert "That is Dana." in shown
    need.refresh_from_db()
    assert (need.owner, need.status) == (person_of(liaison), "arranging")


def test_asking_for_the_head_of_a_need_s_page_is_no_look_at_the_words() -> None:
    need = a_need()
    liaison = at_the_desk(need.event.agency)
    AccessRequest.objects.filter(pk=need.pk).update(owner=person_of(liaison))
    assert liaison.head(where(need)).status_code == 200
    assert not ContactRead.objects.exists()
    assert "My hip." in text_of(liaison.get(where(need)))
    assert ContactRead.objects.get().what == ContactRead.What.NEED


def test_what_was_arranged_is_saved_and_the_resident_is_told() -> None:
    need = a_need()
    liaison = at_the_desk(need.event.agency)
    sent = filled_in(liaison, where(need), status="arranged", outcome="Two spaces in row 1.", needed_by="2027-03-01",
                     owner=str(person_of(liaison).pk))  # fmt: skip
    assert liaison.post(where(need), sent)["Location"] == page(need.event, "needs/")
    need.refresh_from_db()
    assert (need.status, need.outcome, str(need.needed_by)) == (
        "arranged",
        "Two spaces in row 1.",
        "2027-03-01",
    )
    assert Activity.objects.filter(object_id=need.pk, verb="access.arranged").exists()
    shown = text_of(liaison.get(page(need.event, "needs/")))
    assert "Two spaces in row 1." in shown
    assert "My hip." not in shown


def test_not_possible_needs_words_for_the_resident_and_keeps_what_was_typed() -> None:
    need = a_need()
    liaison = at_the_desk(need.event.agency)
    answer = liaison.post(
        where(need), filled_in(liaison, where(need), status="not_met", needed_by="2027-03-01")
    )
    assert answer.status_code == 400
    assert answer.context["form"].errors["outcome"]
    assert 'value="2027-03-01"' in answer.content.decode()
    need.refresh_from_db()
    assert need.status == "asked"


def test_a_stale_edit_and_a_step_that_leads_nowhere_are_refused() -> None:
    need = a_need()
    liaison = at_the_desk(need.event.agency)
    sent = filled_in(liaison, where(need), status="arranging")
    liaison.post(where(need), sent)
    assert liaison.post(where(need), sent).status_code == 409
    assert liaison.post(where(need), filled_in(liaison, where(need), status="met")).status_code == 409


def test_only_people_of_the_agency_can_be_named() -> None:
    need = a_need()
    liaison, stranger = at_the_desk(need.event.agency), a_person(an_agency())
    answer = liaison.post(where(need), filled_in(liaison, where(need), owner=str(stranger.pk)))
    assert answer.context["form"].errors["owner"]


@pytest.mark.parametrize("number", [1, 25])
def test_the_list_asks_as_few_questions_with_many_needs(
    number: int, django_assert_max_num_queries: Any
) -> None:
    event = an_event()
    for _turn in range(number):
        a_need(event)
    AccessRequest.objects.update(owner=a_person(event.agency))
    liaison = at_the_desk(event.agency)
    with django_assert_max_num_queries(10):
        assert len(liaison.get(page(event, "needs/")).context["rows"]) == number


def test_the_list_is_filtered_by_kind() -> None:
    event = an_event()
    a_need(event)
    a_need(event, "captions", "")
    liaison = at_the_desk(event.agency)
    assert [row["need"].kind for row in liaison.get(page(event, "needs/?kind=captions")).context["rows"]] == [
        "captions"
    ]
    for odd in ("kind=nonsense", "skip=-1", "skip=x", "skip=99999999999"):
        assert liaison.get(page(event, f"needs/?{odd}")).status_code == 200


def test_words_of_a_resident_are_escaped() -> None:
    need = a_need(detail='"><img src=x onerror=alert(1)>')
    liaison = at_the_desk(need.event.agency)
    liaison.post(where(need, "take"))
    assert "<img src=x" not in liaison.get(where(need)).content.decode()
