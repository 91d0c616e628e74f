"""The last release beside this code: its web on our schema, and its dump through restore and migrate.

Until one is tagged it is the commit below. Its code comes from the clone's history, its dump stands here.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from engage.listening.models import Contribution
from events.door.links import open_link
from events.rsvps.models import Rsvp
from servers.folder_keeping import keep
from servers.postgres import APP, OWNER, Postgres
from servers.throwaway import running
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.web_servers import ROOT, WebServer, a_web_server
from tests.releases.making_a_dump import code_of

LAST_RELEASE = "d0fbc02"
KEPT = Path(__file__).resolve().parent / LAST_RELEASE
GUIDE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def old_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        code = code_of(LAST_RELEASE, tmp_path_factory.mktemp("release"))
    except LookupError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    # Its styles and scripts are made, not kept; which ones stand there makes no difference here.
    (code / "web" / "static" / "web" / "built").symlink_to(ROOT / "web" / "static" / "web" / "built")
    return code


class Browser:
    """A person with cookies, on the web of the last release."""

    def __init__(self, web: WebServer) -> None:
        self.root = f"http://localhost:{web.port}"
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = None
        headers = {"Origin": self.root, "Referer": f"{self.root}{path}"}
        if form is not None:
            token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
            data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": token or ""}).encode()
        request = urllib.request.Request(self.root + path, data, headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_last_releases_web_serves_on_our_schema(old_code: Path) -> None:
    agency = an_agency()
    event = an_event(agency, capacity=None)
    person = a_person(agency, "liaison", email="liaison@town.example")
    person.set_password("correct horse battery")
    person.save()
    _link, secret = open_link(event, device="Door tablet", actor=person, now=timezone.now())
    with a_web_server(code=old_code, application="config.wsgi:application") as web:
        api = f"/api/v1/events/{event.pk}/rsvps/"
        plain = web.ask("POST", api, {"email": "ana@mail.example"})
        asking = web.ask(
            "POST", api, {"name": "Ben", "question": "Why is the light out?", "anonymous_question": False}
        )
        quiet = web.ask("POST", api, {"question": "Who reads this?", "anonymous_question": True})
        pages = [
            web.ask("GET", path).status
            for path in (f"/agencies/{agency.slug}/meetings/", f"/events/{event.pk}", "/readyz")
        ]
        staff = Browser(web)
        staff.open("/accounts/login/")
        signed_in = staff.open(
            "/accounts/login/", {"login": "liaison@town.example", "password": "correct horse battery"}
        )
        desk = staff.open("/desk/")
        door = Browser(web)
        shown = door.open(f"/door/open/{secret}")
    assert [plain.status, asking.status, quiet.status] == [201, 201, 201], asking.body
    assert Rsvp.objects.filter(event=event).count() == 3
    assert Contribution.objects.filter(event=event).count() == 1
    assert pages == [200, 200, 200]
    assert (signed_in[0], desk[0]) == (200, 200)
    assert event.title in desk[1] or "desk" in desk[1]
    assert shown[0] == 200


# --- its dump -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server as production's, with our schema in it: the moment at which somebody wants to go back."""
    folder = tmp_path_factory.mktemp("cluster")
    with keep(folder):
        server = Postgres(folder, folder / "postgres.log", durable=False)
        with running(server):
            server.make_roles()
            migrated = manage(server, "migrate", "--database", "owner", "--verbosity", "0")
            assert migrated.returncode == 0, migrated.stderr
            with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as superuser:
                superuser.execute(f"CREATE DATABASE hybrid TEMPLATE engage OWNER {OWNER}")
            yield server


def environment_of(server: Postgres) -> dict[str, str]:
    keys = json.loads((KEPT / "keys.json").read_text(encoding="utf-8"))
    return (
        os.environ
        | keys
        | {
            "PATH": f"{server.programs}:{os.environ['PATH']}",
            "PGHOST": str(server.sockets),
            "DATABASE_URL": server.url(APP),
            "DATABASE_OWNER_URL": server.url(OWNER),
            "ERASURE_LIST": str(server.folder / "erasures"),
        }
    )


def manage(server: Postgres, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment_of(server), capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def documented(heading: str) -> list[str]:
    """The commands of a section of docs/deploying.md, word for word."""
    section = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[0].strip().splitlines()


def without_containers(command: str) -> str:
    """As the guide says: the same command, without what stands before the program."""
    if command == "docker compose run --rm migrate":
        return f"{shlex.quote(sys.executable)} {ROOT}/manage.py migrate --database owner --no-input"
    command = command.removeprefix("docker compose exec -T postgres ")
    return re.sub(
        r"^docker compose run --rm web python manage.py",
        f"{shlex.quote(sys.executable)} {ROOT}/manage.py",
        command,
    )


def run_documented(server: Postgres, heading: str, folder: Path, *, of: str = "") -> list[str]:
    """Each command in turn, as a shell runs it; what starts or stops containers is left out and returned.

    of: only the commands of that container.
    """
    left_out = []
    for command in documented(heading):
        if command.startswith(("docker compose stop", "docker compose up")):
            left_out.append(command)
        elif f" {of}" in command:
            run(server, command, folder)
    return left_out


def run(server: Postgres, command: str, folder: Path) -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", without_containers(command)], cwd=folder, env=environment_of(server),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{command}: {ran.stderr[-2000:]}"


def counts(server: Postgres, database: str = "engage") -> dict[str, int]:
    with psycopg.connect(server.url(OWNER, database)) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^(django_|auth_)'"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # type: ignore[index]
            for (name,) in tables
        }


def test_its_dump_goes_through_restore_and_migrate_as_the_guide_says(
    cluster: Postgres, tmp_path: Path
) -> None:
    (tmp_path / "engage.dump").write_bytes((KEPT / "engage.dump").read_bytes())
    order = run_documented(cluster, "Restore", tmp_path)
    assert [command.split()[2] for command in order] == ["stop", "up"]
    found = counts(cluster)
    assert min(found[name] for name in ("events_rsvp", "engage_contact", "engage_commitment")) > 10
    with a_web_server(environment=environment_of(cluster)) as web:
        ready = web.ask("GET", "/readyz")
        # Migrated, and its addresses open under the keys it was sealed with.
        assert (ready.json()["migrations"], ready.json()["keys"]) == ("ok", "ok")
        assert web.ask("GET", "/api/v1/events/").status == 200
    # What is backed up now comes back the same.
    run_documented(cluster, "Back up", tmp_path)
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as superuser:
        superuser.execute("DROP DATABASE engage_before")
    found = counts(cluster)
    run_documented(cluster, "Restore", tmp_path, of="-T postgres ")
    assert counts(cluster) == found


def test_restored_over_the_newer_schema_no_migration_runs_again(cluster: Postgres) -> None:
    """The danger: what the guide once said."""
    hybrid: dict[str, Any] = environment_of(cluster) | {
        "DATABASE_URL": cluster.url(APP, "hybrid"), "DATABASE_OWNER_URL": cluster.url(OWNER, "hybrid"),
    }  # fmt: skip
    migrate = [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0"]
    over = ["pg_restore", "--clean", "--if-exists", "--dbname", cluster.url(OWNER, "hybrid")]
    restored = subprocess.run(
        [*over, KEPT / "engage.dump"], env=hybrid, capture_output=True, text=True, check=False
    )
    again = subprocess.run(migrate, cwd=ROOT, env=hybrid, capture_output=True, text=True, check=False)
    assert again.returncode != 0, restored.stderr
    assert "already exists" in again.stderr
