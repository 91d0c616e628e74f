"""A form on a page behind a link is taken from our own pages only.

These pages set no cookie, so there is none to check a token against: the browser's own word stands in its place.
``Sec-Fetch-Site`` and ``Origin`` cannot be written by another site's page. A program that sends neither is no
browser, and holds the link itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from web.site import errors

_View = Callable[..., HttpResponse]


def came_from_our_page(request: HttpRequest) -> bool:
    """False where the browser says that another site sent this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == settings.PUBLIC_URL or _is_this_host(request, origin)


def _is_this_host(request: HttpRequest, origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc == request.get_host()


def public_form(view: _View) -> _View:
    """GET and HEAD show, POST acts; any other method is refused. POST only from our own pages."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "POST"}:
            answer = errors.page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            answer["Allow"] = "GET, HEAD, POST"
            return answer
        if request.method == "POST" and not came_from_our_page(request):
            return errors.page(request, HTTPStatus.FORBIDDEN)
        return view(request, *args, **kwargs)

    return guarded
