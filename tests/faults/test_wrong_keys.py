"""Keys that are not those the database was written with: one sentence, status 2, and nothing is touched."""

from __future__ import annotations

import base64
import datetime as dt
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from config.startup.keys import keys_fit_the_database
from engage.agencies.models import Agency
from engage.retention.purge import purge
from engage.sealing.factors import seal_factor
from engage.sealing.intake import public_half
from engage.sealing.key_marks import (
    Key,
    KeysDoNotFit,
    check_keys,
    forget_key,
    keys_fit,
    keys_of_the_settings,
    remember_keys,
)
from engage.sealing.models import KeyMark
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.intake import NOON, empty, say
from tests.makers.rsvps import an_rsvp
from tests.makers.web_servers import ROOT, database_urls

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def a_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def start(*arguments: str, **keys: str) -> subprocess.CompletedProcess[str]:
    """A start of the project's own, with other keys than the tests' database was written with."""
    # Celery warns whoever runs it as root, as containers of tests do.
    environment = os.environ | database_urls() | {"PYTHONWARNINGS": "ignore"} | keys
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


CREATE = (
    "manage.py", "create_agency", "oakport", "--name", "Oakport", "--timezone", "America/Chicago",
    "--admin-email", "chief@oakport.example",
)  # fmt: skip


def is_refused(ran: subprocess.CompletedProcess[str], *named: str) -> bool:
    said = ran.stderr.strip().splitlines()
    assert ran.returncode == 2, ran.stderr[-2000:]
    assert len(said) == 1, said
    assert said[0].startswith("Engage did not start: ")
    assert "nothing was touched" in said[0]
    return all(name in said[0] for name in named)


def without_a_number(value: str) -> str:
    return value.partition(":")[2]


def wrong_keys() -> dict[str, tuple[dict[str, str], str]]:
    contact, link, own = (os.environ[name] for name in ("CONTACT_KEYS", "LINK_KEYS", "FINGERPRINT_KEY"))
    return {
        "lost and made anew": ({"CONTACT_KEYS": f"1:{a_key()}"}, "CONTACT_KEYS 1"),
        "the other way round": ({"CONTACT_KEYS": link, "LINK_KEYS": contact}, "LINK_KEYS 1"),
        "one for another": (
            {"CONTACT_KEYS": f"1:{own}", "FINGERPRINT_KEY": without_a_number(contact)},
            "FINGERPRINT_KEY",
        ),
        "another town's": (
            {"CONTACT_KEYS": f"1:{a_key()}", "LINK_KEYS": f"1:{a_key()}", "FINGERPRINT_KEY": a_key()},
            "FINGERPRINT_KEY",
        ),
        "a new one without the old": ({"CONTACT_KEYS": f"2:{a_key()}"}, "CONTACT_KEYS 1 is missing"),
        "links lost": ({"LINK_KEYS": f"1:{a_key()}"}, "LINK_KEYS 1"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("what", list(wrong_keys()))
def test_a_command_is_refused(what: str) -> None:
    keys, named = wrong_keys()[what]
    assert is_refused(start(*CREATE, **keys), named)
    assert not Agency.objects.exists()


_STARTS = {
    "web": ("-m", "gunicorn", "-c", "python:config.web_serving", "--bind", "127.0.0.1:0", "config.asgi:application"),
    "worker": ("-m", "celery", "--app", "config", "--quiet", "worker", "--loglevel", "WARNING"),
    "beat": ("-m", "celery", "--app", "config", "--quiet", "beat", "--schedule", "/tmp/engage-beat-that-never-was", "--pidfile", ""),
    "migrate": ("manage.py", "migrate", "--database", "owner", "--no-input"),
}  # fmt: skip


@pytest.mark.parametrize("entrance", _STARTS)
def test_every_entrance_is_shut(entrance: str) -> None:
    assert is_refused(start(*_STARTS[entrance], CONTACT_KEYS=f"1:{a_key()}"), "CONTACT_KEYS 1 is another key")


def test_with_one_of_two_keys_missing_it_is_refused_and_with_both_it_starts() -> None:
    old, new = os.environ["CONTACT_KEYS"], f"2:{a_key()}"
    assert start("manage.py", "create_agency", "--help", CONTACT_KEYS=f"{new},{old}").returncode == 0
    with connections["default"].cursor() as cursor:
        second = Key("CONTACT_KEYS", 2, base64.urlsafe_b64decode(without_a_number(new) + "="))
        remember_keys([*keys_of_the_settings(), second], cursor)
    assert KeyMark.objects.filter(setting="CONTACT_KEYS").count() == 2
    assert is_refused(start(*CREATE, CONTACT_KEYS=new), "CONTACT_KEYS 1 is missing")
    assert is_refused(start(*CREATE, CONTACT_KEYS=old), "CONTACT_KEYS 2 is missing")
    assert start(*CREATE, CONTACT_KEYS=f"{new},{old}").returncode == 0
    assert Agency.objects.count() == 1
    # A rotation that has left nothing behind forgets the old key; then it may go.
    forget_key("CONTACT_KEYS", 1)
    assert start("manage.py", "demo_credentials", "--help", CONTACT_KEYS=new).returncode == 0


def test_a_database_from_before_there_were_marks_is_asked_whether_its_newest_address_opens() -> None:
    an_rsvp(an_event(an_agency()), email="ana@mail.example")
    KeyMark.objects.all().delete()
    other = {"CONTACT_KEYS": f"1:{a_key()}"}
    refused = start("manage.py", "migrate", "--database", "owner", "--no-input", **other)
    assert is_refused(refused, "CONTACT_KEYS does not open")
    assert not KeyMark.objects.exists()
    call_command("migrate", database="owner", verbosity=0)
    assert {str(mark) for mark in KeyMark.objects.all()} == {
        "CONTACT_KEYS 1", "LINK_KEYS 1", "FINGERPRINT_KEY",
    }  # fmt: skip


def test_the_keys_of_the_intake_are_among_them(settings: Any) -> None:
    settings.INTAKE_PRIVATE_KEYS = [(1, secrets.token_bytes(32))]
    with connections["default"].cursor() as cursor:
        remember_keys(keys_of_the_settings(), cursor)
        settings.INTAKE_PRIVATE_KEYS = [(2, secrets.token_bytes(32)), (1, secrets.token_bytes(32))]
        with pytest.raises(KeysDoNotFit, match="INTAKE_PUBLIC_KEY 1 is another key"):
            check_keys(keys_of_the_settings(), cursor)
        # A new pair alone is right a day after the old one; none at all is not.
        settings.INTAKE_PRIVATE_KEYS = settings.INTAKE_PRIVATE_KEYS[:1]
        check_keys(keys_of_the_settings(), cursor)
        settings.INTAKE_PRIVATE_KEYS = []
        with pytest.raises(KeysDoNotFit, match="INTAKE_PUBLIC_KEY 1 is missing"):
            check_keys(keys_of_the_settings(), cursor)


def test_not_ready_and_not_fit_to_deploy_with_other_keys(client: Client, settings: Any) -> None:
    assert client.get("/readyz").json()["keys"] == "ok"
    assert keys_fit_the_database() == []
    settings.FINGERPRINT_KEY = secrets.token_bytes(32)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["keys"]) == (503, "down")
    assert [found.id for found in keys_fit_the_database()] == ["engage.E010"]


def test_an_entrance_does_not_wait_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.startup import keys as key_checking

    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(key_checking.settings.DATABASES["default"], "HOST", "127.0.0.1")
    monkeypatch.setitem(key_checking.settings.DATABASES["default"], "PORT", "1")
    key_checking.end_if_keys_are_wrong()


def test_nothing_in_the_marks_leads_to_a_key() -> None:
    for mark in KeyMark.objects.all():
        kept = bytes(mark.mark) + bytes(mark.sealed or b"")
        for key in keys_of_the_settings():
            assert key.value not in kept
            assert base64.urlsafe_b64encode(key.value) not in kept
    marks = [bytes(mark.mark) for mark in KeyMark.objects.all()]
    assert len(marks) == len(set(marks)) == 3


def test_the_same_key_under_two_names_has_two_marks() -> None:
    assert Key("A", 1, b"k" * 32).mark() != Key("A", 2, b"k" * 32).mark() != Key("B", 2, b"k" * 32).mark()


def test_without_the_marks_another_key_is_not_noticed_and_the_address_is_lost(settings: Any) -> None:
    """The danger, with the guard off."""
    from engage.contacts.addresses import address_of
    from engage.sealing.seals import SealBroken
    from tests.makers.rsvps import contact_of

    rsvp = an_rsvp(an_event(an_agency()), email="ana@mail.example")
    settings.CONTACT_KEYS = [(1, secrets.token_bytes(32))]
    with pytest.raises(SealBroken):
        address_of(contact_of(rsvp))
    with connections["default"].cursor() as cursor, pytest.raises(KeysDoNotFit):
        check_keys(keys_of_the_settings(), cursor)


@pytest.fixture
def demo_folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "demo"
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("18\n")
    return folder


@pytest.mark.parametrize("line", [None, "SECRET_KEY", "CONTACT_KEYS", "FINGERPRINT_KEY", "LINK_KEYS"])
def test_a_demo_whose_secrets_are_gone_and_whose_data_are_not_makes_none_anew(
    demo_folder: Path, line: str | None
) -> None:
    import json

    from demo.secret_keeping import kept_secrets

    secret_file = demo_folder / "secrets.json"
    if line:
        kept_secrets(secret_file, {})
        kept = json.loads(secret_file.read_text())
        del kept[line]
        secret_file.write_text(json.dumps(kept))
    before = secret_file.read_text() if line else None
    names = (
        "SECRET_KEY",
        "CONTACT_KEYS",
        "FINGERPRINT_KEY",
        "LINK_KEYS",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
    )
    environment = {name: value for name, value in os.environ.items() if name not in names}
    ran = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=ROOT, env=environment | {"DEMO_FOLDER": str(demo_folder)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 2, ran.stderr
    [sentence] = ran.stderr.strip().splitlines()
    assert str(secret_file) in sentence
    assert (line or "CONTACT_KEYS") in sentence
    assert "make clean-demo" in sentence
    assert (secret_file.read_text() if secret_file.exists() else None) == before
    assert not (demo_folder / "valkey").exists()


def test_an_old_key_is_forgotten_once_nothing_is_sealed_with_it(settings: Any) -> None:
    an_rsvp(an_event(an_agency()), email="ana@mail.example", name="Ana")
    [(_number, old)] = settings.CONTACT_KEYS
    with pytest.raises(CommandError, match="comes first"):
        call_command("forget_key", "CONTACT_KEYS", "1")
    settings.CONTACT_KEYS = [(2, secrets.token_bytes(32)), (1, old)]
    with connections["default"].cursor() as cursor:
        remember_keys(keys_of_the_settings(), cursor)
    with pytest.raises(CommandError, match=r"engage_contact\.sealed_address, events_rsvp\.sealed_name"):
        call_command("forget_key", "CONTACT_KEYS", "1")
    purge(now=timezone.now() + dt.timedelta(days=400))
    call_command("forget_key", "CONTACT_KEYS", "1", stdout=StringIO())
    settings.CONTACT_KEYS = settings.CONTACT_KEYS[:1]
    assert keys_fit()


def test_a_key_is_not_forgotten_while_a_second_factor_or_a_waiting_text_needs_it(settings: Any) -> None:
    agency = an_agency()
    person = a_person(agency)
    sealed = seal_factor("JBSWY3DPEHPK3PXP", person.pk)
    app = Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": sealed})
    say(agency)
    settings.CONTACT_KEYS = [(2, secrets.token_bytes(32)), *settings.CONTACT_KEYS]
    needed = r"contribution_intake\.sealed, mfa_authenticator\.data"
    with pytest.raises(CommandError, match=needed):
        call_command("forget_key", "CONTACT_KEYS", "1")
    app.delete()
    with pytest.raises(CommandError, match=r"to open contribution_intake\.sealed\.$"):
        call_command("forget_key", "CONTACT_KEYS", "1")


def test_a_pair_of_the_intake_is_not_forgotten_while_a_text_waits_for_it(settings: Any) -> None:
    agency = an_agency()
    settings.INTAKE_PRIVATE_KEYS = [(1, secrets.token_bytes(32))]
    say(agency)
    settings.INTAKE_PRIVATE_KEYS = [(2, secrets.token_bytes(32)), *settings.INTAKE_PRIVATE_KEYS]
    settings.INTAKE_PUBLIC_KEY = (2, public_half(settings.INTAKE_PRIVATE_KEYS[0][1]))
    with pytest.raises(CommandError, match=r"INTAKE_PUBLIC_KEY 1 is needed to open contribution_intake"):
        call_command("forget_key", "INTAKE_PUBLIC_KEY", "1")
    assert empty(now=NOON + dt.timedelta(days=2)) == 1
    call_command("forget_key", "INTAKE_PUBLIC_KEY", "1", stdout=StringIO())
