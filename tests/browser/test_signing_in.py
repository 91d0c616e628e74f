"""Staff sign in with a real browser: password, authenticator app, passkey. Found by what is said on the page, not by its looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from engage.people.models import Person, SignInSession
from tests.browser.opening import sign_in_by_form, signed_in, tick, with_password
from tests.makers.agencies import a_person, an_agency
from tests.makers.worlds import PASSWORD

_ASKING = ("/login/", "/authenticate/", "/reauthenticate/")
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def dana() -> Person:
    return with_password(a_person(an_agency(), email="dana@staff.example", name="Dana"))


def a_key_store(page: Page) -> Callable[[], list[dict[str, Any]]]:
    """A passkey store that says yes for its owner (CDP, WebAuthn domain). Returns how to read what it keeps."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    store = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda: protocol.send("WebAuthn.getCredentials", {"authenticatorId": store})["credentials"]


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, sorted(yield_hotp_counters_from_time())[1]))


def send(page: Page) -> None:
    """Press the button of the form that asks for something in the page's content."""
    page.get_by_role("main").locator("form:visible").first.get_by_role("button").first.click()


def is_signed_in(page: Page) -> None:
    """Away from the pages that ask, to where somebody arrives; and a page for staff opens."""
    page.wait_for_url(lambda url: not any(step in url for step in _ASKING))
    page.goto("/accounts/2fa/")
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))


def say_it_is_still_me(page: Page) -> None:
    """Before something that matters the password is asked for again; right after signing in it is not."""
    if "/reauthenticate/" in page.url:
        page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
        send(page)


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name=re.compile("sign out", re.IGNORECASE)).first.click()
    page.goto("/accounts/login/")
    expect(page.locator("input[name=password]")).to_be_visible()


@pytest.mark.parametrize("screen", ["phone", "desktop", "phone_without_scripts"])
def test_with_email_and_password(screen: str, dana: Person, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in_by_form(page, dana.email)
    is_signed_in(page)


@pytest.mark.parametrize("screen", ["phone", "phone_without_scripts"])
def test_a_wrong_password_is_said_on_top_and_the_address_stays(
    screen: str, dana: Person, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in_by_form(page, dana.email, "another one entirely")
    expect(page).to_have_title(re.compile("^Error"))
    summary = page.get_by_role("main").get_by_role("alert")
    expect(summary).to_contain_text(re.compile("password", re.IGNORECASE))
    expect(page.locator("input[name=login]")).to_have_value(dana.email)
    expect(page.locator("input[name=password]")).to_have_value("")
    if screen == "phone":
        expect(summary).to_be_focused()


def test_by_keyboard_alone(desktop: Page, dana: Person) -> None:
    desktop.goto("/accounts/login/")
    desktop.locator("input[name=login]").focus()
    desktop.keyboard.type(dana.email)
    desktop.keyboard.press("Tab")
    desktop.keyboard.type(PASSWORD)
    desktop.keyboard.press("Enter")
    is_signed_in(desktop)


@pytest.mark.parametrize("screen", ["phone", "phone_without_scripts"])
def test_with_an_authenticator_app_that_was_set_up_on_the_pages(
    screen: str, dana: Person, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in_by_form(page, dana.email)
    page.goto("/accounts/2fa/totp/activate/")
    say_it_is_still_me(page)
    secret = (
        page.get_by_role("textbox", disabled=True).or_(page.locator("input[readonly]")).first.input_value()
    )
    expect(page.get_by_role("main").get_by_role("img")).to_be_visible()
    page.locator("input[name=code]").fill(code_now(secret))
    send(page)
    page.wait_for_url(lambda url: "/activate/" not in url)
    assert Authenticator.objects.filter(user=dana, type="totp").exists()

    sign_out(page)
    sign_in_by_form(page, dana.email)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.locator("input[name=code]:visible").fill("000000")
    send(page)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    # Each code serves once; the next thirty seconds' one is within the tolerance.
    page.locator("input[name=code]:visible").fill(next_code(secret))
    send(page)
    is_signed_in(page)


def next_code(secret: str) -> str:
    counters = sorted(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[-1]))


def test_with_a_passkey_that_was_added_on_the_pages(phone: Page, dana: Person) -> None:
    keys = a_key_store(phone)
    sign_in_by_form(phone, dana.email)
    phone.goto("/accounts/2fa/webauthn/add/")
    say_it_is_still_me(phone)
    phone.locator("input[name=name]").fill("My phone")
    tick(phone.locator("input[name=passwordless]"))
    send(phone)
    phone.wait_for_url(lambda url: "/webauthn/add/" not in url)
    (kept,) = keys()
    assert kept["isResidentCredential"]
    assert Authenticator.objects.filter(user=dana, type="webauthn").exists()

    sign_out(phone)
    phone.get_by_role("button", name=re.compile("passkey", re.IGNORECASE)).click()
    is_signed_in(phone)


def test_a_passkey_opens_when_a_guesser_has_used_up_every_try(
    phone: Page, dana: Person, settings: LazySettings
) -> None:
    a_key_store(phone)
    sign_in_by_form(phone, dana.email)
    phone.goto("/accounts/2fa/webauthn/add/")
    say_it_is_still_me(phone)
    tick(phone.locator("input[name=passwordless]"))
    send(phone)
    phone.wait_for_url(lambda url: "/webauthn/add/" not in url)
    sign_out(phone)
    phone.context.clear_cookies()
    settings.RATES = dict.fromkeys(settings.RATES, (0, 600)) | {"public_posts": (600, 600)}
    sign_in_by_form(phone, dana.email)
    expect(phone.get_by_role("main")).to_contain_text("Too many tries")
    phone.goto("/accounts/login/")
    phone.get_by_role("button", name=re.compile("passkey", re.IGNORECASE)).click()
    is_signed_in(phone)


def test_an_unsaved_draft_is_warned_of_before_the_sign_in_is_over(
    desktop: Page, dana: Person, settings: LazySettings
) -> None:
    settings.IDLE_WARNING_SECONDS = 1
    signed_in(desktop, dana).goto("/accounts/")
    warning = desktop.locator("#idle")
    desktop.locator("input[name=name]").fill("Dana Okafor")
    expect(warning).to_contain_text("is not saved yet")
    expect(warning).to_be_visible()
    warning.get_by_role("button").click()
    expect(warning).to_be_hidden()
    SignInSession.objects.all().delete()
    expect(warning).to_be_visible()
    warning.get_by_role("button").click()
    expect(warning).to_contain_text("You are signed out")
    expect(desktop.locator("input[name=name]")).to_have_value("Dana Okafor")


def test_without_scripts_the_page_says_how_long_a_sign_in_lasts(
    desktop_without_scripts: Page, dana: Person
) -> None:
    signed_in(desktop_without_scripts, dana).goto("/accounts/")
    said = desktop_without_scripts.get_by_role("main")
    # As it is shown: what is in a <noscript> is no text to Playwright.
    expect(said).to_contain_text("After two hours without a click", use_inner_text=True)


def test_where_there_is_no_passkey_the_page_says_so_and_the_form_stays(phone: Page, dana: Person) -> None:
    a_key_store(phone)
    phone.goto("/accounts/login/")
    phone.get_by_role("button", name=re.compile("passkey", re.IGNORECASE)).click()
    expect(phone.get_by_role("status").filter(has_text="passkey")).to_be_visible()
    expect(phone.locator("input[name=password]")).to_be_visible()
    phone.goto("/accounts/2fa/")
    expect(phone).to_have_url(re.compile("/accounts/login/"))
