"""What a browser needs to show public pages without a signal: the program that keeps them, and a page for those it has not."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from web.site.frames.public import public_page


@lru_cache(maxsize=1)
def _program() -> bytes:
    return (Path(__file__).parent / "service_worker.js").read_bytes()


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, since a service worker reaches only what lies below its own address."""
    return HttpResponse(_program(), content_type="text/javascript; charset=utf-8")


@public_page
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the browser beforehand, for an address that it has no copy of."""
    return render(request, "site/offline/offline.html")
