"""One address, two answers: the whole page, or the part of it that htmx puts in its place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def for_htmx(answer: HttpResponse) -> HttpResponse:
    """What stands between must not give the one for the other."""
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def asks_for_a_part(request: HttpRequest) -> bool:
    """Whether htmx asks, and not a person who opens the address."""
    return request.headers.get("HX-Request") == "true"
