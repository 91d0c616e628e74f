"""When something is wrong: a page that says what to do next, or a problem document for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client, RequestFactory

from config.serving import error_answers

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_person_gets_a_page_with_a_next_step(client: Client) -> None:
    answer = client.get("/there/is/nothing")
    assert answer.status_code == 404
    assert b"home page" in answer.content
    assert "no-store" in answer["Cache-Control"]


def test_in_the_readers_language(client: Client) -> None:
    answer = client.get("/there/is/nothing", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert b'<html lang="es"' in answer.content


def test_a_program_gets_a_problem_document(client: Client) -> None:
    answer = client.get("/api/v1/there-is-nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(("path", "is_page"), [("/accounts/", True), ("/api/v1/events/", False)])
def test_a_database_that_does_not_answer_is_503_with_a_time_to_come_again(path: str, is_page: bool) -> None:
    request = RequestFactory().get(path)
    try:
        raise OperationalError("could not connect to server at 10.0.0.7")
    except OperationalError:
        answer = error_answers.failed(request)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert b"10.0.0.7" not in answer.content
    assert (b"<h1>" in answer.content) is is_page


def test_a_page_asked_while_the_database_is_gone_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(connections["default"], "cursor", gone)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_any_other_fault_is_told_without_its_cause() -> None:
    request = RequestFactory().get("/api/v1/events/")
    try:
        raise ValueError("ada@home.example")
    except ValueError:
        answer = error_answers.failed(request)
    assert answer.status_code == 500
    assert json.loads(answer.content)["code"] == "internal_error"
    assert b"ada@" not in answer.content


def test_a_body_larger_than_anything_we_take_is_refused_unread(client: Client) -> None:
    answer = client.post(
        "/confirm/x", b"x", content_type="text/plain", headers={"Content-Length": "50000000"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", "9" * 5000, "1e9", "²"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.generic("POST", "/confirm/x", b"x", CONTENT_LENGTH=length)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/r/%00", "/calendars/%ff.ics", "/r/" + "a" * 5000, "/c/%2e%2e", "//r//x"])
def test_odd_paths_are_no_fault_of_ours(client: Client, path: str) -> None:
    assert client.get(path).status_code in {301, 404}


@pytest.mark.parametrize("host", ["evil.example", "testserver:99999999", "[::1", ""])
def test_a_host_that_is_not_ours_is_refused(client: Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code in {200, 400}
    assert client.get("/accounts/password/reset/", headers={"Host": "evil.example"}).status_code == 400
