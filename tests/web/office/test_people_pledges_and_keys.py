"""Who works here and who may no longer, what is pledged in public, and keys that are shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency, Community, Pledge
from engage.agencies.pledges import sign_pledge
from engage.people.models import Person
from engage.roles.models import AccessToken, Invitation, Role
from engage.roles.tokens import issue
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.web.staff_clients import errors_of, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


@pytest.fixture
def agency() -> Agency:
    return an_agency()


@pytest.fixture
def theo(agency: Agency) -> Person:
    return a_person(agency, "admin", name="Theo")


@pytest.fixture
def admin(theo: Person) -> Client:
    return signed_in(theo)


def at(agency: Agency, path: str) -> str:
    return f"/desk/{agency.slug}/office/{path}"


# --- people ---


def test_somebody_is_invited_listed_and_the_invitation_withdrawn(agency: Agency, admin: Client) -> None:
    asked = {"email": "New@Staff.example", "kind": "leader", "language": "es"}
    assert admin.post(at(agency, "people/"), asked).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.kind, invitation.language) == ("new@staff.example", "leader", "es")
    assert "new@staff.example" in admin.get(at(agency, "people/")).content.decode()
    admin.post(at(agency, f"invitations/{invitation.pk}/withdraw"))
    assert "Nobody is invited now" in admin.get(at(agency, "people/")).content.decode()
    assert Activity.objects.filter(verb="invitation.withdrawn").count() == 1
    assert admin.post(at(agency, f"invitations/{invitation.pk}/withdraw")).status_code == 409
    assert admin.get(at(agency, f"invitations/{invitation.pk}/withdraw")).status_code == 405


def test_who_is_here_already_is_not_invited_again(agency: Agency, admin: Client) -> None:
    there = a_person(agency, "liaison", email="dana@staff.example")
    answer = admin.post(at(agency, "people/"), {"email": there.email, "kind": "liaison", "language": "en"})
    assert answer.status_code == 409
    assert set(errors_of(answer)) == {"email"}
    assert 'value="dana@staff.example"' in answer.content.decode()
    assert set(errors_of(admin.post(at(agency, "people/"), {"email": "x", "kind": "king"}))) == {
        "email",
        "kind",
        "language",
    }


def test_a_role_ends_but_not_the_last_administrators(agency: Agency, theo: Person, admin: Client) -> None:
    liaison = Role.objects.get(person=a_person(agency, "liaison"))
    path = at(agency, f"roles/{liaison.pk}/end")
    assert "no longer “Community liaison”" in admin.get(path).content.decode()
    assert admin.post(path)["Location"] == at(agency, "people/")
    assert admin.get(path).status_code == 404
    own = at(agency, f"roles/{Role.objects.get(person=theo).pk}/end")
    refused = admin.post(own)
    assert refused.status_code == 409
    assert "An agency needs an administrator." in refused.content.decode()
    a_person(agency, "admin")
    assert admin.post(own)["Location"] == "/accounts/"
    assert admin.get(at(agency, "people/")).status_code == 404


def test_many_people_cost_no_query_more(
    agency: Agency, admin: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        a_person(agency, "liaison", name=f"<i>{number}")
    with django_assert_max_num_queries(8):
        said = admin.get(at(agency, "people/")).content.decode()
    assert "&lt;i&gt;14" in said


def test_another_agencys_things_are_not_there(agency: Agency, admin: Client) -> None:
    other = an_agency()
    person = a_person(other, "admin")
    role = Role.objects.get(person=person)
    pledge = sign_pledge(other, actor=person, code="no_id_asked", text="No ID.", now=NOW)
    token, _secret = issue(person=person, agency=other, scopes=["admin"], label="x", now=NOW)
    community = a_community(other)
    for path in (f"roles/{role.pk}/end", f"pledges/{pledge.pk}/withdraw", f"communities/{community.pk}/"):
        assert admin.get(at(agency, path)).status_code == 404
    for path in (f"tokens/{token.pk}/revoke", f"communities/{community.pk}/remove", f"roles/{role.pk}/end"):
        assert admin.post(at(agency, path)).status_code == 404


# --- pledges ---


def test_a_pledge_is_signed_with_name_and_date_and_withdrawn_in_public(
    agency: Agency, theo: Person, admin: Client
) -> None:
    path = at(agency, "pledges/sign/never_used_to_investigate")
    form = admin.get(path).content.decode()
    assert "You, Theo, sign this" in form
    assert "is never used to investigate anybody." in form
    assert not Pledge.objects.exists()
    admin.post(path, {"code": "never_used_to_investigate", "text": "We never use it against anybody."})
    pledge = Pledge.objects.get()
    assert (pledge.signed_by, pledge.text) == (theo, "We never use it against anybody.")
    assert "Signed by Theo" in admin.get(at(agency, "pledges/")).content.decode()
    again = admin.post(path, {"code": "never_used_to_investigate", "text": "Twice."})
    assert again.status_code == 409
    assert "This pledge is signed already." in again.content.decode()
    admin.get(at(agency, f"pledges/{pledge.pk}/withdraw"))
    assert Pledge.objects.get().withdrawn_on is None
    admin.post(at(agency, f"pledges/{pledge.pk}/withdraw"))
    said = admin.get(at(agency, "pledges/")).content.decode()
    assert "It stood from" in said
    assert Activity.objects.get(verb="pledge.withdrawn").public
    assert admin.post(at(agency, f"pledges/{pledge.pk}/withdraw")).status_code == 404


def test_own_words_are_a_pledge_too_and_none_are_no_pledge(agency: Agency, admin: Client) -> None:
    path = at(agency, "pledges/sign/own")
    assert set(errors_of(admin.post(path, {"code": "own", "text": " "}))) == {"text"}
    for text in ("We answer on Mondays.", "We answer in Spanish too."):
        assert admin.post(path, {"code": "own", "text": text}).status_code == 302
    assert Pledge.objects.count() == 2
    assert admin.get(at(agency, "pledges/sign/unheard-of")).status_code == 404


# --- keys for programs ---


def test_a_key_is_shown_once_and_opens_what_was_chosen(agency: Agency, admin: Client) -> None:
    made = admin.post(at(agency, "tokens/"), {"label": "Lobby", "scopes": ["events:read"], "expires": "30"})
    secret = re.search(r'value="(engage_[\w-]+)"', made.content.decode())
    assert secret is not None
    assert made["Cache-Control"].count("no-store")
    token = AccessToken.objects.get()
    assert (token.scopes, (token.expires_at - token.created_at).days) == (["events:read"], 30)
    listed = admin.get(at(agency, "tokens/")).content.decode()
    assert secret[1] not in listed
    assert "Lobby" in listed
    assert "See meetings, drafts too" in listed
    header = {"Authorization": f"Bearer {secret[1]}"}
    assert Client().get("/api/v1/me/", headers=header).status_code == 200
    admin.post(at(agency, f"tokens/{token.pk}/revoke"))
    assert Client().get("/api/v1/me/", headers=header).status_code == 401
    assert "No key opens anything now" in admin.get(at(agency, "tokens/")).content.decode()


def test_a_key_never_gets_more_than_its_owner_has(agency: Agency, admin: Client) -> None:
    answer = admin.post(at(agency, "tokens/"), {"label": "", "scopes": ["events:write"], "expires": "9000"})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"label", "scopes", "expires"}
    assert not AccessToken.objects.exists()


# --- communities ---


def test_communities_are_added_changed_and_taken_off(agency: Agency, admin: Client) -> None:
    asked = {"name": "Lockside", "kind": "neighborhood", "population_share": "60", "seldom_heard": "on"}
    assert admin.post(at(agency, "communities/"), asked).status_code == 302
    lockside = Community.objects.get()
    assert lockside.seldom_heard
    assert set(errors_of(admin.post(at(agency, "communities/"), asked))) == {"name"}
    too_much = admin.post(at(agency, "communities/"), asked | {"name": "Northbank", "population_share": "41"})
    assert set(errors_of(too_much)) == {"population_share"}
    assert 'value="Northbank"' in too_much.content.decode()
    path = at(agency, f"communities/{lockside.pk}/")
    assert set(errors_of(admin.post(path, asked | {"population_share": "101"}))) == {"population_share"}
    admin.post(path, {"name": "Lock Street", "kind": "neighborhood"})
    lockside.refresh_from_db()
    assert (lockside.name, lockside.population_share, lockside.seldom_heard) == ("Lock Street", None, False)
    a_commitment(agency, communities=[lockside])
    kept = admin.post(at(agency, f"communities/{lockside.pk}/remove"), follow=True).content.decode()
    assert "so it stays." in kept
    other = a_community(agency)
    admin.post(at(agency, f"communities/{other.pk}/remove"))
    assert list(Community.objects.filter(agency=agency)) == [lockside]
