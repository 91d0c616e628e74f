"""What stands around every public page: one language an address, the agency's colours, and nothing that follows a reader."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.makers.agencies import an_agency
from tests.makers.pages import html_of
from web.site.languages.addresses import address_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_address_follows_the_language_where_the_page_has_one_for_each() -> None:
    assert address_of("commitments", slug="here") == "/agencies/here/promises/"
    with translation.override("es"):
        assert address_of("commitments", slug="here") == "/es/agencies/here/promises/"
        assert address_of("manage", token="abc") == "/r/abc"
    assert address_of("commitments", slug="here", language="es") == "/es/agencies/here/promises/"


def test_a_page_names_itself_in_the_other_languages(client: Client) -> None:
    agency = an_agency()
    shown = html_of(client.get(f"/agencies/{agency.slug}/privacy/?page=2"))
    assert f'href="/es/agencies/{agency.slug}/privacy/?page=2" lang="es"' in shown
    shown = html_of(client.get(f"/es/agencies/{agency.slug}/privacy/"))
    assert f'href="/agencies/{agency.slug}/privacy/" lang="en"' in shown
    assert '<html lang="es" dir="ltr">' in shown


def test_a_language_we_do_not_speak_has_no_pages(client: Client) -> None:
    agency = an_agency()
    for code in ("en", "de", "xx"):
        assert client.get(f"/{code}/agencies/{agency.slug}/privacy/").status_code == 404


def test_the_layout_can_be_read_from_right_to_left_outside_production_only(
    client: Client, settings: Any
) -> None:
    shown = html_of(client.get(f"/ar/agencies/{an_agency().slug}/privacy/"))
    assert 'dir="rtl"' in shown
    assert 'hreflang="ar"' not in shown


def test_no_public_page_sets_a_cookie_and_each_may_be_kept_a_minute(client: Client) -> None:
    agency = an_agency()
    for path in ("", "promises/", "heard/", "ask/", "privacy/", "accessibility/", "meetings/"):
        answer = client.get(f"/agencies/{agency.slug}/{path}")
        assert answer.status_code == 200, path
        assert not answer.cookies, path
        assert "Cookie" not in answer.get("Vary", ""), path
        assert answer["Cache-Control"] == "public, max-age=60", path


def test_the_colors_of_an_agency_are_a_sheet_that_changes_its_address_with_them(client: Client) -> None:
    plain, colored = an_agency(), an_agency(primary_color="#7a1f5c")
    assert client.get(f"/agencies/{plain.slug}/colors-1.css").status_code == 404
    assert "colors-" not in html_of(client.get(f"/agencies/{plain.slug}/privacy/"))
    page = html_of(client.get(f"/agencies/{colored.slug}/privacy/"))
    address = f"/agencies/{colored.slug}/colors-{colored.edit_version}.css"
    assert address in page
    sheet = client.get(address)
    assert sheet["Content-Type"].startswith("text/css")
    assert b"--primary:#7a1f5c" in sheet.content
    assert b"--late" not in sheet.content


def test_the_page_of_all_components_is_not_there_in_production(client: Client, settings: Any) -> None:
    assert client.get("/styleguide/").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/styleguide/").status_code == 404
