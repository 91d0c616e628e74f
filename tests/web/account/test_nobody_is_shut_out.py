"""Nobody shuts somebody who works here out by guessing: not from her network, nor from a hundred others."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from engage.people.models import Person
from engage.people.passwords import password_links
from tests.makers.agencies import an_agency
from tests.web.account.test_sign_in import PASSWORD, is_signed_in, sign_in, somebody

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.5"}


@pytest.fixture(autouse=True)
def _a_quick_hash(settings: LazySettings) -> None:
    """Hundreds of passwords are tried here, and how slow each one is to check is another test's matter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dana(_a_quick_hash: None) -> Person:
    return somebody()


def as_program(person: Person, *, password: str = PASSWORD, **more: Any) -> int:
    body = {"email": person.email, "password": password}
    return Client().post("/api/v1/tokens/", body, content_type="application/json", **more).status_code


def test_ten_wrong_passwords_from_anywhere_shut_nobody_out(dana: Person) -> None:
    for number in range(10):
        sign_in(Client(), dana.email, "wrong", REMOTE_ADDR="203.0.113.7")
        sign_in(Client(), dana.email, "wrong", REMOTE_ADDR=f"203.0.113.{number}")
    owner = Client(**ELSEWHERE)
    sign_in(owner, dana.email)
    assert is_signed_in(owner)
    assert as_program(dana, **ELSEWHERE) == 201


def test_on_a_device_where_she_signed_in_before_she_gets_in_from_the_very_network_of_the_guesser(
    dana: Person, settings: LazySettings
) -> None:
    settings.RATES = settings.RATES | {"secret:network": (12, 600)}
    hers = Client()
    sign_in(hers, dana.email)
    hers.post("/accounts/logout/")
    for _ in range(14):
        sign_in(Client(), dana.email, "wrong")
    assert sign_in(Client(), dana.email).status_code == 429
    sign_in(hers, dana.email)
    assert is_signed_in(hers)


def test_a_known_device_has_ten_tries_of_its_own_and_no_more(dana: Person) -> None:
    hers = Client()
    sign_in(hers, dana.email)
    hers.post("/accounts/logout/")
    answers = [sign_in(hers, dana.email, "wrong").status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_the_mark_of_a_device_is_its_persons_alone_and_ends_with_the_password(dana: Person) -> None:
    theo = somebody(an_agency(), email="theo@staff.example")
    shared = Client()
    sign_in(shared, dana.email)
    mark = shared.cookies["device"]
    assert mark["httponly"]
    assert mark["samesite"] == "Lax"
    shared.post("/accounts/logout/")
    for _ in range(10):
        sign_in(Client(), theo.email, "wrong")
        sign_in(Client(), dana.email, "wrong")
    assert sign_in(shared, theo.email).status_code == 429
    dana.set_password("another long walk home")
    dana.save()
    for _ in range(10):
        sign_in(Client(), dana.email, "wrong")
    assert sign_in(shared, dana.email, "another long walk home").status_code == 429
    # Made up, or cut from somewhere else, it is worth nothing.
    shared.cookies["device"] = "e30:1:forged"
    assert sign_in(shared, theo.email).status_code == 429


def test_a_shared_computer_knows_everybody_who_works_at_it(dana: Person) -> None:
    theo = somebody(an_agency(), email="theo@staff.example")
    shared = Client()
    for person in (dana, theo):
        sign_in(shared, person.email)
        shared.post("/accounts/logout/")
    for person in (dana, theo):
        for _ in range(10):
            sign_in(Client(), person.email, "wrong")
        sign_in(shared, person.email)
        assert is_signed_in(shared)
        shared.post("/accounts/logout/")


@pytest.mark.parametrize(
    "other",
    [
        {"login": "DANA@Staff.Example"},
        {"login": "  dana@staff.example "},
        {"headers": {"X-Forwarded-For": "198.51.100.9"}},
        {"headers": {"Forwarded": "for=198.51.100.9", "X-Real-IP": "198.51.100.9"}},
        {"REMOTE_ADDR": "2001:db8:1:2:ffff::9"},
        {"headers": {"User-Agent": "another", "Accept-Language": "es"}},
    ],
)
def test_no_limit_is_escaped_by_what_the_caller_may_choose(dana: Person, other: dict[str, Any]) -> None:
    home = {"REMOTE_ADDR": "2001:db8:1:2::1" if "REMOTE_ADDR" in other else "127.0.0.1"}
    for _ in range(10):
        Client().post("/accounts/login/", {"login": dana.email, "password": "wrong"}, **home)
    more = home | {key: value for key, value in other.items() if key != "login"}
    said = {"login": other.get("login", dana.email), "password": PASSWORD}
    assert Client().post("/accounts/login/", said, **more).status_code == 429
    body = {"email": said["login"], "password": PASSWORD}
    assert Client().post("/api/v1/tokens/", body, content_type="application/json", **more).status_code == 429


def test_page_and_programs_share_one_count(dana: Person) -> None:
    for _ in range(5):
        sign_in(Client(), dana.email, "wrong")
        as_program(dana, password="wrong")
    assert as_program(dana) == 429
    assert sign_in(Client(), dana.email).status_code == 429


def test_right_ones_are_not_counted(dana: Person) -> None:
    for _ in range(12):
        client = Client()
        sign_in(client, dana.email)
        assert is_signed_in(client)


def test_a_guesser_with_a_hundred_networks_is_slow_and_her_mailed_link_lets_her_in(
    dana: Person, settings: LazySettings
) -> None:
    settings.RATES = settings.RATES | {"secret:account": (20, 3600)}
    hers = Client()
    sign_in(hers, dana.email)
    hers.post("/accounts/logout/")
    guesses = [
        sign_in(Client(), dana.email, "wrong", REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(30)
    ]
    assert guesses == [200] * 20 + [429] * 10
    assert sign_in(Client(), dana.email, **ELSEWHERE).status_code == 429
    sign_in(hers, dana.email)
    assert is_signed_in(hers)
    # On a new device: a new password by mail begins a new count, which the guesser has to use up first.
    new = Client(**ELSEWHERE)
    dana.refresh_from_db()
    there = new.get(
        f"/accounts/password/reset/key/{dana.pk.hex}-{password_links.make_token(dana)}/", follow=True
    ).redirect_chain[-1][0]
    new.post(there, {"password1": "another long walk home", "password2": "another long walk home"})
    for n in range(30):
        sign_in(Client(), dana.email, "wrong", REMOTE_ADDR=f"203.0.113.{n}")
    sign_in(new, dana.email, "another long walk home")
    assert is_signed_in(new)


def test_the_wait_that_is_said_is_true(dana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    start = int(time.time()) // 600 * 600 + 600
    for second in range(10):
        monkeypatch.setattr(time, "time", lambda moment=start + 400.0 + second: moment)
        sign_in(Client(), dana.email, "wrong")
    refused = sign_in(Client(), dana.email)
    said = int(refused["Retry-After"])
    assert said > 100
    assert f"({said} seconds)" in refused.content.decode()
    monkeypatch.setattr(time, "time", lambda: start + 409.0 + said - 2)
    assert sign_in(Client(), dana.email).status_code == 429
    monkeypatch.setattr(time, "time", lambda: start + 409.0 + said)
    assert sign_in(Client(), dana.email).redirect_chain
