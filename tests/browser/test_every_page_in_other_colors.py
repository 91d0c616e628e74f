"""Every page in dark and in forced colours: the main ones each time, all of them where there is time."""

from __future__ import annotations

import pytest

from tests.browser.every_page import Visitor, by_name_few_at_first, visitor
from tests.browser.pages import Page

__all__ = ["visitor"]
LANGUAGE = "en"


@by_name_few_at_first
def test_everyone_can_read_the_page_in_their_own_colors(visitor: Visitor, page: Page) -> None:
    wrong = visitor.visit_in_other_colors(page)
    if wrong:
        pytest.fail(
            "\n".join([f"{len(wrong)} things are wrong with the page “{page.name}”:", *wrong]), pytrace=False
        )
