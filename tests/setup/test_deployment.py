"""docker-compose.yml and deploy/: what can be said of them without an engine, and their script for real."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.core.management import call_command

from config.environment import SettingIsWrong, keys
from config.setting_rules import intake_keys_are_a_pair
from servers.folder_keeping import keep
from servers.postgres import Postgres
from servers.throwaway import running

_PROJECT = Path(__file__).resolve().parents[2]
_TEXT = (_PROJECT / "docker-compose.yml").read_text()
_CADDYFILE = (_PROJECT / "deploy" / "proxy" / "Caddyfile").read_text()
_COMPOSE: dict[str, Any] = yaml.safe_load(_TEXT)
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_SECRETS = {
    "SECRET_KEY", "CONTACT_KEYS", "FINGERPRINT_KEY", "LINK_KEYS",
    "POSTGRES_PASSWORD", "DATABASE_OWNER_PASSWORD", "DATABASE_APP_PASSWORD",
}  # fmt: skip


def test_no_secret_has_a_default() -> None:
    for name in _SECRETS:
        assert f"${{{name}:?" in _TEXT, name
        assert not re.search(rf"\$\{{{name}:?-", _TEXT), name


def test_the_example_lists_every_secret_and_fills_in_none() -> None:
    example = dict(
        re.findall(r"^([A-Z_]+)=(.*)$", (_PROJECT / "deploy" / "env.example").read_text(), re.MULTILINE)
    )
    assert {name: example.get(name) for name in _SECRETS} == dict.fromkeys(_SECRETS, "")
    assert set(re.findall(r"\$\{([A-Z_]+):\?", _TEXT)) <= set(example)


def test_every_service_says_whether_it_is_well() -> None:
    assert {name for name, service in _SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_two_web_processes_stand_behind_the_proxy_and_only_the_proxy_is_reached_from_outside() -> None:
    # Two names, since a proxy can ask after the health of names only.
    assert _SERVICES["web2"] == _SERVICES["web"]
    assert re.search(r"^\s*to web:8000 web2:8000$", _CADDYFILE, re.MULTILINE)
    assert {"web", "web2"} <= set(_SERVICES["proxy"]["depends_on"])
    assert "web:" not in str(_SERVICES["proxy"].get("ports"))
    reached = {
        name
        for name, service in _SERVICES.items()
        for port in service.get("ports", [])
        if "127.0.0.1" not in port
    }
    assert reached == {"proxy"}


def test_the_proxy_writes_down_no_request_and_waits_for_forms_itself() -> None:
    # What it really writes, with web away too, is asked of a real one: make drills D=proxy.
    [excluded] = re.findall(r"exclude (.+)", _CADDYFILE)
    assert {"http.log", "http.handlers"} <= set(excluded.split())
    assert not re.search(r"^\t(?!\t)log\b", _CADDYFILE.partition("{$PUBLIC_URL}")[2], re.MULTILINE)
    for wanted in ("request_buffers", "read_header", "read_body", "health_uri /readyz", "max_header_size"):
        assert wanted in _CADDYFILE, wanted


def test_a_web_process_has_the_time_it_takes_to_end() -> None:
    import config.web_serving as production_in_tests

    allowed = int(_SERVICES["web"]["stop_grace_period"].removesuffix("s"))
    assert allowed > production_in_tests.DRAIN_IN_PRODUCTION + production_in_tests.GRACE_IN_PRODUCTION


def test_only_the_migration_knows_the_owners_password() -> None:
    knowing = {name for name, service in _SERVICES.items() if "DATABASE_OWNER_PASSWORD" in str(service)}
    assert knowing == {"postgres", "migrate"}


def test_only_the_worker_opens_what_is_said_without_a_name() -> None:
    knowing = {name for name, service in _SERVICES.items() if "INTAKE_PRIVATE_KEYS" in str(service)}
    assert knowing == {"worker"}
    assert _SERVICES["web"]["environment"].keys() & {"INTAKE_PUBLIC_KEY"}


def test_every_volume_and_network_is_declared_and_used() -> None:
    for kind in ("volumes", "networks"):
        named = {
            str(entry).partition(":")[0]
            for service in _SERVICES.values()
            for entry in service.get(kind, [])
            if not str(entry).startswith((".", "/"))
        }
        assert named == set(_COMPOSE[kind])


def test_what_a_service_waits_for_exists_and_can_become_what_is_waited_for() -> None:
    for service in _SERVICES.values():
        for name, wish in service.get("depends_on", {}).items():
            assert name in _SERVICES
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in _SERVICES[name]


def test_every_mounted_file_and_copied_folder_is_there() -> None:
    mounted = re.findall(r"- \./(\S+?):", _TEXT)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (_PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    for path in [*mounted, *(path for line in copied for path in line.split())]:
        assert (_PROJECT / path).exists(), path


@pytest.fixture
def empty_cluster(tmp_path: Path) -> Iterator[Postgres]:
    """A new cluster, as the image's first start finds it: no role but the superuser."""
    with keep(tmp_path):
        server = Postgres(tmp_path, tmp_path / "postgres.log", durable=False)
        with running(server):
            yield server


def test_the_script_makes_an_owner_and_a_role_that_may_change_no_table(empty_cluster: Postgres) -> None:
    environment = os.environ | {
        "PATH": f"{empty_cluster.programs}:{os.environ['PATH']}",
        "PGHOST": str(empty_cluster.sockets),
        "POSTGRES_USER": "postgres",
        "DATABASE_OWNER_PASSWORD": "it's; an owner's",
        "DATABASE_APP_PASSWORD": "$app\\",
    }
    script = _PROJECT / "deploy" / "postgres" / "make-roles.sh"
    made = subprocess.run(["/bin/sh", script], env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr

    def connect(role: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(empty_cluster.sockets), user=role, dbname="engage", autocommit=True)

    with connect("engage_owner") as owner, connect("engage_app") as app:
        owner.execute("CREATE EXTENSION pg_trgm")
        owner.execute("CREATE TABLE made (word text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE refused (word text)")


def test_the_command_makes_a_pair_that_the_start_accepts(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.INTAKE_PRIVATE_KEYS = [(1, b"o" * 32)]
    call_command("make_intake_keys")
    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    with pytest.MonkeyPatch.context() as environment:
        for name, value in lines.items():
            environment.setenv(name, value)
        [public], private = keys("INTAKE_PUBLIC_KEY"), keys("INTAKE_PRIVATE_KEYS")
    assert [number for number, _ in private] == [2, 1]
    intake_keys_are_a_pair(public, private)
    with pytest.raises(SettingIsWrong):
        intake_keys_are_a_pair(public, private[1:])
