"""One language an address: the first one has none in its path, every other has its code in front (``/es/…``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation


class OtherLanguage:
    """The path's first part, for every language but the first."""

    regex = "|".join(
        code
        for code in [*dict(settings.LANGUAGES), *settings.LAYOUT_LANGUAGES]
        if code != settings.LANGUAGE_CODE
    )

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        # Its ValueError makes ``reverse`` go on to the address without a code.
        if value == settings.LANGUAGE_CODE:
            raise ValueError(value)
        return value


def address_of(name: str, *, language: str | None = None, **parts: Any) -> str:
    """The address of a page, in ``language`` or else in the one that is spoken now. Raises NoReverseMatch."""
    spoken = language or translation.get_language() or settings.LANGUAGE_CODE
    if spoken != settings.LANGUAGE_CODE:
        try:
            return reverse(name, kwargs={**parts, "language": spoken})
        except NoReverseMatch:
            # A page behind a link, or of the staff: it has one address, and speaks its reader's language.
            return reverse(name, kwargs=parts)
    return reverse(name, kwargs=parts)


def same_page(request: HttpRequest) -> list[dict[str, str]]:
    """This page in every language we speak: ``code``, ``name``, ``url``; ``url`` is empty for the one it is in."""
    match, spoken = request.resolver_match, translation.get_language()
    # What the path said, without what its pattern adds; the stubs do not know of it yet.
    captured: dict[str, Any] = getattr(match, "captured_kwargs", {})
    parts = {name: value for name, value in captured.items() if name != "language"}
    tongues = []
    for code, name in settings.LANGUAGES:
        url = ""
        if code != spoken:
            url = _elsewhere(request, code, parts)
        tongues.append({"code": code, "name": str(name), "url": url})
    return tongues


def same_path(request: HttpRequest) -> list[dict[str, str]]:
    """As ``same_page``, for an address that leads nowhere: its twin leads nowhere in the other language."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    spoken = translation.get_language()
    bare = request.path.removeprefix(f"/{spoken}") if spoken in others else request.path
    return [
        {
            "code": code,
            "name": str(name),
            "url": "" if code == spoken else f"/{code}{bare}" if code in others else bare,
        }
        for code, name in settings.LANGUAGES
    ]


def _elsewhere(request: HttpRequest, code: str, parts: dict[str, Any]) -> str:
    """By its own address where the page has one for each language, else by ``?lang=``."""
    query = request.GET.copy()
    query.pop("lang", None)
    path = request.path
    if _has_addresses(request, parts):
        path = address_of(request.resolver_match.view_name, language=code, **parts)  # type: ignore[union-attr]
    else:
        query["lang"] = code
    return f"{path}?{query.urlencode()}" if query else path


def _has_addresses(request: HttpRequest, parts: dict[str, Any]) -> bool:
    if request.resolver_match is None or not request.resolver_match.view_name:
        return False
    other = next(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    try:
        reverse(request.resolver_match.view_name, kwargs={**parts, "language": other})
    except NoReverseMatch:
        return False
    return True
