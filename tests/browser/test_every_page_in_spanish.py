"""Every page of ``pages.PAGES`` in Spanish. Two files, one for each language, since a file is one process's work."""

from __future__ import annotations

import pytest

from tests.browser.every_page import Visitor, by_name, visitor
from tests.browser.pages import Page

__all__ = ["visitor"]
LANGUAGE = "es"
# The same pages as in English, and as many minutes.
pytestmark = pytest.mark.slow


@by_name
def test_everyone_can_read_and_use_the_page(visitor: Visitor, page: Page) -> None:
    wrong = visitor.visit(page)
    if wrong:
        pytest.fail(
            "\n".join([f"{len(wrong)} things are wrong with the page “{page.name}”:", *wrong]), pytrace=False
        )
