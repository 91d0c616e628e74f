"""When something is not as it should be: what happened and one next step, in the language of the address, from no database."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.makers.agencies import a_person, an_agency
from web.site import errors

_SHOWN = [400, 403, 404, 405, 410, 413, 429, 500, 503]


@pytest.mark.parametrize("status", _SHOWN)
def test_each_has_one_heading_and_a_next_step_and_asks_no_database(status: int) -> None:
    # Without the database mark: a query here would fail.
    answer = errors.page(RequestFactory().get("/r/x"), HTTPStatus(status))
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert 'class="next-step"' in page
    assert answer["Cache-Control"] == "no-store"
    assert "csrf" not in page
    assert not answer.cookies


def test_a_refusal_says_its_own_sentence_escaped() -> None:
    answer = errors.refusal(RequestFactory().get("/"), HTTPStatus.CONFLICT, "It is <b>full</b>.")
    assert "It is &lt;b&gt;full&lt;/b&gt;." in answer.content.decode()


@pytest.mark.django_db(databases=["default", "owner"])
def test_an_address_in_spanish_is_answered_in_spanish_whatever_the_browser_prefers() -> None:
    answer = Client().get("/es/agencies/nobody/promises/", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert b'<html lang="es"' in answer.content
    assert answer["Content-Language"] == "es"


@pytest.mark.django_db(databases=["default", "owner"])
def test_who_has_another_role_is_told_whom_to_ask_and_where_their_work_is() -> None:
    agency = an_agency()
    client = Client()
    client.force_login(a_person(agency, "panelist"))
    answer = client.get(f"/desk/{agency.slug}/office/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You can’t see this" in page
    assert "administrator" in page
    assert 'href="/desk/"' in page


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_way_on_leads_somewhere(django_assert_num_queries: Any) -> None:
    client = Client()
    with django_assert_num_queries(0):
        page = client.get("/nothing/here").content.decode()
    assert 'href="/"' in page


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "more", ["promises/999/", "promises/not-a-number/", "nothing/here/", "heard/?after=made-up"]
)
@pytest.mark.parametrize("language", ["", "/es"])
def test_what_is_not_there_in_an_agencys_part_has_its_frame_around_it(language: str, more: str) -> None:
    agency = an_agency(name="Elm County")
    answer = Client().get(f"{language}/agencies/{agency.slug}/{more}")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Elm County" in page
    assert f'href="{language}/agencies/{agency.slug}/promises/"' in page
    other = "/es" if not language else ""
    assert f'href="{other}/agencies/{agency.slug}/' in page, "the way to the other language"
    assert 'content="noindex"' in page
    assert "canonical" not in page
    assert not answer.cookies


@pytest.mark.django_db(databases=["default", "owner"])
def test_where_no_agency_is_named_the_page_is_plain() -> None:
    for path in ("/agencies/nobody/promises/", "/nothing/here", f"/r/{'a' * 53}"):
        assert "Engage" in Client().get(path).content.decode()
