"""The first page: what runs here, for whom, and where to go."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from engage.models import Agency


@require_safe
@cache_control(public=True, max_age=60)
def home(request: HttpRequest, language: str = "en") -> HttpResponse:
    """One language an address, so that a cache in between needs to know nothing of the reader."""
    with translation.override(language):
        context = {
            "agencies": list(Agency.objects.order_by("name")),
            "public_url": settings.PUBLIC_URL,
            "language": language,
        }
        answer = render(request, "pages/home.html", context)
    answer["Content-Language"] = language
    return answer
