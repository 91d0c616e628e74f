"""Production, started word for word as docs/deploying.md, deploy/env.example and docker-compose.yml say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.setup.production import (
    COMPOSE,
    PROJECT,
    Production,
    build_context,
    copied,
    documented,
    free_port,
    production,
    stages,
)

pytestmark = pytest.mark.slow

_COMMANDS = documented("Without containers")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("production")) as engage, ExitStack() as closing:
        once = [words for words in _COMMANDS if "manage.py" in words]
        assert [words[2] for words in once] == ["collectstatic", "migrate", "check"]
        for words in once[:-1]:
            done = engage.run(words, owner="migrate" in words)
            assert done.returncode == 0, done.stderr
        [serving] = [words for words in _COMMANDS if words[0].endswith("gunicorn")]
        web = closing.enter_context(engage.keeping(serving, "web"))
        children = [web]
        for service in ("worker", "beat"):
            words = [
                re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(word)).replace("/tmp/", f"{engage.folder}/")
                for word in COMPOSE["services"][service]["command"]
            ]
            children.append(closing.enter_context(engage.keeping(words, service)))
        engage.wait_for("/healthz")
        yield engage
        assert [child.poll() for child in children] == [None, None, None]
        for child in children:
            child.terminate()


def test_the_check_that_the_documents_ask_for_is_silent(started: Production) -> None:
    [check] = [words for words in _COMMANDS if "check" in words]
    assert check[2:] == ["check", "--deploy", "--fail-level", "WARNING"]
    done = started.run(check)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"System check identified no issues \(\d+ silenced\)\.\s*", done.stdout + done.stderr)


def test_the_public_host_is_answered_with_a_page_and_its_styles(started: Production) -> None:
    status, headers, page = started.ask("/")
    assert status == 200
    assert "max-age" in headers["strict-transport-security"]
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', page.decode())
    assert styles
    for path in styles:
        assert started.ask(path)[0] == 200, path
    assert started.ask("/readyz")[0] == 200


def test_another_host_is_refused(started: Production) -> None:
    assert started.ask("/", Host="evil.example")[0] == 400
    # Anybody can do that all day: it is no error of ours, and no line worth a stack.
    assert "DisallowedHost" not in (started.folder / "web.log").read_text()


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_the_health_check_that_compose_makes_is_content(started: Production, service: str) -> None:
    until = time.monotonic() + 30
    while started.health(service) != 0:
        assert time.monotonic() < until, (started.folder / f"{service}.log").read_text()[-2000:]
        time.sleep(0.3)


def test_the_image_starts_the_same_server(started: Production) -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    [words] = re.findall(r"^CMD \[(.*)\]$", dockerfile, re.MULTILINE)
    image = [word.strip().strip('"') for word in words.split(",")]
    [serving] = [words for words in _COMMANDS if words[0].endswith("gunicorn")]
    assert [word.replace("0.0.0.0", "127.0.0.1") for word in image] == ["gunicorn", *serving[1:]]


def test_pages_without_their_collected_files_are_not_ready(started: Production) -> None:
    collected = started.folder / "staticfiles"
    collected.rename(started.folder / "elsewhere")
    [serving] = [words for words in _COMMANDS if words[0].endswith("gunicorn")]
    second = Production(started.folder, started.environment, started.owner, free_port(), started.public)
    try:
        with second.keeping(serving, "web-without"):
            second.wait_for("/healthz")
            status, _, said = second.ask("/readyz")
            assert (status, b'"assets": "down"' in said) == (503, True)
    finally:
        (started.folder / "elsewhere").rename(collected)


def test_the_health_check_asks_by_the_public_name(started: Production) -> None:
    assert urlsplit(started.public).port is None, "the example's address has no port, as most have none"


def test_an_address_that_is_too_long_gets_a_problem_document_and_nothing_of_itself(
    started: Production,
) -> None:
    status, headers, problem = started.ask(f"/api/v1/events/?q={'x' * 9000}")
    assert status == 414
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert b'"code": "address_too_long"' in problem
    assert b"xxx" not in problem


# --- what the image holds of ours -------------------------------------------------------------------------------------


def test_what_the_image_copies_is_let_through_to_it() -> None:
    context = build_context()
    for stage in stages():
        for sources, _target in copied(stage):
            for source in sources:
                assert any(path.is_relative_to(source) for path in context), source


def test_the_image_holds_nothing_for_trying_and_nothing_for_building(started: Production) -> None:
    here = {path.name for path in started.folder.iterdir() if path.is_dir()}
    assert {"config", "engage", "events", "outreach", "servers", "web"} <= here
    assert not here & {"demo", "tools", "tests", "bench", "setup", "docs"}
    for program in (["-m", "demo"], ["manage.py", "load_demo"], ["manage.py", "demo_credentials"]):
        assert started.run(["python", *program]).returncode != 0, program


def test_every_command_of_production_starts_with_what_the_image_holds(started: Production) -> None:
    commands = sorted(path.stem for path in started.folder.glob("*/management/commands/[a-z]*.py"))
    assert {"create_agency", "forget_key", "import_meetings", "send_again"} <= set(commands)
    for command in commands:
        done = started.run(["python", "manage.py", command, "--help"])
        assert done.returncode == 0, f"{command}: {done.stderr[-1000:]}"
    plan = started.run(["python", "manage.py", "migrate", "--database", "owner", "--plan"], owner=True)
    assert plan.returncode == 0, plan.stderr
    assert "No planned migration operations" in plan.stdout
