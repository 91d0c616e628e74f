"""A last role that ends asks what its holder leaves behind, and to whom each kind of it goes: on page, API and command."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.commitments.tracking import update
from engage.confirming import ConfirmRequired
from engage.people.models import Person
from engage.refusals import Invalid
from engage.roles.granting import LastAdministrator, end_role, grant
from engage.roles.models import Role
from events.event.models import Event, EventStatus
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def leaving(agency: Agency) -> Person:
    """Marco, with two promises and a draft of one, a need and a meeting; what has ended is nobody's work."""
    marco, now = a_person(agency, name="Marco Vidal"), timezone.now()
    for title in ("First", "Second"):
        a_commitment(agency, title=title, owner=marco)
    a_commitment(agency, title="Draft", owner=marco, draft=True)
    stopped = a_commitment(agency, title="Stopped", owner=marco)
    update(stopped, actor=None, status="will_not_do", reason="No money.", now=now)
    need = AccessRequest.objects.get(rsvp=an_rsvp(an_event(agency), needs=[Need("wheelchair")]))
    arrange(need, actor=marco, owner=marco, status="arranging", now=now)
    Event.objects.filter(pk=a_draft(agency, title="Planned").pk).update(created_by=marco)
    Event.objects.filter(pk=an_event(agency).pk).update(created_by=marco, status=EventStatus.REPORTED)
    return marco


def role_of(person: Person, agency: Agency) -> Role:
    return person.roles.get(agency=agency, until=None)


def whose(agency: Agency) -> dict[str, Any]:
    """By title and kind, who is named."""
    found: dict[str, Any] = {
        one.title: one.owner_id for one in Commitment.objects.filter(agency=agency).order_by("pk")
    }
    found["need"] = AccessRequest.objects.get(agency=agency).owner_id
    found["meeting"] = Event.objects.get(agency=agency, title="Planned").created_by_id
    return found


def test_the_page_shows_what_is_left_behind_and_each_kind_goes_to_whoever_was_chosen() -> None:
    agency = an_agency()
    marco, dana, lee = (
        leaving(agency),
        a_person(agency, name="Dana Reyes"),
        a_person(agency, "leader", name="Lee"),
    )
    client, path = at_the_desk(agency, "admin"), desk(agency, f"office/roles/{role_of(marco, agency).pk}/end")
    page = client.get(path)
    said = text_of(page)
    for words in (
        "3 promises that they answer for by name",
        "1 need that they arrange for people",
        "1 meeting that they planned",
    ):
        assert words in said
    # Whoever cannot arrange a need is not offered for one, and nobody is handed their own.
    offered = {
        name: [str(key) for key, _label in field.choices]
        for name, field in page.context["form"].fields.items()
    }
    assert str(lee.pk) in offered["commitments"]
    assert str(lee.pk) not in offered["needs"]
    assert not [name for name, keys in offered.items() if str(marco.pk) in keys]
    confirm = page.context["question"].digest
    unsaid = client.post(path, {"confirm": confirm, "commitments": str(lee.pk), "needs": "", "events": ""})
    assert (unsaid.status_code, set(unsaid.context["form"].errors)) == (400, {"needs", "events"})
    assert role_of(marco, agency)
    sent = {"confirm": confirm, "commitments": str(lee.pk), "needs": str(dana.pk), "events": "nobody"}
    assert client.post(path, sent).status_code == 302
    assert whose(agency) == {
        "First": lee.pk, "Second": lee.pk, "Draft": lee.pk, "Stopped": marco.pk, "need": dana.pk, "meeting": marco.pk,
    }  # fmt: skip
    ended = Activity.objects.get(agency=agency, verb="role.ended")
    assert (ended.data["handed_over"], ended.data["nobodys_now"]) == (
        {"commitments": 3, "needs": 1},
        {"events": 1},
    )
    assert Activity.objects.filter(agency=agency, verb="commitment.handed_over").count() == 3
    # The public reads that another person answers, and no name; when it was last heard of stays.
    lines = CommitmentUpdate.objects.filter(commitment__agency=agency, owner_to=lee)
    assert {(one.commitment.title, one.number, one.owner_from_id) for one in lines} == {
        ("First", 1, marco.pk),
        ("Second", 1, marco.pk),
    }
    first = Commitment.objects.get(agency=agency, title="First")
    assert (first.updates_count, first.last_updated_on) == (1, None)
    told = text_of(Client().get(f"/agencies/{agency.slug}/promises/{first.number}/"))
    assert "Another person" in told
    assert "Lee" not in told
    # Everyone's board says that nobody plans it.
    assert "Whoever planned it has left" in text_of(at_the_desk(agency).get(desk(agency)))


def test_what_came_to_them_while_the_page_was_read_is_asked_about_anew() -> None:
    agency = an_agency()
    marco, dana = leaving(agency), a_person(agency, name="Dana Reyes")
    client, path = at_the_desk(agency, "admin"), desk(agency, f"office/roles/{role_of(marco, agency).pk}/end")
    confirm = client.get(path).context["question"].digest
    late = a_commitment(agency, title="Late", owner=marco)
    sent = {"confirm": confirm, "commitments": str(dana.pk), "needs": "nobody", "events": "nobody"}
    again = client.post(path, sent)
    assert (again.status_code, role_of(marco, agency).until) == (409, None)
    assert "4 promises" in text_of(again)
    assert client.post(path, sent | {"confirm": again.context["question"].digest}).status_code == 302
    assert Commitment.objects.get(pk=late.pk).owner_now == dana


def test_the_api_asks_first_and_takes_a_person_or_nobody_for_each_kind() -> None:
    agency = an_agency()
    marco, dana = leaving(agency), a_person(agency)
    api, path = api_of(agency, "admin"), f"/roles/{role_of(marco, agency).pk}/end/"
    asked = api.post(path, {})
    problem = asked.json()
    assert (asked.status_code, problem["code"]) == (409, "confirm_required")
    assert [(one["code"], one["number"]) for one in problem["consequences"]] == [
        ("commitments", 3),
        ("needs", 1),
        ("events", 1),
    ]
    yes = {"confirm": problem["confirm"]}
    stranger = a_person(an_agency())
    for taker in (stranger, marco):
        wrong = api.post(path, yes | {"hand_over": {"needs": str(taker.pk)}})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/hand_over/needs")
    assert api.post(path, yes | {"hand_over": {"venues": None}}).status_code == 400
    assert (
        api.post(path, yes | {"hand_over": {"commitments": str(dana.pk), "needs": None}}).status_code == 200
    )
    assert {whose(agency)[title] for title in ("First", "Second", "Draft")} == {dana.pk}
    assert whose(agency)["need"] == marco.pk
    assert AccessRequest.objects.get(agency=agency).owner_now is None


def test_nobody_is_asked_where_another_role_stays_or_nothing_is_left_behind() -> None:
    agency, other = an_agency(), an_agency()
    marco, now = leaving(agency), timezone.now()
    grant(person=marco, agency=agency, kind="leader", actor=None, now=now)
    grant(person=marco, agency=other, kind="liaison", actor=None, now=now)
    api = api_of(agency, "admin")
    liaison = marco.roles.get(agency=agency, kind="liaison")
    assert api.post(f"/roles/{liaison.pk}/end/", {}).status_code == 200
    # Elsewhere nothing is theirs; here it is.
    assert api_of(other, "admin").post(f"/roles/{role_of(marco, other).pk}/end/", {}).status_code == 200
    assert api.post(f"/roles/{role_of(marco, agency).pk}/end/", {}).status_code == 409


def test_the_last_administrator_is_refused_before_anything_is_asked_or_handed_over() -> None:
    agency = an_agency()
    admin, dana = a_person(agency, "admin"), a_person(agency)
    kept = a_commitment(agency, owner=admin)
    with pytest.raises(LastAdministrator):
        end_role(role_of(admin, agency), actor=None, now=timezone.now(), confirm="", to={"commitments": dana})
    with pytest.raises(ConfirmRequired):
        end_role(role_of(grant_another(agency), agency), actor=None, now=timezone.now(), confirm="")
    assert Commitment.objects.get(pk=kept.pk).owner == admin


def grant_another(agency: Agency) -> Person:
    person = a_person(agency, "leader")
    a_commitment(agency, owner=person)
    return person


def test_a_taker_who_cannot_take_one_kind_leaves_the_role_and_every_kind_as_they_were() -> None:
    agency = an_agency()
    marco, lee = leaving(agency), a_person(agency, "leader")
    before = whose(agency)
    with pytest.raises(Invalid):
        end_role(
            role_of(marco, agency),
            actor=None,
            now=timezone.now(),
            to={"commitments": lee.pk, "needs": lee.pk},
        )
    assert whose(agency) == before
    assert role_of(marco, agency)


def test_an_account_is_closed_only_once_somebody_said_who_takes_what_is_theirs() -> None:
    agency, other = an_agency(name="Harbor Falls Police"), an_agency(name="Lake City Hall")
    marco, dana = leaving(agency), a_person(agency)
    grant(person=marco, agency=other, kind="leader", actor=None, now=timezone.now())
    a_commitment(other, owner=marco)
    with pytest.raises(CommandError, match=r"3 promises.*1 need.*1 meeting"):
        call_command("deactivate_person", marco.email)
    # Dana works at one of the two alone: then nothing is done at either.
    with pytest.raises(CommandError, match="cannot take this at Lake City Hall"):
        call_command("deactivate_person", marco.email, hand_to=dana.email)
    marco.refresh_from_db()
    assert marco.is_active
    assert whose(agency)["First"] == marco.pk
    grant(person=dana, agency=other, kind="leader", actor=None, now=timezone.now())
    said = StringIO()
    call_command("deactivate_person", marco.email, hand_to=dana.email, stdout=said)
    assert "handed to" in said.getvalue()
    assert whose(agency)["First"] == dana.pk
    alone = grant_another(agency)
    call_command("deactivate_person", alone.email, to_nobody=True, stdout=StringIO())
    assert Commitment.objects.get(owner=alone).owner_now is None


@really_saved
def test_a_commitment_that_somebody_takes_at_the_same_moment_is_theirs_and_is_not_taken_away() -> None:
    agency = an_agency()
    marco, dana, lee = a_person(agency), a_person(agency), a_person(agency, "leader")
    kept = [a_commitment(agency, owner=marco) for _ in range(6)]

    def take(one: Commitment) -> None:
        try:
            update(one, actor=None, owner=lee, reason="Lee takes it.", now=timezone.now())
        finally:
            connections.close_all()

    def leave(_: Any) -> None:
        try:
            end_role(role_of(marco, agency), actor=None, now=timezone.now(), to={"commitments": dana.pk})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(take, one) for one in kept[:3]] + [pool.submit(leave, None)]
        done += [pool.submit(take, one) for one in kept[3:5]]
        for one in done:
            one.result()
    rows = {one.pk: one for one in Commitment.objects.filter(agency=agency)}
    assert [rows[one.pk].owner_id for one in kept[:5]] == [lee.pk] * 5
    assert rows[kept[5].pk].owner_id == dana.pk
    for one in rows.values():
        numbers = list(one.updates.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, one.updates_count + 1))
