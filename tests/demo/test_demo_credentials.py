"""What whoever tries the demo reads: sign-ins that work, tokens that work, and nobody else's eyes on them."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from engage.roles.permissions import SCOPES_OF_ROLE
from engage.roles.tokens import token_behind

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def written(path: Path, **options: Any) -> dict[str, Any]:
    given = {"base_url": "http://localhost:8000/", "mailbox_url": "http://localhost:8025"} | options
    call_command("demo_credentials", output=path, **given)
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_one_of_each_role_of_the_main_agency_then_of_the_second(
    made_year: dt.datetime, tmp_path: Path
) -> None:
    content = written(tmp_path / "credentials.json")
    assert (content["base_url"], content["mailbox_url"]) == ("http://localhost:8000", "http://localhost:8025")
    roles = ["liaison", "leader", "panelist", "admin"]
    assert [(one["agency"], one["role"]) for one in content["people"]] == [
        (agency, role) for agency in ("harbor-falls", "cedar-bend") for role in roles
    ]
    assert {tuple(sorted(one)) for one in content["people"]} == {
        ("agency", "email", "password", "role", "token")
    }


def test_passwords_and_tokens_work_and_tokens_reach_as_far_as_the_role(
    made_year: dt.datetime, tmp_path: Path
) -> None:
    for one in written(tmp_path / "credentials.json")["people"]:
        assert Client().login(email=one["email"], password=one["password"])
        token = token_behind(one["token"], now=timezone.now())
        assert token is not None
        assert set(token.scopes) == SCOPES_OF_ROLE[one["role"]]
        assert token.agency.slug == one["agency"]


def test_each_start_makes_them_anew_and_ends_the_last_ones(made_year: dt.datetime, tmp_path: Path) -> None:
    first, second = written(tmp_path / "credentials.json"), written(tmp_path / "credentials.json")
    for old, new in zip(first["people"], second["people"], strict=True):
        assert token_behind(old["token"], now=timezone.now()) is None
        assert token_behind(new["token"], now=timezone.now()) is not None
        assert not Client().login(email=old["email"], password=old["password"])


def test_only_its_owner_reads_the_file_and_a_reader_never_sees_half_of_it(
    made_year: dt.datetime, tmp_path: Path
) -> None:
    path = tmp_path / "credentials.json"
    path.write_text("old")
    path.chmod(0o644)
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["credentials.json"]


def test_without_a_mailbox_there_is_no_address_of_one(made_year: dt.datetime, tmp_path: Path) -> None:
    assert written(tmp_path / "credentials.json", mailbox_url="")["mailbox_url"] is None
