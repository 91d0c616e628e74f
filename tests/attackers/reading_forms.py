"""Forms as a browser sees them, filled in by somebody who types one address wherever an address is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """One form of a page. fields: what a browser would send untouched. addresses: names of fields that ask for one."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    def with_address(self, address: str) -> dict[str, str]:
        return self.fields | dict.fromkeys(self.addresses, address)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, []  # type: ignore[var-annotated]
        self._form: Form | None = None
        self._choice, self._text = "", ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in given}
        if tag == "form":
            self._form = Form(
                urljoin(self.page, has.get("action") or self.page), has.get("method", "get").lower()
            )
            self.found.append(self._form)
        if self._form is None:
            return
        name = has.get("name", "")
        if tag == "input" and name:
            self._take_input(name, has)
        elif tag == "textarea" and name:
            self._form.fields[name] = "Why is the square closed?"
        elif tag == "select" and name:
            self._choice = name
        elif tag == "option" and self._choice:
            self._choose(self._choice, has.get("value", ""), chosen="selected" in has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = ""

    def _take_input(self, name: str, has: dict[str, str]) -> None:
        assert self._form is not None
        kind = has.get("type", "text")
        if kind == "email" or name in {"email", "login"} or "email" in has.get("autocomplete", ""):
            self._form.addresses.append(name)
        elif kind == "radio":
            self._choose(name, has.get("value", ""), chosen="checked" in has)
        elif kind == "checkbox":
            if "checked" in has or "required" in has:
                self._form.fields[name] = has.get("value", "on")
        elif kind == "password":
            self._form.fields[name] = "a wrong one, and long"
        elif kind not in {"submit", "button", "image", "file"}:
            self._form.fields[name] = has.get("value", "") or ("1" if kind == "number" else "")

    def _choose(self, name: str, value: str, *, chosen: bool) -> None:
        assert self._form is not None
        # Whoever gives an address wants to be written to, where the form asks.
        if value == "email" or (chosen and self._form.fields.get(name) != "email"):
            self._form.fields[name] = value
        self._form.fields.setdefault(name, value)


def forms_of(page: str, html: str) -> list[Form]:
    """The forms of ``html``, which came from ``page``."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.found
