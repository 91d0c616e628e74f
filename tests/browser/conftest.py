"""Fixtures of tests that drive a browser.

``phone`` and ``desktop`` are pages (390 × 844 and 1280 × 900 CSS pixels), ``phone_without_scripts`` and
``desktop_without_scripts`` the same with JavaScript off. A page that asks another origin, breaks the content policy
or logs an error fails its test. Addresses given to ``goto`` are relative to the site. Tests that write say so as everywhere:
``pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import MISSING, find_chromium
from tests.browser.opening import DESKTOP, PHONE, opened
from tests.browser.running_site import Site, a_running_site
from tests.browser.town import Town
from tests.browser.town_building import a_town, leave
from tests.makers.mail_server import Post, a_mail_server

# Nothing outside this machine can be reached, even by a browser that wants to look for updates.
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder in this process; it ends before other folders' tests begin."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(f"The browser tests cannot run: {MISSING}.")
    # Playwright keeps a loop in this thread; Django takes that for asynchronous code, in which it may not query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=chromium, args=[_ALONE])
            yield running
            running.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def site(django_db_setup: None) -> Iterator[Site]:
    with a_running_site() as running:
        yield running


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    yield from _watched(browser, site, size=PHONE)


@pytest.fixture
def desktop(browser: Browser, site: Site) -> Iterator[Page]:
    yield from _watched(browser, site, size=DESKTOP)


@pytest.fixture
def phone_without_scripts(browser: Browser, site: Site) -> Iterator[Page]:
    yield from _watched(browser, site, size=PHONE, scripts=False)


@pytest.fixture
def desktop_without_scripts(browser: Browser, site: Site) -> Iterator[Page]:
    yield from _watched(browser, site, size=DESKTOP, scripts=False)


def _watched(browser: Browser, site: Site, **more: Any) -> Iterator[Page]:
    with opened(browser, site.url, **more) as made:
        yield made.page
        breaches = made.guard.taken()
    if breaches:
        pytest.fail("\n".join(["The page did what no page may do:", *breaches]))


@pytest.fixture
def post(site: Site, settings: Any) -> Iterator[Post]:
    """A mail server, and settings that name it. Its letters come when a test calls ``go_round``: the worker's own work."""
    # The site first: its own setting would be lost with these, if it came after them.
    with a_mail_server() as running:
        settings.MAIL_SERVER = running.server
        settings.MAIL_FROM = "meetings@harbor.example"
        yield running


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, site: Site, django_db_blocker: Any) -> Iterator[Town]:
    """An agency with one of everything, made once for a file. Its tests only look, and have no ``django_db`` mark.

    A file may name the language of its people and places: ``LANGUAGE = "es"``.
    """
    with django_db_blocker.unblock():
        try:
            yield a_town(getattr(request.module, "LANGUAGE", "en"))
        finally:
            leave()
