"""Where somebody is signed in: seen, ended, over after two idle hours; cookies that no other host can set; and who one is, asked again."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from engage.people.models import Person, SignInSession
from engage.people.sessions import IDLE, LASTS
from engage.retention.purge import purge
from engage.roles.models import AccessToken
from engage.roles.tokens import issue
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.web.account.test_sign_in import PASSWORD, is_signed_in, sign_in, somebody
from tests.web.staff_clients import signed_in
from web.site.message_cookie import SaidOnce

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _a_quick_hash(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dana(_a_quick_hash: None) -> Person:
    return somebody()


def last_seen(ago: dt.timedelta) -> None:
    SignInSession.objects.update(seen_at=timezone.now() - ago)


def seen() -> dt.datetime:
    return SignInSession.objects.get().seen_at


# --- what is seen, and ended ---


def test_the_account_lists_where_one_is_signed_in_and_ends_one_or_all_others(dana: Person) -> None:
    office, phone = Client(HTTP_USER_AGENT=FIREFOX), Client(HTTP_USER_AGENT=SAFARI, REMOTE_ADDR="203.0.113.9")
    lost = Client(HTTP_USER_AGENT="curl/8")
    for browser in (office, phone, lost):
        sign_in(browser, dana.email)
    page = office.get("/accounts/").content.decode()
    for word in ("Firefox, Windows", "Safari, iPhone", "A browser", "(this one)"):
        assert word in page
    assert "203.0.113.9" not in page
    row = SignInSession.objects.get(device="Safari, iPhone")
    assert row.made_at.second == row.seen_at.second == 0
    office.post(f"/accounts/sessions/{row.number}/end")
    assert not is_signed_in(phone)
    assert is_signed_in(lost)
    office.post("/accounts/sessions/others/end")
    assert not is_signed_in(lost)
    assert is_signed_in(office)


def test_nobody_ends_somebody_elses_session_from_their_own_account(dana: Person) -> None:
    theo = signed_in(somebody(an_agency(), email="theo@staff.example"))
    hers = Client()
    sign_in(hers, dana.email)
    number = SignInSession.objects.get(person=dana).number
    theo.post(f"/accounts/sessions/{number}/end")
    theo.post("/accounts/sessions/others/end")
    assert is_signed_in(hers)
    assert Client().post("/accounts/sessions/others/end")["Location"].startswith("/accounts/login/")


def test_an_administrator_sees_and_closes_what_is_open_for_their_own_people_only() -> None:
    agency = an_agency()
    admin, other = signed_in(a_person(agency, "admin")), signed_in(a_person(an_agency(), "admin"))
    dana = a_person(agency, email="dana@staff.example")
    hers = signed_in(dana)
    issue(person=dana, agency=agency, scopes=["events:read"], label="lobby screen", now=timezone.now())
    path = f"/desk/{agency.slug}/office/people/{dana.pk}/"
    assert b"lobby screen" in admin.get(path).content
    assert other.post(path).status_code == 404
    for kind in ("liaison", "leader", "panelist"):
        assert signed_in(a_person(agency, kind)).post(path).status_code == 403
    foreign = a_person(an_agency())
    assert admin.post(f"/desk/{agency.slug}/office/people/{foreign.pk}/").status_code == 404
    assert is_signed_in(hers)
    admin.post(path)
    assert not is_signed_in(hers)


def test_a_dump_of_the_database_opens_no_session(dana: Person) -> None:
    client = Client()
    sign_in(client, dana.email)
    key = client.session.session_key
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM engage_signinsession s")
        dump = cursor.fetchone()[0]
    assert key not in dump
    client.cookies["sessionid"] = SignInSession.objects.get().session_key
    assert not is_signed_in(client)


# --- how long ---


def test_two_hours_without_an_act_end_a_session(dana: Person) -> None:
    client = signed_in(dana)
    last_seen(119 * MINUTE)
    assert is_signed_in(client)
    assert timezone.now() - seen() < 2 * MINUTE
    last_seen(121 * MINUTE)
    assert not is_signed_in(client)
    purge(now=timezone.now())
    assert not SignInSession.objects.exists()


def test_polls_and_the_door_are_no_act(dana: Person) -> None:
    agency = dana.roles.get().agency
    client, event = signed_in(dana), an_event(agency)
    for path in (f"/desk/{agency.slug}/?poll=1", f"/door/{event.pk}/", f"/door/{event.pk}/numbers?poll=1"):
        last_seen(100 * MINUTE)
        assert client.get(path, headers={"HX-Request": "true"}).status_code in {200, 204, 302, 403}
        assert timezone.now() - seen() > 99 * MINUTE, path
    client.get(f"/desk/{agency.slug}/")
    assert timezone.now() - seen() < 2 * MINUTE


def test_a_database_that_takes_no_writes_still_shows_its_pages(dana: Person) -> None:
    client = signed_in(dana)
    last_seen(100 * MINUTE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        assert is_signed_in(client)


def test_every_page_that_asks_again_by_itself_says_so() -> None:
    polls = [
        tag
        for file in Path("web/templates").rglob("*.html")
        for tag in re.findall(r"<[a-z]+[^>]*hx-trigger=\"[^\"]*every [^>]*>", file.read_text())
    ]
    assert len(polls) >= 3
    assert [tag for tag in polls if "poll=1" not in tag] == []


def test_a_poll_of_a_session_that_is_over_loads_the_page_anew(dana: Person) -> None:
    agency = dana.roles.get().agency
    client = signed_in(dana)
    last_seen(121 * MINUTE)
    answer = client.get(f"/desk/{agency.slug}/?poll=1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (403, "true")
    assert Client().get("/accounts/still-here").status_code == 302
    assert signed_in(dana).get("/accounts/still-here").status_code == 204


def test_twelve_hours_are_the_end_whatever_is_kept_meanwhile(dana: Person) -> None:
    client = Client()
    sign_in(client, dana.email)
    ends = SignInSession.objects.get().expire_date
    assert abs(ends - timezone.now() - dt.timedelta(hours=12)) < MINUTE
    session = client.session
    session["signed_in_at"] -= 3600
    session.save()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/", {"name": "Dana", "language": "en", "time_zone": "America/Denver"})
    assert abs(SignInSession.objects.get().expire_date - ends + dt.timedelta(hours=1)) < MINUTE
    SignInSession.objects.update(expire_date=timezone.now())
    assert not is_signed_in(client)


# --- cookies ---


def names_at(public_url: str) -> list[str]:
    """What the settings call the cookies where Engage is reached at that address."""
    asked = ["SESSION", "CSRF", "DEVICE", "LANGUAGE", "MESSAGES", "DOOR"]
    code = f"from config import settings as s; print(*(getattr(s, n + '_COOKIE_NAME') for n in {asked}))"
    keep = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "PUBLIC_"))}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=keep | {"PUBLIC_URL": public_url, "ENGAGE_ENV": "test"},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return ran.stdout.split()


def test_on_https_no_other_host_of_the_domain_can_set_a_cookie_of_ours() -> None:
    host = [f"__Host-{name}" for name in ("sessionid", "csrftoken", "device", "language", "messages")]
    assert names_at("https://engage.example.gov") == [*host, "__Secure-door"]
    plain = ["sessionid", "csrftoken", "device", "language", "messages", "door"]
    assert names_at("http://127.0.0.1:8000") == plain


def test_every_cookie_that_is_set_keeps_to_what_its_name_promises(
    dana: Person, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SESSION", "CSRF", "DEVICE"):
        setattr(settings, f"{name}_COOKIE_NAME", f"__Host-{name.lower()}")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.DOOR_COOKIE_NAME = "__Secure-door"
    monkeypatch.setattr(SaidOnce.storage_classes[0], "cookie_name", "__Host-messages")
    client = Client(enforce_csrf_checks=False)
    jar: dict[str, Any] = {}
    for answer in (
        client.get("/accounts/login/", secure=True),
        client.post("/accounts/login/", {"login": dana.email, "password": PASSWORD}, secure=True),
        client.get("/accounts/", secure=True),
        client.post("/accounts/logout/", secure=True),
    ):
        jar |= answer.cookies
    assert (
        {name for name in jar if name.startswith("__Host-")}
        == set(jar)
        >= {"__Host-session", "__Host-device"}
    )
    for name, cookie in jar.items():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), name


# --- who one is, asked again ---


@pytest.fixture
def agency_of_theo() -> Any:
    return an_agency()


def theo_of(agency: Any) -> Person:
    person = a_person(agency, "admin", email="theo@staff.example")
    person.set_password(PASSWORD)
    person.save()
    return person


def test_a_key_is_made_after_a_fresh_sign_in_only(agency_of_theo: Any) -> None:
    theo = theo_of(agency_of_theo)
    path = f"/desk/{agency_of_theo.slug}/office/tokens/"
    body = {"label": "screen", "scopes": ["events:read"], "expires": "30"}
    stolen = signed_in(theo, ago=601)
    asked = stolen.post(path, body)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not AccessToken.objects.exists()
    # A wrong password does not go on; the right one goes on with what was sent.
    stolen.post(asked["Location"], {"password": "wrong"})
    assert not AccessToken.objects.exists()
    assert b"engage_" in stolen.post(asked["Location"], {"password": PASSWORD}).content
    assert AccessToken.objects.count() == 1
    assert signed_in(theo, ago=300).post(path, body).status_code == 200


def test_other_peoples_keys_and_sessions_are_ended_after_a_fresh_sign_in_only(agency_of_theo: Any) -> None:
    theo, dana = theo_of(agency_of_theo), a_person(agency_of_theo)
    issue(person=dana, agency=agency_of_theo, scopes=["events:read"], label="", now=timezone.now())
    key = AccessToken.objects.get()
    stolen = signed_in(theo, ago=601)
    office = f"/desk/{agency_of_theo.slug}/office"
    for path in (f"{office}/tokens/{key.pk}/revoke", f"{office}/people/{dana.pk}/"):
        assert stolen.post(path)["Location"].startswith("/accounts/reauthenticate/"), path
    key.refresh_from_db()
    assert key.revoked_at is None


@pytest.mark.parametrize(
    "path",
    ["totp/activate/", "webauthn/add/", "recovery-codes/generate/", "recovery-codes/", "totp/deactivate/"],
)
def test_factors_and_recovery_codes_are_behind_a_fresh_sign_in(dana: Person, path: str) -> None:
    from tests.web.account.test_sign_in import with_totp

    if path not in {"totp/activate/", "webauthn/add/"}:
        with_totp(dana)
    stolen = signed_in(dana, ago=601)
    for answer in (stolen.get(f"/accounts/2fa/{path}"), stolen.post(f"/accounts/2fa/{path}", {"code": "1"})):
        assert answer.status_code == 405 or "reauthenticate" in answer["Location"]


def test_the_api_makes_no_key_for_a_session(dana: Person) -> None:
    client = signed_in(dana)
    refused = client.post(
        "/api/v1/tokens/", {"email": dana.email, "password": ""}, content_type="application/json"
    )
    assert refused.status_code in {400, 401}
    assert not AccessToken.objects.exists()


def test_the_warning_comes_before_the_end_and_the_cookie_lasts_as_long_as_the_sign_in(
    settings: LazySettings,
) -> None:
    assert dt.timedelta(seconds=settings.IDLE_WARNING_SECONDS) <= IDLE - 5 * MINUTE
    assert dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) == LASTS
