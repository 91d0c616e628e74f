"""Nobody guesses a secret of somebody who works here, and nobody shuts its owner out by guessing."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from engage.people.models import Person
from engage.people.passwords import PasswordLinks
from tests.makers.agencies import a_person, an_agency
from tests.web.account.test_sign_in import PASSWORD, code_for, is_signed_in, sign_in, somebody, with_totp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
password_links = PasswordLinks()
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.5"}
CODE_PAGE = "/accounts/2fa/authenticate/"
# Everything that a form about a secret may be called, all of it wrong.
WRONG = {
    "password": "wrong", "oldpassword": "wrong", "password1": "another long walk home", "code": "000000",
    "password2": "another long walk home", "name": "Dana",
}  # fmt: skip
# The answers that look at a secret, and as whom one gets there.
CHECKS = {
    ("/accounts/login/", "nobody"),
    ("/accounts/2fa/authenticate/", "half signed in"),
    ("/accounts/reauthenticate/", "signed in"),
    ("/accounts/reauthenticate/", "signed in, with an app"),
    ("/accounts/2fa/reauthenticate/", "signed in, with an app"),
    ("/accounts/password/change/", "signed in"),
    ("/accounts/password/change/", "signed in, with an app"),
    ("/accounts/2fa/totp/activate/", "signed in"),
    ("/api/v1/tokens/", "nobody"),
    ("/api/v1/tokens/", "half signed in"),
}


@pytest.fixture(autouse=True)
def _a_quick_hash(settings: LazySettings) -> None:
    """Hundreds of passwords are tried here, and how slow each one is to check is another test's matter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dana(_a_quick_hash: None) -> Person:
    return somebody()


@contextmanager
def secrets_looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Each time a secret is compared with what somebody sent, and is another."""
    looked: list[str] = []

    def watch(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            right = original(*args, **kwargs)
            looked.extend([] if right else [name])
            return right

        patch.setattr(owner, name, watched)

    with monkeypatch.context() as patch:
        watch(Person, "check_password")
        watch(totp.TOTP, "validate_code")
        watch(totp, "validate_totp_code")
        watch(RecoveryCodes, "validate_code")
        yield looked


def pages_of_accounts() -> list[str]:
    """Every address below /accounts/ that takes no argument, as the table of addresses has it."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, here)
            elif "<" not in here and "(" not in here:
                yield "/" + here

    return sorted(path for path in walk(get_resolver().url_patterns, "") if path.startswith("/accounts/"))


def as_whom(kind: str) -> tuple[Client, Person]:
    person = somebody(an_agency(), email=f"{kind.replace(' ', '-').replace(',', '')}@staff.example")
    if kind in {"half signed in", "signed in, with an app"}:
        with_totp(person)
    client = Client()
    if kind == "half signed in":
        sign_in(client, person.email)
        client.cookies.pop("device", None)
    elif kind.startswith("signed in"):
        client.force_login(person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client, person


def send_wrong(client: Client, person: Person, kind: str, path: str) -> Any:
    if not path.startswith("/api/"):
        return client.post(path, WRONG | {"login": person.email})
    password = PASSWORD if kind == "half signed in" else "wrong"
    body = {"email": person.email, "password": password, "otp": "000000"}
    return client.post(path, body, content_type="application/json")


@pytest.mark.parametrize("kind", ["nobody", "half signed in", "signed in", "signed in, with an app"])
def test_whatever_looks_at_a_secret_refuses_the_eleventh_wrong_try(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, person = as_whom(kind)
    found = set()
    operations = [] if kind.startswith("signed in") else ["/api/v1/tokens/"]
    for path in [*pages_of_accounts(), *operations]:
        if path in {"/accounts/logout/", "/accounts/password/reset/"}:
            continue
        with secrets_looked_at(monkeypatch) as looked:
            send_wrong(client, person, kind, path)
            if not looked:
                continue
            found.add((path, kind))
            cache.clear()
            for _ in range(10):
                looked.clear()
                answer = send_wrong(client, person, kind, path)
                assert looked, (path, answer.status_code)
            looked.clear()
            refused = send_wrong(client, person, kind, path)
        assert refused.status_code == 429, path
        assert looked == [], path
        assert int(refused["Retry-After"]) > 0
        assert f"{refused['Retry-After']} seconds" in refused.content.decode(), path
        cache.clear()
    assert found == {each for each in CHECKS if each[1] == kind}


def test_only_counted_places_of_our_own_code_look_at_a_secret() -> None:
    """Who writes the next one finds this list, and puts it behind engage.people.secret_tries."""
    names = {
        "check_password", "acheck_password", "validate_code", "validate_totp_code", "check_token", "authenticate",
        "complete_authentication",
    }  # fmt: skip
    found = set()
    for room in ("engage", "events", "outreach", "api", "web", "config"):
        for file in Path(room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in names
                ):
                    found.add((str(file), node.func.attr))
    assert found == {
        ("web/account/sign_in.py", "check_password"),
        ("api/v1/tokens.py", "check_password"),
        ("api/v1/tokens.py", "validate_code"),
    }


def test_whoever_has_the_password_gets_ten_codes_over_all_networks_and_sign_ins(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = with_totp(dana)
    halves = []
    for number in range(6):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(client, dana.email)
        halves.append(client)
    with secrets_looked_at(monkeypatch) as looked:
        answers = [halves[n % 6].post(CODE_PAGE, {"code": f"{n:06}"}).status_code for n in range(60)]
        assert looked.count("validate_code") == 2 * 10  # the app's, and the recovery codes
    assert answers.count(429) == 50
    halves[0].post(CODE_PAGE, {"code": code_for(secret)})
    assert not is_signed_in(halves[0])
    assert as_program(dana, otp=code_for(secret)) == 429


def as_program(person: Person, *, password: str = PASSWORD, otp: str = "", **more: Any) -> int:
    body = {"email": person.email, "password": password} | ({"otp": otp} if otp else {})
    return Client().post("/api/v1/tokens/", body, content_type="application/json", **more).status_code


def test_codes_sent_at_the_same_moment_are_counted_one_by_one(
    dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_totp(dana)
    halves = [Client() for _ in range(8)]
    for half in halves:
        sign_in(half, dana.email)

    def send(half: Client) -> list[int]:
        try:
            return [half.post(CODE_PAGE, {"code": "000000"}).status_code for _ in range(4)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        answers = [status for many in crowd.map(send, halves) for status in many]
    assert answers.count(200) == 10
    assert answers.count(429) == 22


def test_thirty_wrong_codes_a_day_are_the_end_even_for_the_patient(
    dana: Person, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.RATES["secret:code-day"] == (30, 86_400)
    settings.RATES = settings.RATES | {"secret:code-day": (12, 86_400)}
    with_totp(dana)
    half = Client()
    start = int(time.time()) // 86_400 * 86_400 + 86_400
    answered = 0
    for number in range(24):
        monkeypatch.setattr(time, "time", lambda moment=start + number * 3000: moment)
        half.post("/accounts/login/", {"login": dana.email, "password": PASSWORD})
        answered += half.post(CODE_PAGE, {"code": "000000"}).status_code == 200
    assert answered == 12


def test_a_new_password_begins_no_new_count_of_codes_for_whoever_reads_the_mail(
    dana: Person, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the mailbox alone one password after the other can be set, and the device of each is a known one."""
    assert settings.RATES["secret:code-person"] == (100, 86_400)
    settings.RATES = settings.RATES | {"secret:code-person": (25, 86_400)}
    secret = with_totp(dana)
    thief = Client(**ELSEWHERE)
    with secrets_looked_at(monkeypatch) as looked:
        for number in range(4):
            password = f"a long walk number {number}"
            dana.refresh_from_db()
            link = f"/accounts/password/reset/key/{dana.pk.hex}-{password_links.make_token(dana)}/"
            there = thief.get(link, follow=True).redirect_chain[-1][0]
            thief.post(there, {"password1": password, "password2": password})
            for browser in (thief, Client(**ELSEWHERE)):
                sign_in(browser, dana.email, password)
                for _ in range(10):
                    browser.post(CODE_PAGE, {"code": "000000"})
        assert looked.count("validate_code") == 2 * 25  # the app's, and the recovery codes
    thief.post(CODE_PAGE, {"code": code_for(secret)})
    assert not is_signed_in(thief)


def test_without_a_cache_each_process_counts_for_itself(dana: Person, settings: LazySettings) -> None:
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend | {"OPTIONS": {"socket_connect_timeout": 0.2}}}
    answers = [sign_in(Client(), dana.email, "wrong", **ELSEWHERE).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    owner = Client(REMOTE_ADDR="192.0.2.99")
    sign_in(owner, dana.email)
    assert is_signed_in(owner)


@pytest.mark.parametrize(
    "path",
    [
        "/invitation/{}", "/door/open/{}", "/accept/{}", "/r/{}", "/r/{}/data", "/confirm/{}", "/unsubscribe/{}",
        "/calendars/rsvp/{}.ics", "/accounts/password/reset/key/0123456789abcdef0123456789abcdef-{}/",
        "/api/v1/rsvps/{}/",
    ],
)  # fmt: skip
def test_links_are_not_guessed_on_and_on(path: str) -> None:
    answers = [Client().get(path.format("a" * 53), follow=True).status_code for _ in range(22)]
    assert answers[20:] == [429, 429]


def test_door_links_are_not_traded_on_and_on() -> None:
    def trade() -> int:
        return (
            Client()
            .post("/api/v1/door-sessions/", {"token": "a" * 43}, content_type="application/json")
            .status_code
        )

    assert [trade() for _ in range(22)][20:] == [429, 429]
    listed = {"HTTP_AUTHORIZATION": "Door " + "a" * 43, "REMOTE_ADDR": "192.0.2.55"}
    path = f"/api/v1/events/{a_person(an_agency()).pk}/check-ins/"
    assert [Client().get(path, **listed).status_code for _ in range(22)][20:] == [429, 429]
