"""Whom to tell of a hole (RFC 9116): where somebody wants to be told, and nowhere else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from config import environment

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PATH = "/.well-known/security.txt"


def test_it_says_whom_to_tell_and_for_how_long_that_holds(settings: LazySettings) -> None:
    settings.SECURITY_CONTACT, settings.PUBLIC_URL = (
        "mailto:security@example.gov",
        "https://engage.example.gov",
    )
    answer = Client().get(PATH)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = [line.partition(": ")[::2] for line in answer.content.decode().split("\r\n") if line]
    said = dict(lines)
    assert len(said) == len(lines)
    assert said["Contact"] == "mailto:security@example.gov"
    assert said["Canonical"] == f"https://engage.example.gov{PATH}"
    assert said["Preferred-Languages"] == "en, es"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["Expires"])
    ahead = dt.datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert dt.timedelta(days=90) < ahead < dt.timedelta(days=365)
    page = Client().get(said["Policy"].removeprefix("https://engage.example.gov"))
    assert page.status_code == 200
    assert "security@example.gov" in page.content.decode()
    assert Client().get("/es/security").status_code == 200


def test_where_nobody_is_named_there_is_nothing_and_the_check_says_so(settings: LazySettings) -> None:
    settings.SECURITY_CONTACT = ""
    assert [Client().get(path).status_code for path in (PATH, "/security", "/es/security")] == [404] * 3
    hints = [hint.id for hint in run_checks(include_deployment_checks=True) if hint.id and "I005" in hint.id]
    assert hints == ["engage.I005"]
    settings.SECURITY_CONTACT = "mailto:security@example.gov"
    assert not [hint for hint in run_checks(include_deployment_checks=True) if hint.id == "engage.I005"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("security@example.gov", "mailto:security@example.gov"), ("https://example.gov/security", None),
        ("tel:+1-202-555-0123", None), ("", None),
    ],
)  # fmt: skip
def test_a_contact_is_taken_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, given: str, taken: str | None
) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", given)
    assert environment.contact("SECURITY_CONTACT") == (given if taken is None else taken)


@pytest.mark.parametrize(
    "given",
    [
        "the desk",
        "http://example.gov",
        "javascript:alert(1)",
        "mailto:",
        "a@b\r\nExpires: never",
        "mailto:a@b c",
    ],
)
def test_a_contact_that_nobody_can_use_stops_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", given)
    with pytest.raises(environment.SettingIsWrong, match="SECURITY_CONTACT"):
        environment.contact("SECURITY_CONTACT")
