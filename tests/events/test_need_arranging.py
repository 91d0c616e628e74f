"""What somebody needs, as work: an owner, a date, and a result that the resident is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.refusals import Invalid, ReasonRequired, StaleEdit, Unknown, WrongState
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need, needs_of
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def a_request() -> AccessRequest:
    return needs_of(an_rsvp(an_event(an_agency()), needs=[Need("sign_language", detail="ASL")]))[0]


def verbs() -> list[str]:
    return list(
        Activity.objects.filter(verb__startswith="access.").order_by("id").values_list("verb", flat=True)
    )


def test_a_need_is_taken_on_arranged_and_met() -> None:
    request, now = a_request(), timezone.now()
    liaison = a_person(request.agency)
    arrange(request, actor=liaison, status="arranging", owner=liaison, needed_by=dt.date(2027, 1, 5), now=now)
    arrange(request, actor=liaison, status="arranged", outcome="Two interpreters, front row.", now=now)
    row = arrange(request, actor=liaison, status="met", now=now)
    assert (row.owner, row.needed_by, row.outcome) == (
        liaison,
        dt.date(2027, 1, 5),
        "Two interpreters, front row.",
    )
    assert verbs() == ["access.changed", "access.arranged", "access.changed"]


def test_not_possible_is_said_with_a_reason_the_resident_can_read() -> None:
    request, now = a_request(), timezone.now()
    liaison = a_person(request.agency)
    with pytest.raises(ReasonRequired):
        arrange(request, actor=liaison, status="not_met", outcome=" ", now=now)
    arrange(request, actor=liaison, status="not_met", outcome="No interpreter is free that evening.", now=now)
    arrange(request, actor=liaison, status="arranged", outcome="One is free after all.", now=now)
    assert verbs() == ["access.not_met", "access.arranged"]


def test_steps_that_make_no_sense_are_refused_and_change_nothing() -> None:
    request, now = a_request(), timezone.now()
    liaison = a_person(request.agency)
    with pytest.raises(WrongState):
        arrange(request, actor=liaison, status="met", now=now)
    with pytest.raises(Invalid):
        arrange(request, actor=liaison, status="forgotten", now=now)
    with pytest.raises(Invalid):
        arrange(request, actor=liaison, outcome="x" * 501, now=now)
    with pytest.raises(Invalid):
        arrange(request, actor=liaison, owner=a_person(an_agency()), now=now)
    with pytest.raises(StaleEdit):
        arrange(request, actor=liaison, status="arranged", if_version=7, now=now)
    with pytest.raises(Unknown):
        arrange(request.event_id, actor=liaison, status="arranged", now=now)
    request.refresh_from_db()
    assert (request.status, request.edit_version) == ("asked", 1)
    assert verbs() == []


def test_the_resident_is_told_once_and_not_again_for_a_change_of_words() -> None:
    request, now = a_request(), timezone.now()
    liaison = a_person(request.agency)
    for words in ("One interpreter.", "Two interpreters."):
        arrange(request, actor=liaison, status="arranged", outcome=words, now=now)
    assert verbs() == ["access.arranged", "access.changed"]
