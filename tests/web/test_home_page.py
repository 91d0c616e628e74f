"""The first page: what runs here, and where to go."""

from typing import Any

import pytest
from django.test import Client

from tests.makers.agencies import an_agency

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_it_names_the_agencies_and_the_ways_in(client: Client, django_assert_max_num_queries: Any) -> None:
    for name in ("Harbor Falls", "Cedar Bend", "Quarry Road"):
        an_agency(name=name)
    with django_assert_max_num_queries(1):
        answer = client.get("/")
    for word in (b"Harbor Falls", b"Cedar Bend", b"/calendars/", b"/api/v1/docs/", b"/accounts/login/"):
        assert word in answer.content


def test_an_empty_deployment_says_how_to_begin(client: Client) -> None:
    assert b"create_agency" in client.get("/").content


def test_each_language_has_its_own_address_whatever_the_browser_prefers(client: Client) -> None:
    for path, language in (("/", "en"), ("/es/", "es")):
        answer = client.get(path, headers={"Accept-Language": "es" if language == "en" else "en"})
        assert f'<html lang="{language}">'.encode() in answer.content
        assert answer["Cache-Control"] == "public, max-age=60"


def test_names_are_escaped(client: Client) -> None:
    an_agency(name="<b>Bold</b> Police")
    assert b"<b>Bold" not in client.get("/").content
