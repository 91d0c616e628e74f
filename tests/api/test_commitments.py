"""Commitments over the API: by updates only, with evidence and reasons, and late by the agency's own day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.commitments.models import Commitment
from engage.commitments.tracking import update
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.commitments import a_commitment, today_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PROMISE = {
    "title": "Say why",
    "done_means": "Reviewed.",
    "owner_office": "Patrol",
    "focus_area": "procedural_justice",
    "due_on": "2027-06-30",
}


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_numbers_are_given_when_confirmed_and_drafts_stay_among_staff() -> None:
    agency = an_agency()
    liaison, public = api_of(agency), the_public()
    assert liaison.post("/commitments/", PROMISE).json()["number"] == 1
    draft = liaison.post("/commitments/", PROMISE | {"draft": True}).json()
    assert (draft["number"], draft["draft"]) == (None, True)
    assert public.get(f"/commitments/{draft['id']}/").status_code == 404
    confirmed = liaison.post(f"/commitments/{draft['id']}/confirm/").json()
    assert (confirmed["number"], confirmed["draft"]) == (2, False)
    assert public.get(f"/commitments/{draft['id']}/").json()["at_risk"] is None


def test_what_the_public_holds_the_agency_to_changes_by_updates_only() -> None:
    agency = an_agency()
    leader, path = api_of(agency, "leader"), f"/commitments/{a_commitment(agency).pk}/"
    for field, value in (
        ("due_on", "2028-01-01"),
        ("title", "Less"),
        ("status", "kept"),
        ("owner_office", "Nobody"),
    ):
        assert code_of(leader.patch(path, {field: value})) == (400, "use_updates")
    assert leader.patch(path, {"focus_area": "safety_and_wellness"}).status_code == 200


def test_evidence_and_reason_answer_first() -> None:
    agency = an_agency()
    leader, path = api_of(agency, "leader"), f"/commitments/{a_commitment(agency).pk}/updates/"
    assert code_of(leader.post(path, {"status": "kept"})) == (400, "evidence_required")
    assert code_of(leader.post(path, {"status": "not_kept"})) == (400, "reason_required")
    assert code_of(leader.post(path, {"due_on": "2029-01-01"})) == (400, "reason_required")
    evidence = [{"kind": "link", "url": "https://records.example/1", "title": "The list"}]
    kept = leader.post(path, {"status": "kept", "evidence": evidence})
    assert (kept.status_code, kept.json()["status_to"]) == (201, "kept")
    assert kept.json()["evidence"][0]["url"] == "https://records.example/1"
    assert code_of(leader.post(path, {"status": "open", "reason": "No."})) == (409, "wrong_state")
    bad = [{"kind": "link", "url": "javascript:alert(1)"}]
    assert leader.post(path, {"note": "x", "evidence": bad}).status_code == 400


def test_a_redacted_text_is_gone_from_every_answer() -> None:
    agency = an_agency()
    leader, commitment = api_of(agency, "leader"), a_commitment(agency)
    path = f"/commitments/{commitment.pk}/updates/"
    leader.post(path, {"note": "Mrs. Jones said so."})
    hidden = leader.post(f"{path}1/redact/", {"field": "note", "reason": "It named a resident."})
    assert hidden.status_code == 200, hidden.content
    listed = the_public().get(path)
    assert b"Jones" not in listed.content + hidden.content
    assert listed.json()["results"][0]["redactions"] == [{"field": "note", "reason": "It named a resident."}]


def test_a_redacted_title_is_gone_as_it_stood_and_as_it_stands() -> None:
    agency = an_agency()
    leader, commitment = api_of(agency, "leader"), a_commitment(agency)
    path = f"/commitments/{commitment.pk}/updates/"
    for title in ("A lamp for Mrs. Jones", "A lamp on Rice Street"):
        leader.post(path, {"title": title, "reason": "Clearer."})
    for number in (1, 2):
        leader.post(f"{path}{number}/redact/", {"field": "title", "reason": "It named a resident."})
    listed = the_public().get(path)
    assert b"Jones" not in listed.content
    assert [(one["title_from"], one["title_to"], one["reason"]) for one in listed.json()["results"]] == [
        ("", "", "Clearer.")
    ] * 2


def test_late_and_at_risk_can_be_asked_for_and_agree_with_each_answer() -> None:
    agency = an_agency(timezone="Pacific/Auckland")
    today = today_of(agency)
    commitments = [a_commitment(agency, due_on=today + dt.timedelta(days=days)) for days in (-3, 0, 5, 90)]
    longago = dt.datetime.now(dt.UTC) - dt.timedelta(days=200)
    Commitment.objects.filter(pk=commitments[2].pk).update(created_at=longago)
    leader = api_of(agency, "leader")
    for name in ("late", "at_risk"):
        field = "is_late" if name == "late" else name
        for wanted in ("true", "false"):
            found = leader.get(f"/commitments/?{name}={wanted}&agency={agency.slug}").json()["results"]
            assert found
            assert {one[field] for one in found} == {wanted == "true"}
    late = leader.get(f"/commitments/?late=true&agency={agency.slug}").json()["results"]
    assert [(one["days_late"], one["id"]) for one in late] == [(3, str(commitments[0].pk))]
    assert code_of(the_public().get("/commitments/?at_risk=true")) == (401, "not_authenticated")


def test_how_they_stand_can_be_asked_for_and_agrees_with_each_answer_for_whoever_asks() -> None:
    agency, other = an_agency(), an_agency()
    today, long_ago = today_of(agency), timezone.now() - dt.timedelta(days=60)
    for host in (agency, other):
        due = {"late": (-3, -3), "moved": (5, -3), "at_risk": (5, 5), "on_track": (90, 90)}
        for last, first in due.values():
            made = a_commitment(host)
            Commitment.objects.filter(pk=made.pk).update(
                due_on=today + dt.timedelta(days=last),
                first_due_on=today + dt.timedelta(days=first),
                created_at=long_ago,
            )
        a_commitment(host, draft=True)
        update(a_commitment(host), actor=None, status="not_kept", reason="No money.", now=timezone.now())
    for api in (the_public(), api_of(agency), api_of(agency, "panelist")):
        everything = api.get("/commitments/?page_size=200").json()["results"]
        for standing in ("late", "moved", "on_track", "not_kept", "draft", "kept"):
            found = api.get(f"/commitments/?standing={standing}&page_size=200").json()["results"]
            assert [one["id"] for one in found] == [
                one["id"] for one in everything if one["standing"] == standing
            ]
    staff = api_of(agency).get("/commitments/?standing=at_risk").json()["results"]
    assert [(one["agency"], one["standing"]) for one in staff] == [(agency.slug, "at_risk")]
    assert code_of(the_public().get("/commitments/?standing=at_risk")) == (401, "not_authenticated")
    assert api_of(agency, "panelist").get("/commitments/?standing=at_risk").status_code == 403
    assert the_public().get("/commitments/?standing=fine").status_code == 400


def test_follow_through_shows_everyone_the_same_but_for_what_is_at_risk() -> None:
    agency = an_agency()
    a_commitment(agency, due_on=today_of(agency) - dt.timedelta(days=2))
    a_commitment(agency)
    path = f"/insights/follow-through/?agency={agency.slug}"
    leader, public = api_of(agency, "leader").get(path).json(), the_public().get(path).json()
    assert leader["counts"]["late"] == public["counts"]["late"] == 1
    assert leader["counts"]["total"] == 2
    assert public["counts"]["at_risk"] is None
    assert leader["counts"]["at_risk"] == 0
    assert public["ageing"][0]["days"] == 2
