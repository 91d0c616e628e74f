"""The description: valid OpenAPI 3.1, complete, and readable without any other host."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from openapi_spec_validator import validate

from api.reference import description
from tests.api.route_table import TABLE
from tests.makers.agencies import an_agency
from tests.makers.events import an_event

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


def _operations() -> list[tuple[str, dict[str, Any]]]:
    paths = json.loads(description()[0])["paths"]
    return [(f"{verb} {path}", one) for path, verbs in paths.items() for verb, one in verbs.items()]


def test_what_needs_no_sign_in_says_so() -> None:
    unsaid = [name for name, one in _operations() if "security" not in one]
    public = {name for name, one in _operations() if one["security"] == []}
    assert unsaid == []
    assert "post /api/v1/events/{event_id}/rsvps/" in public


def test_answers_that_ask_to_wait_name_the_header_that_says_how_long() -> None:
    silent = [
        (name, status)
        for name, one in _operations()
        for status in ("429", "503")
        if "Retry-After" not in one["responses"][status]["headers"]
    ]
    assert silent == []


def test_a_text_that_must_not_be_empty_is_described_so() -> None:
    bodies = json.loads(description()[0])["components"]["schemas"]
    title = bodies["EventBody"]["properties"]["title"]
    assert title["minLength"] == 1
    assert not re.search(title["pattern"], "  ")
    assert not re.search(title["pattern"], "a\0b")
    assert re.search(title["pattern"], "Ayuntamiento\nabierto")
    assert bodies["TokenBody"]["properties"]["scopes"]["minItems"] == 1


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("0197a3b2-6d1e-7c3a-9f00-1234567890ab", True),
        ('"0197a3b2-6d1e-7c3a-9f00-1234567890ab"', True),
        ("c29tZXRoaW5nIGxvbmcgZW5v", True),
        ("{0197a3b2-6d1e-7c3a-9f00-1234567890ab}", False),
        ("short", False),
    ],
)
def test_the_described_idempotency_key_is_the_one_that_is_taken(key: str, fits: bool) -> None:
    (described,) = [
        one["schema"]["pattern"]
        for one in dict(_operations())["post /api/v1/events/{event_id}/rsvps/"]["parameters"]
        if one["name"] == "Idempotency-Key"
    ]
    asked = Client().post(
        f"/api/v1/events/{an_event(an_agency()).pk}/rsvps/", b"{}", content_type="application/json",
        headers={"Idempotency-Key": key},
    )  # fmt: skip
    assert bool(re.search(described, key)) is fits
    assert (asked.status_code == 201) is fits, asked.content
    assert fits or asked.json()["code"] == "idempotency_key_invalid"


def test_an_act_takes_an_empty_object_and_a_calendar_a_form_with_one_file() -> None:
    described = dict(_operations())
    act = described["post /api/v1/events/{event_id}/publish/"]["requestBody"]
    assert act["content"]["application/json"]["schema"]["additionalProperties"] is False
    form = described["post /api/v1/events/import/"]["requestBody"]["content"]["multipart/form-data"]
    assert list(form["schema"]["properties"]) == ["file"]
