"""Every sentence of the pages and of the API exists in Spanish, with the same gaps to fill."""

import pytest
from django.test import Client

from tools.catalogs import faults


def test_nothing_is_missing_left_over_or_not_compiled() -> None:
    assert faults(["web"]) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_spanish_page_speaks_spanish(client: Client) -> None:
    answer = client.get("/es/").content.decode()
    assert "Entrada del personal" in answer
    assert "sign in" not in answer


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_problem_document_speaks_spanish_when_asked(client: Client) -> None:
    answer = client.get("/api/v1/there-is-nothing/", headers={"Accept-Language": "es"})
    assert answer.json()["detail"] == "Aquí no hay nada."
