"""Somebody's own account: its form, its language, and pages of sign-in that look and speak like ours."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from engage.activity.models import Activity
from engage.people.models import Person
from tests.makers.agencies import a_person, an_agency
from tests.makers.pages import html_of
from tests.web.account.test_sign_in import PASSWORD, confirm_it_is_me, sign_in, somebody
from tests.web.staff_clients import errors_of, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
MINE = {"name": "Dana Okafor", "language": "es", "time_zone": "America/Denver"}


@pytest.fixture
def dana() -> Person:
    return somebody()


def test_name_language_and_clock_are_ones_own_to_change(dana: Person) -> None:
    client = signed_in(dana)
    assert client.post("/accounts/", MINE)["Location"] == "/accounts/"
    dana.refresh_from_db()
    assert (dana.name, dana.language, dana.time_zone) == ("Dana Okafor", "es", "America/Denver")
    assert Activity.objects.get(verb="person.changed").actor == dana
    assert '<html lang="es"' in html_of(client.get("/accounts/"))
    assert '<html lang="es"' in html_of(client.get("/accounts/2fa/", headers={"Accept-Language": "en"}))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"language": "xx"}, "language"), ({"time_zone": "Mars/Olympus"}, "time_zone")],
)
def test_what_does_not_fit_is_said_at_its_field(dana: Person, wrong: dict[str, str], field: str) -> None:
    answer = signed_in(dana).post("/accounts/", MINE | wrong)
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {field}
    assert "<title>Error: " in html_of(answer)
    dana.refresh_from_db()
    assert dana.name == "Dana"


def test_the_account_says_where_somebody_works_and_leads_there(dana: Person) -> None:
    agency = dana.roles.get().agency
    said = html_of(signed_in(dana).get("/accounts/"))
    assert f'href="/desk/{agency.slug}/"' in said
    assert "Community liaison" in said
    nobody = signed_in(a_person(email="gone@staff.example"))
    assert "You hold no role here now." in html_of(nobody.get("/accounts/"))
    assert Client().get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


@pytest.mark.parametrize(
    ("kind", "begins"), [("leader", "follow-through/"), ("admin", "office/"), ("panelist", None)]
)
def test_each_role_leads_to_a_page_that_it_may_open(kind: str, begins: str | None) -> None:
    agency = an_agency()
    client = signed_in(a_person(agency, kind))
    said = html_of(client.get("/accounts/"))
    assert f'href="/desk/{agency.slug}/"' not in said
    if begins:
        assert f'href="/desk/{agency.slug}/{begins}"' in said
        assert client.get(f"/desk/{agency.slug}/{begins}").status_code == 200


def test_a_wrong_password_is_said_on_top_and_the_address_stays(client: Client, dana: Person) -> None:
    said = html_of(sign_in(client, dana.email, "wrong"))
    assert "<title>Error: Sign in" in said
    assert 'id="errors"' in said
    assert f'value="{dana.email}"' in said


PAGES = (
    "", "login/", "logout/", "inactive/", "reauthenticate/", "password/change/", "password/reset/", "password/reset/done/",
    "password/reset/key/done/", "password/reset/key/1-none/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/",
    "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/", "2fa/reauthenticate/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_account_looks_foreign_or_carries_inline_code(client: Client, path: str) -> None:
    """Every page has our frame, one heading, our buttons, and no style or script of its own."""
    person = somebody(an_agency(), email="all@staff.example")
    client.force_login(person)
    if "login" not in path and "reset" not in path:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    if "recovery" in path or "deactivate" in path or path == "2fa/reauthenticate/":
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    if path in {
        "login/",
        "password/reset/done/",
        "inactive/",
        "password/reset/key/done/",
        "password/reset/key/1-none/",
    }:
        client.logout()
    answer = client.get(f"/accounts/{path}", follow=True)
    said = html_of(answer)
    assert answer.status_code == 200
    assert said.count("<h1") == 1
    assert 'class="bar"' in said
    assert "style=" not in said
    assert "<style" not in said
    assert "as_p" not in said
    for tag in said.split("<script")[1:]:
        assert "src=" in tag.partition(">")[0] or "application/json" in tag.partition(">")[0]
    main = said.partition("<main")[2].partition("</main>")[0]
    for button in main.split("<button")[1:]:
        assert 'class="usa-button' in button or 'class="as-link' in button


def test_recovery_codes_are_seen_kept_as_a_file_and_made_anew(client: Client, dana: Person) -> None:
    sign_in(client, dana.email)
    TOTP.activate(dana, generate_totp_secret())
    RecoveryCodes.activate(dana)
    confirm_it_is_me(client)
    seen = html_of(client.get("/accounts/2fa/recovery-codes/"))
    assert seen.count("<code>") == 10
    assert client.get("/accounts/2fa/recovery-codes/download/")["Content-Type"].startswith("text/plain")
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert html_of(client.get("/accounts/2fa/recovery-codes/")) != seen


def test_an_app_is_removed_by_a_button(client: Client, dana: Person) -> None:
    sign_in(client, dana.email)
    TOTP.activate(dana, generate_totp_secret())
    confirm_it_is_me(client)
    assert b"Remove the app" in client.get("/accounts/2fa/totp/deactivate/").content
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=dana, type="totp").exists()
