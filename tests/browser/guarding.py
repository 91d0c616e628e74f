"""What no page may do in a browser, whatever the test is about: each breach fails the test that saw it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# A refused form and a page that is not there are said on the console too; the test looks at those itself.
_ASKED_FOR_BY_PEOPLE = ("document", "xhr", "fetch")


@dataclass
class Guard:
    """Listens to one page: no other origin, no breach of the content policy, no error on the console or in a script."""

    origin: str
    breaches: list[str] = field(default_factory=list)
    _asked_for: set[str] = field(default_factory=set)

    def watch(self, page: Page) -> None:
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.breaches.append(f"a script failed: {error}"))

    def taken(self) -> list[str]:
        """The breaches so far, and forget them."""
        found, self.breaches = self.breaches, []
        return found

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if request.resource_type in _ASKED_FOR_BY_PEOPLE:
            self._asked_for.add(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.breaches.append(f"asked another origin: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.breaches.append(f"{response.status} from {urlsplit(response.url).path}")

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        said = message.text
        if message.type != "error" and "Content Security Policy" not in said:
            return
        if said.startswith("Failed to load resource") and where in self._asked_for:
            return
        self.breaches.append(f"the console says: {said} ({where})")
