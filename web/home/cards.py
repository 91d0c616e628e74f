"""The picture that a link to an agency's first page shows where somebody sends it on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from web.site.frames.public import public_page, the_agency
from web.site.pictures import Card, answer_with, color_of


@public_page
def agency_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return answer_with(request, card_of(the_agency(slug)))


def card_of(agency: Agency) -> Card:
    return Card(agency.name, heading_of(agency), color=color_of(agency))


def heading_of(agency: Agency) -> str:
    words = {
        Agency.Kind.POLICE_DEPARTMENT: _("Meet your police department, and check what came of it"),
        Agency.Kind.SHERIFF: _("Meet your sheriff’s office, and check what came of it"),
        Agency.Kind.CITY_HALL: _("Meet your city hall, and check what came of it"),
    }
    return words.get(
        Agency.Kind(agency.kind), _("Meet the people who work for you, and check what came of it")
    )
