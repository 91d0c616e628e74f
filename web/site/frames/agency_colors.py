"""The stylesheet of an agency that chose a colour of its own: the primary family, and never a status."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from engage.agencies.appearance import palette, palette_on_dark
from web.site.frames.public import the_agency


@require_safe
@cache_control(public=True, max_age=86_400)
def agency_colors(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Its address holds the agency's edit version, so it may be kept for a day."""
    agency = the_agency(slug)
    if not agency.primary_color:
        raise Http404
    # Whoever asked for more contrast keeps the system's own colours.
    light, dark = _said(palette(agency.primary_color)), _said(palette_on_dark(agency.primary_color))
    return HttpResponse(
        f"@media not (prefers-contrast: more){{:root{{{light}}}}}\n"
        f"@media screen and (prefers-color-scheme: dark) and (not (prefers-contrast: more)){{:root{{{dark}}}}}\n",
        content_type="text/css; charset=utf-8",
    )


def _said(family: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in family.items())
