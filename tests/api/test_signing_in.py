"""Tokens: shown once, no more than the role gives, and with the second factor where there is one."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from engage.roles.models import AccessToken, Role
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import Api, the_public
from tests.makers.worlds import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def a_staff_member(kind: str = "liaison", **settings: object) -> tuple[object, dict[str, str]]:
    agency = an_agency(**settings)
    person = a_person(agency, kind)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person, {"email": person.email, "password": PASSWORD, "agency": agency.slug}


def test_a_token_works_is_shown_once_and_can_be_revoked() -> None:
    _person, body = a_staff_member()
    made = the_public().post("/tokens/", body | {"label": "laptop"}).json()
    program = Api(made["token"])
    assert program.get("/me/").json()["agency"] == body["agency"]
    listed = program.get("/tokens/")
    assert made["token"].encode() not in listed.content
    assert [one["label"] for one in listed.json()["results"]] == ["laptop"]
    assert made["token"].encode() not in bytes(AccessToken.objects.get().token_sha256)
    assert program.delete(f"/tokens/{made['id']}/").status_code == 204
    assert program.get("/me/").status_code == 401


def test_a_token_gets_no_more_than_the_role_gives_and_loses_what_the_role_loses() -> None:
    person, body = a_staff_member("leader")
    assert the_public().post("/tokens/", body | {"scopes": ["admin"]}).status_code == 403
    made = the_public().post("/tokens/", body | {"scopes": ["commitments:write"]}).json()
    assert made["scopes"] == ["commitments:write"]
    Role.objects.filter(person=person).delete()
    assert Api(made["token"]).get("/deliveries/").status_code == 403


def test_wrong_password_and_unknown_address_get_the_same_answer() -> None:
    _person, body = a_staff_member()
    wrong = the_public().post("/tokens/", body | {"password": "wrong"})
    unknown = the_public().post("/tokens/", body | {"email": "nobody@staff.example"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_who_has_a_second_factor_must_give_its_code() -> None:
    person, body = a_staff_member()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    assert the_public().post("/tokens/", body).json()["code"] == "otp_required"
    assert the_public().post("/tokens/", body | {"otp": "000000"}).json()["code"] == "otp_invalid"
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert the_public().post("/tokens/", body | {"otp": code}).status_code == 201


def test_an_agency_that_asks_for_a_second_factor_gives_no_token_without_one() -> None:
    _person, body = a_staff_member(mfa_required=True)
    refused = the_public().post("/tokens/", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")


def test_a_browser_session_works_and_a_change_needs_the_csrf_token() -> None:
    person, _body = a_staff_member()
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(person)  # type: ignore[arg-type]
    assert browser.get("/api/v1/me/").status_code == 200
    refused = browser.post("/api/v1/venues/", {"name": "Library"}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
