"""Opening pages: the two screens that the tests know, with and without JavaScript, and people who are signed in."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from engage.people.models import Person
from tests.browser.guarding import Guard
from tests.makers.worlds import PASSWORD

PHONE: Final = {"width": 390, "height": 844}  # CSS pixels
DESKTOP: Final = {"width": 1280, "height": 900}
# Long enough for two busy cores, short enough that a missing button is known soon.
PATIENCE: Final = 10_000  # milliseconds


@dataclass(frozen=True)
class Opened:
    """A page, and who listens to it."""

    page: Page
    guard: Guard


@contextlib.contextmanager
def opened(
    browser: Browser, origin: str, *, size: Any = DESKTOP, scripts: bool = True, language: str = "en-US"
) -> Iterator[Opened]:
    """A page in a context of its own: no cookie, nothing cached. Relative addresses lead to ``origin``.

    scripts: whether JavaScript runs. language: what the browser says its reader prefers.
    """
    context = browser.new_context(
        base_url=origin,
        viewport=size,
        has_touch=size is PHONE,
        java_script_enabled=scripts,
        locale=language,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    guard = Guard(origin)
    context.on("page", guard.watch)
    try:
        yield Opened(context.new_page(), guard)
    finally:
        context.close()


def signed_in(page: Page, person: Person) -> Page:
    """Give the page's browser a session of that person's, who has just proved who they are. The quick way."""
    client = Client()
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, "password", email=person.email, reauthenticated=True)
    request.session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": settings.PUBLIC_URL, "httpOnly": True}]
    )
    return page


def with_password(person: Person) -> Person:
    """The same person, who can sign in by the form with ``PASSWORD``."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in_by_form(page: Page, email: str, password: str = PASSWORD) -> None:
    """As people do it, on the English page; a second factor may be asked for afterwards."""
    page.goto("/accounts/login/")
    page.get_by_label(re.compile("email", re.IGNORECASE)).fill(email)
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def tick(answer: Locator) -> None:
    """Tick a box, or choose an answer, as people do: by its words. The drawn box stands beside the real one."""
    answer.page.locator(f"label[for='{answer.get_attribute('id')}']").first.click()
    expect(answer).to_be_checked()
