"""Somebody leaves: what names them is nobody's from then on, on every list, board, count and filter, on page and API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.tracking import update
from engage.people.models import Person
from engage.roles.ending import deactivate
from engage.roles.granting import end_role, grant
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest, NeedStatus
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, filled_in, page, text_of
from web.commitments.decisions_due import decisions_due

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def end_their_role(person: Person, agency: Agency) -> None:
    end_role(person.roles.get(agency=agency, until=None), actor=None, now=timezone.now())


def close_their_account(person: Person, _agency: Agency) -> None:
    deactivate(person, actor=None, now=timezone.now())


LEAVING = [end_their_role, close_their_account]


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def marco(agency: Agency) -> Person:
    return a_person(agency, name="Marco Vidal")


def a_need(agency: Agency, arranged_by: Person) -> AccessRequest:
    rsvp = an_rsvp(an_event(agency), needs=[Need("wheelchair", detail="A wide door.")])
    need = AccessRequest.objects.get(rsvp=rsvp)
    return arrange(need, actor=arranged_by, owner=arranged_by, status="arranging", now=timezone.now())


def titles(answer: Any) -> list[str]:
    return [one.title for one, _standing in answer.context["rows"]]


@pytest.mark.parametrize("leave", LEAVING)
def test_a_commitment_of_somebody_who_left_is_nobodys_on_every_page(
    agency: Agency, marco: Person, leave: Callable[[Person, Agency], None]
) -> None:
    client, other = at_the_desk(agency), an_agency()
    kept = a_commitment(agency, title="Of Marco", owner=marco)
    grant(person=marco, agency=other, kind="leader", actor=None, now=timezone.now())
    a_commitment(agency, title="Of Dana", owner=a_person(agency, name="Dana Reyes"))
    listed, one = desk(agency, "commitments/?show=unowned"), desk(agency, f"commitments/{kept.pk}/")
    assert (titles(client.get(listed)), "Marco Vidal" in text_of(client.get(one))) == ([], True)
    leave(marco, agency)
    assert titles(client.get(listed)) == ["Of Marco"]
    assert "Nobody by name" in text_of(client.get(one))
    assert "Marco" not in text_of(client.get(desk(agency, "commitments/?show=owed"))).replace("Of Marco", "")
    due = decisions_due(agency, today=today_of(agency))
    assert (due.counts["unowned"], [found.title for found in due.unowned]) == (1, ["Of Marco"])
    leader = at_the_desk(agency, "leader")
    assert "nobody answers for it by name" in text_of(leader.get(desk(agency, "follow-through/")))
    # The form offers nobody, and saving something else leaves it so.
    assert client.get(one).context["form"].initial["owner"] == ""


@pytest.mark.parametrize("leave", LEAVING)
def test_the_api_names_no_owner_who_left_and_a_cached_answer_is_not_taken_for_new(
    agency: Agency, marco: Person, leave: Callable[[Person, Agency], None]
) -> None:
    api, kept = api_of(agency, "liaison"), a_commitment(agency, owner=marco)
    before = api.get(f"/commitments/{kept.pk}/")
    assert before.json()["owner"] == str(marco.pk)
    assert len(api.get(f"/commitments/?owner={marco.pk}").json()["results"]) == 1
    leave(marco, agency)
    after = api.get(f"/commitments/{kept.pk}/", If_None_Match=before["ETag"])
    assert (after.status_code, after.json()["owner"]) == (200, None)
    assert api.get(f"/commitments/?owner={marco.pk}").json()["results"] == []
    assert [one["owner"] for one in api.get("/commitments/").json()["results"]] == [None]
    # An edit that was begun before is not stale by it: nobody changed the promise.
    new = a_person(agency)
    body = {"owner": str(new.pk), "reason": "Marco works elsewhere now."}
    assert api.post(f"/commitments/{kept.pk}/updates/", body, If_Match=before["ETag"]).status_code == 201
    assert api.get(f"/commitments/{kept.pk}/").json()["owner"] == str(new.pk)


@pytest.mark.parametrize("leave", LEAVING)
def test_a_need_that_somebody_who_left_arranged_is_nobodys_and_can_be_saved_and_taken(
    agency: Agency, marco: Person, leave: Callable[[Person, Agency], None]
) -> None:
    need = a_need(agency, marco)
    client, api = at_the_desk(agency), api_of(agency, "liaison")
    all_of_them, one = page(need.event, "needs/"), page(need.event, f"needs/{need.pk}/")
    assert "Marco Vidal" in text_of(client.get(all_of_them))
    leave(marco, agency)
    assert "Marco" not in text_of(client.get(all_of_them)) + text_of(client.get(one))
    assert "Nobody yet" in text_of(client.get(all_of_them))
    told = api.get(f"/events/{need.event_id}/access-requests/{need.pk}/").json()
    assert (told["owner"], told["detail"]) == (None, None)
    saved = client.post(one, filled_in(client, one, status="arranged", outcome="A wide door is open."))
    assert saved.status_code == 302
    need.refresh_from_db()
    assert need.status == NeedStatus.ARRANGED


def test_what_nobody_answers_for_stands_on_the_board_of_everyone_and_says_so(
    agency: Agency, marco: Person
) -> None:
    late = a_commitment(agency, title="Of Marco", owner=marco, actor=marco)
    Commitment.objects.filter(pk=late.pk).update(due_on=today_of(agency) - dt.timedelta(days=3))
    need = a_need(agency, marco)
    AccessRequest.objects.filter(pk=need.pk).update(needed_by=today_of(agency))
    client = at_the_desk(agency)

    def tasks() -> list[str]:
        return [task.words for task in client.get(desk(agency)).context["tasks"]]

    assert not [words for words in tasks() if "Nobody" in words]
    end_their_role(marco, agency)
    assert [words for words in tasks() if words.endswith("Nobody answers for it by name.")]
    assert [words for words in tasks() if "Nobody has taken 1 of them." in words]


def test_who_leaves_one_of_two_agencies_still_answers_at_the_other_and_whoever_returns_answers_again(
    agency: Agency, marco: Person
) -> None:
    other = an_agency()
    grant(person=marco, agency=other, kind="leader", actor=None, now=timezone.now())
    here, there = a_commitment(agency, owner=marco), a_commitment(other, owner=marco)
    end_their_role(marco, agency)

    def owners() -> list[Any]:
        rows = [Commitment.objects.get(pk=one.pk) for one in (here, there)]
        return [one.owner_now_id for one in rows]

    assert owners() == [None, marco.pk]
    grant(person=marco, agency=agency, kind="panelist", actor=None, now=timezone.now())
    assert owners() == [marco.pk, marco.pk]
    # A second role that ends takes nothing from whoever keeps one.
    grant(person=marco, agency=agency, kind="liaison", actor=None, now=timezone.now())
    end_role(marco.roles.get(agency=agency, kind="panelist"), actor=None, now=timezone.now())
    assert owners() == [marco.pk, marco.pk]


def test_a_new_owner_is_seen_at_once_on_a_row_that_was_read_before(agency: Agency, marco: Person) -> None:
    kept, new = a_commitment(agency, owner=marco), a_person(agency)
    end_their_role(marco, agency)
    assert kept.owner_now is None
    update(kept, actor=None, owner=new, reason="Marco works elsewhere now.", now=timezone.now())
    assert kept.owner_now == new
