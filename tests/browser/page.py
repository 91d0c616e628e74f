"""What one row of the table of pages is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from playwright.sync_api import Page as BrowserPage

from tests.browser.town import Town


class Speaks(Enum):
    """How a page comes to its language."""

    BY_ADDRESS = "address"
    BY_ITSELF = "itself"  # of the link's row, of the person signed in, or of the browser


PUBLIC: Final = Speaks.BY_ADDRESS
LINK: Final = Speaks.BY_ITSELF
STAFF: Final = Speaks.BY_ITSELF


@dataclass(frozen=True)
class Page:
    """name: unique, what a failing test is called. path: from the town to the address, beginning with a slash."""

    name: str
    path: Callable[[Town], str]
    speaks: Speaks
    who: str = ""
    then: Callable[[BrowserPage], None] | None = None
    status: int = 200

    def address(self, town: Town) -> str:
        """In the town's language."""
        prefix = "/es" if self.speaks is PUBLIC and town.language == "es" else ""
        return prefix + self.path(town)
