"""A signed pledge is held: the date of a promise moves once, counted from the day of the signature, until it is withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency, Pledge
from engage.agencies.pledges import ENFORCED, sign_pledge, withdraw_pledge
from engage.commitments.models import Commitment
from engage.commitments.moving_once import DateMovesOnce
from engage.commitments.tracking import update
from engage.refusals import ReasonRequired
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.commitments import a_commitment
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.web.staff_clients import staff
from web.office.pledges import usual_pledges

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()
DAY = dt.timedelta(days=1)


def signed(agency: Agency, code: str = "date_moves_once", *, now: dt.datetime = NOW) -> Pledge:
    text = usual_pledges()[code]
    return sign_pledge(agency, actor=a_person(agency, "admin"), code=code, text=text, now=now)


def move(made: Commitment, *, now: dt.datetime = NOW, **more: Any) -> Any:
    return update(
        made, actor=None, now=now, due_on=made.due_on + 30 * DAY, reason="The pole is rusted.", **more
    )


def test_the_second_move_is_refused_and_says_when_it_was_signed_and_when_it_moved() -> None:
    made = a_commitment()
    signed(made.agency)
    move(made)
    stood = made.due_on
    with pytest.raises(DateMovesOnce) as refused:
        move(made)
    assert set(refused.value.extra) == {"signed_on", "moved_on"}
    # A missing reason is still told first.
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, due_on=stood + DAY)
    made.refresh_from_db()
    assert (made.due_on, made.updates.count()) == (stood, 1)
    # Everything else about it goes on.
    update(made, actor=None, now=NOW, owner_office="Patrol", reason="The unit is gone.", note="Half is done.")


def test_moves_count_from_the_day_of_the_signature() -> None:
    made = a_commitment(now=NOW - 90 * DAY)
    move(made, now=NOW - 60 * DAY)
    move(made, now=NOW - 50 * DAY)
    signed(made.agency, now=NOW - 40 * DAY)
    move(made, now=NOW - 30 * DAY)
    with pytest.raises(DateMovesOnce):
        move(made)


def test_it_may_move_again_once_the_pledge_is_withdrawn_and_where_it_was_never_signed() -> None:
    made, other = a_commitment(), a_commitment()
    pledge = signed(made.agency)
    move(made)
    for _ in range(3):
        move(other)
    withdraw_pledge(pledge, actor=a_person(made.agency, "admin"), now=NOW)
    move(made)


def test_page_and_api_refuse_alike_and_nothing_typed_is_lost() -> None:
    made = a_commitment()
    signed(made.agency)
    move(made)
    day = str(made.due_on + DAY)
    answer = api_of(made.agency, "leader").post(
        f"/commitments/{made.pk}/updates/", {"due_on": day, "reason": "Again."}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "date_moves_once")
    leader = staff(made.agency, "leader")
    path = f"/desk/{made.agency.slug}/commitments/{made.pk}/date"
    page = leader.post(path, {"due_on": day, "reason": "Again and again."})
    assert page.status_code == 409
    assert "Again and again." in html_of(page)
    assert "It can move again only after the pledge is withdrawn in public." in html_of(page)


def test_the_form_says_that_this_is_the_one_move() -> None:
    made = a_commitment()
    leader = staff(made.agency, "leader")
    path = f"/desk/{made.agency.slug}/commitments/{made.pk}/date"
    assert "one move" not in html_of(leader.get(path))
    signed(made.agency)
    assert "This would be its one move." in html_of(leader.get(path))


@pytest.mark.parametrize("code", list(usual_pledges()))
def test_each_usual_pledge_is_held_by_a_rule_or_called_the_agencys_word(code: str) -> None:
    """Only what the software refuses stands among how a status is decided; nothing stands as a rule beside a form."""
    agency = an_agency()
    a_commitment(agency)
    pledge = signed(agency, code)
    held = code in ENFORCED
    assert held is (code == DateMovesOnce.code)
    text = pledge.text.replace("'", "&#x27;")
    how = html_of(Client().get(f"/agencies/{agency.slug}/promises/"))
    assert (text in how[how.index("How we decide the status") :]) is held
    form = html_of(Client().get(f"/events/{an_event(agency).pk}"))
    assert (text in form) is not held
    assert ("No software can check it:" in form) is not held
    privacy = html_of(Client().get(f"/agencies/{agency.slug}/privacy/"))
    said = "The software holds the agency to it" if held else "No software can check it."
    assert said in privacy[privacy.index(text) :][:400]
    offered = html_of(staff(agency, "admin").get(f"/desk/{agency.slug}/office/pledges/"))
    what = "refuses a second move" if held else "No software can check this."
    assert what in offered[offered.index(text) :][:600]
    told = the_public().get(f"/agencies/{agency.slug}/").json()["pledges"]
    assert [one["enforced"] for one in told] == [held]
