"""The description: valid OpenAPI 3.1, complete, and readable without any other host."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from openapi_spec_validator import validate

from api.reference import description
from tests.api.route_table import TABLE

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_schema_is_valid_openapi() -> None:
    document = json.loads(description()[0])
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_schema_names_every_method_of_every_route() -> None:
    paths = json.loads(description()[0])["paths"]
    named = sum(len(methods) for methods in paths.values())
    assert named == len(TABLE) - 1  # the page of the reference is no endpoint


def test_what_the_server_refuses_the_schema_refuses_too() -> None:
    bodies = json.loads(description()[0])["components"]["schemas"]
    open_ones = [
        name
        for name, body in bodies.items()
        if name.endswith("Body") and body.get("additionalProperties") is not False
    ]
    assert open_ones == []


def test_the_schema_is_served_and_known_again_by_its_tag() -> None:
    client = Client()
    first = client.get("/api/v1/schema/")
    assert first.status_code == 200
    assert first.json()["info"]["title"] == "Engage"
    assert client.get("/api/v1/schema/", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_the_reference_needs_no_other_host_and_no_inline_script_or_style() -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "//" not in re.sub(r"<!--.*?-->", "", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "<style" not in page
    assert " style=" not in page
    for asset in re.findall(r'(?:src|href)="/static/([^"]+)"', page):
        assert finders.find(asset), asset
