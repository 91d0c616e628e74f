"""Staff sign in: password, second factor, reset; and nobody signs up alone."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from engage.people.models import Person
from engage.people.passwords import password_links
from outreach.announcing.letters_asked_for import answer_asks
from outreach.ledger.models import Delivery
from tests.makers.agencies import a_person, an_agency

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
PASSWORD = "a long walk by the river"


@pytest.fixture
def dana() -> Person:
    return somebody()


def somebody(agency: Any = None, email: str = "dana@staff.example") -> Person:
    person = a_person(agency or an_agency(), email=email)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password}, follow=True, **more)


def confirm_it_is_me(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def test_somebody_signs_in_sees_their_desk_and_signs_out_by_a_button(client: Client, dana: Person) -> None:
    answer = sign_in(client, dana.email)
    assert answer.redirect_chain[0][0] == "/desk/"
    assert b"Community liaison" in client.get("/accounts/").content
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_an_address_in_other_case_is_the_same_person(client: Client, dana: Person) -> None:
    sign_in(client, "Dana@Staff.EXAMPLE")
    assert is_signed_in(client)


def test_a_wrong_password_and_a_stranger_get_the_same_sentence(client: Client, dana: Person) -> None:
    wrong, stranger = sign_in(client, dana.email, "wrong"), sign_in(client, "who@staff.example", "wrong")
    assert wrong.context["form"].errors == stranger.context["form"].errors
    assert not is_signed_in(client)


def test_the_form_is_taken_from_our_own_page_only(dana: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": dana.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert b"load the page again" in answer.content


def test_forged_forwarding_headers_do_not_open_a_new_count(dana: Person, settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"secret:network": (12, 600)}
    client = Client()
    for number in range(12):
        client.post(
            "/accounts/login/",
            {"login": f"guess{number}@staff.example", "password": ""},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    for number in range(12):
        client.post(
            "/accounts/login/",
            {"login": f"guess{number}@staff.example", "password": "x" * 12},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert b"Too many tries" in sign_in(client, dana.email).content


def test_where_to_go_next_is_never_another_site(client: Client, dana: Person) -> None:
    fields = {"login": dana.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/accounts/login/", fields)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "3rdparty/", "login/code/", "phone/change/"]
)
def test_nobody_signs_up_alone_and_addresses_stay(client: Client, dana: Person, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    sign_in(client, dana.email)
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}", {"email": "x@y.example"}).status_code == 404


def test_a_forgotten_password_leaves_a_row_in_the_ledger_and_sends_nothing_itself(
    client: Client, dana: Person
) -> None:
    known = client.post("/accounts/password/reset/", {"email": dana.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "who@staff.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert mail.outbox == []
    assert not Delivery.objects.exists()
    answer_asks(now=timezone.now())
    assert Delivery.objects.get().person == dana
    assert mail.outbox == []


def test_the_mailed_link_sets_a_new_password_once_and_signs_nobody_in(client: Client, dana: Person) -> None:
    path = f"/accounts/password/reset/key/{dana.pk.hex}-{password_links.make_token(dana)}/"
    form = client.get(path, follow=True)
    there = form.redirect_chain[-1][0]
    new = {"password1": "another long walk home", "password2": "another long walk home"}
    assert client.post(there, new).status_code == 302
    assert not is_signed_in(client)
    sign_in(client, dana.email, new["password1"])
    assert is_signed_in(client)
    again = Client().get(path, follow=True)
    assert b"password1" not in again.content


def with_totp(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client, dana: Person) -> None:
    secret = with_totp(dana)
    asked = sign_in(client, dana.email)
    assert asked.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_signed_in(client)


def test_the_secret_of_an_authenticator_app_is_sealed_in_the_database(dana: Person) -> None:
    secret = with_totp(dana)
    stored = Authenticator.objects.get(user=dana, type="totp").data
    assert secret not in str(stored)


def test_an_authenticator_app_is_set_up_on_the_page(client: Client, dana: Person) -> None:
    sign_in(client, dana.email)
    confirm_it_is_me(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert b"data:image/svg" in page.content
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=dana, type="totp").exists()


def test_a_passkey_can_be_added_and_used_on_pages_without_inline_code(client: Client, dana: Person) -> None:
    sign_in(client, dana.email)
    confirm_it_is_me(client)
    page = client.get("/accounts/2fa/webauthn/add/")
    assert page.status_code == 200
    assert b"mfa/js/webauthn.js" in page.content
    inline = [
        tag
        for tag in page.content.split(b"<script")[1:]
        if b"src=" not in tag and b"application/json" not in tag
    ]
    assert inline == []
    assert Client().get("/accounts/login/").content.count(b"passkey_login") >= 1


def test_where_the_agency_asks_for_a_second_factor_a_session_without_one_opens_only_the_account(
    client: Client,
) -> None:
    agency = an_agency(mfa_required=True)
    person = somebody(agency, email="strict@staff.example")
    desk = sign_in(client, person.email)
    assert b"Set up a second factor" in desk.content
    # Led to the account, not round and round between the desk and the sign-in.
    away = client.get(f"/desk/{agency.slug}/follow-through/", follow=True)
    assert away.redirect_chain[-1][0] == "/accounts/"
    assert client.get("/api/v1/me/").status_code in {401, 403}
    with_totp(person)
    assert client.get("/api/v1/me/").status_code == 200


def test_pages_of_the_account_ask_for_the_password_again_before_what_matters(
    client: Client, dana: Person
) -> None:
    sign_in(client, dana.email)
    asked = client.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    wrong = client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    assert right.status_code == 302
