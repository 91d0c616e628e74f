"""What stands around every page leaves the screen to the page: on a phone, with letters twice as large, without scripts."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.looking import broken_words, too_wide
from tests.browser.opening import PHONE, signed_in
from tests.browser.town import Town

# A phone at 200 %: half as many CSS pixels each way.
LARGE_LETTERS: Final = {"width": 195, "height": 422}
_MOST: Final = 0.25
# Once the letters are there: until then wider ones stand in for them.
_HEADER_ENDS: Final = (
    "() => document.fonts.ready.then(() => document.querySelector('main').getBoundingClientRect().top)"
)


def public_pages(town: Town) -> list[str]:
    agency, commitment = f"/agencies/{town.agency.slug}", town.commitments["late"].number
    pages = [
        f"{agency}/",
        f"{agency}/meetings/",
        f"{agency}/promises/",
        f"{agency}/promises/{commitment}/",
        f"{agency}/heard/",
        f"{agency}/ask/",
        f"/events/{town.events['ahead'].pk}",
    ]
    return [prefix + path for path in pages for prefix in ("", "/es")]


@pytest.mark.parametrize("size", [PHONE, LARGE_LETTERS], ids=["phone", "large letters"])
def test_the_header_takes_a_quarter_of_a_phone_at_most(
    phone_without_scripts: Page, town: Town, size: dict[str, int]
) -> None:
    page, wrong = phone_without_scripts, []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    for path in public_pages(town):
        page.goto(path)
        if (ends := page.evaluate(_HEADER_ENDS)) > _MOST * size["height"]:
            wrong.append(f"{path}: the header is {ends} px of {size['height']}")
        wrong += [f"{path}: {one}" for one in too_wide(page, size)]
        wrong += [f"{path}: {one}" for one in broken_words(page) if size is PHONE]
    assert wrong == []


def test_the_ways_fold_up_behind_one_word_where_they_would_fill_the_screen(
    phone_without_scripts: Page, town: Town
) -> None:
    page = phone_without_scripts
    page.set_viewport_size(LARGE_LETTERS)  # type: ignore[arg-type]
    page.goto(f"/es/agencies/{town.agency.slug}/")
    ways = page.get_by_role("navigation", name="Principal")
    assert ways.count() == 0
    page.locator("summary", has_text="Menú").click()
    assert ways.get_by_role("link").all_inner_texts() == [
        "Reuniones",
        "Promesas",
        "Resúmenes",
        "Pregúntenos",
    ]
    ways.get_by_role("link", name="Promesas").click()
    assert page.url.endswith("/promises/")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert ways.get_by_role("link").count() == 4
    tops = {round(link.bounding_box()["y"]) for link in ways.get_by_role("listitem").all()}  # type: ignore[index]
    assert len(tops) == 1


@pytest.mark.parametrize("size", [PHONE, LARGE_LETTERS], ids=["phone", "large letters"])
def test_the_bar_of_staff_is_one_row_and_every_way_is_behind_its_word(
    phone: Page, town: Town, size: dict[str, int]
) -> None:
    phone.set_viewport_size(size)  # type: ignore[arg-type]
    signed_in(phone, town.people["liaison"]).goto(f"/desk/{town.agency.slug}/")
    assert phone.evaluate(_HEADER_ENDS) <= 64
    phone.locator("summary", has_text="Menu").click()
    for name in ("Events", "Promises", "Questions", "Follow-through"):
        assert phone.get_by_role("navigation", name="Main").get_by_role("link", name=name).is_visible()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url(lambda address: "/desk/" not in address)


def test_a_whole_event_stands_on_the_first_screen_of_an_agencys_page(phone: Page, town: Town) -> None:
    for prefix in ("", "/es"):
        phone.goto(f"{prefix}/agencies/{town.agency.slug}/")
        phone.evaluate("() => document.fonts.ready")
        box = phone.locator(".event").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"], prefix
