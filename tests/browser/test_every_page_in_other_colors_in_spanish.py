"""As ``test_every_page_in_other_colors``, in Spanish, whose longer words make other boxes."""

from __future__ import annotations

import pytest

from tests.browser.every_page import Visitor, by_name_few_at_first, visitor
from tests.browser.pages import Page

__all__ = ["visitor"]
LANGUAGE = "es"
pytestmark = pytest.mark.slow


@by_name_few_at_first
def test_everyone_can_read_the_page_in_their_own_colors(visitor: Visitor, page: Page) -> None:
    wrong = visitor.visit_in_other_colors(page)
    if wrong:
        pytest.fail(
            "\n".join([f"{len(wrong)} things are wrong with the page “{page.name}”:", *wrong]), pytrace=False
        )
