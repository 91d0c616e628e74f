"""What a resident's phone loads at the first visit, compressed as behind the proxy: at most 70 KB, and all of it from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from tests.browser.opening import PHONE, opened
from tests.browser.running_site import Site, a_running_site
from tests.browser.town import Town

MOST: Final = 70_000  # bytes over the wire, headers included


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[Site]:
    """In place of the package's: this one compresses, as the proxy of docker-compose.yml does."""
    with a_running_site(compressed=True) as running:
        yield running


def loaded(browser: Browser, site: Site, path: str) -> dict[str, int]:
    """Bytes by address for a visit with an empty cache, until nothing more is asked for."""
    with opened(browser, site.url, size=PHONE) as made:
        protocol = made.page.context.new_cdp_session(made.page)
        protocol.send("Network.enable")
        addresses: dict[str, str] = {}
        weights: dict[str, int] = {}

        def sent(event: dict[str, Any]) -> None:
            addresses[event["requestId"]] = event["request"]["url"]

        def done(event: dict[str, Any]) -> None:
            address = addresses.get(event["requestId"], "")
            if not address.startswith("data:"):
                weights[address] = weights.get(address, 0) + int(event["encodedDataLength"])

        protocol.on("Network.requestWillBeSent", sent)
        protocol.on("Network.loadingFinished", done)
        answer = made.page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, path
        assert made.guard.taken() == []
    return weights


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(lambda _town: "/", id="first page of all"),
        pytest.param(lambda town: f"/agencies/{town.agency.slug}/", id="agency home"),
        pytest.param(lambda town: f"/events/{town.events['ahead'].pk}", id="event"),
        pytest.param(lambda town: f"/es/events/{town.events['ahead'].pk}", id="event in Spanish"),
    ],
)
def test_the_first_page_weighs_at_most_70_kb(
    browser: Browser, site: Site, town: Town, path: Callable[[Town], str]
) -> None:
    weights = loaded(browser, site, path(town))
    parts = "\n".join(
        f"{weight:>8}  {address}" for address, weight in sorted(weights.items(), key=lambda one: -one[1])
    )
    assert all(address.startswith(site.url) for address in weights), parts
    assert sum(weights.values()) <= MOST, f"{sum(weights.values())} bytes:\n{parts}"
