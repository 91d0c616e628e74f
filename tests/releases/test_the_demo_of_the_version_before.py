"""A demo's folder that the last release has left, as it lies on somebody's disk: this one starts over it, nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from servers.folder_keeping import keep
from servers.postgres import OWNER, Postgres
from servers.throwaway import running
from tests.journeys.running_demo import Demo
from tests.releases.test_the_last_release import KEPT

# Made anew at each start, or taken away by the worker and by time.
_COMES_AND_GOES = ("_accesstoken", "_idempotentanswer", "_activity")
# Whom a day of erasing has come for since the dump was made; none of it is the release's doing.
_ERASABLE = (
    "SELECT c.table_name FROM information_schema.columns AS c WHERE c.column_name = 'erase_after'"
    " AND c.table_schema = 'public'"
)

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Its cluster with its made-up year, and the secrets that it was sealed with; nothing that this version made."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "log").mkdir()
    with keep(folder):
        server = postgres(folder)
        with running(server):
            server.make_roles()
            restore = [
                "--role",
                OWNER,
                "--dbname",
                server.url("postgres"),
                "--exit-on-error",
                KEPT / "engage.dump",
            ]
            subprocess.run([server.programs / "pg_restore", *restore], check=True)
    shutil.copy(KEPT / "keys.json", folder / "secrets.json")
    (folder / "secrets.json").chmod(0o600)
    return folder


def postgres(folder: Path) -> Postgres:
    return Postgres(folder, folder / "log" / "postgres.log")


def rows(server: Postgres) -> dict[str, set[str]]:
    """The keys of the rows that stay for good, by table."""
    with psycopg.connect(server.url(OWNER)) as connection:
        goes = {name for (name,) in connection.execute(_ERASABLE).fetchall()}
        tables = connection.execute(
            "SELECT c.table_name FROM information_schema.columns AS c JOIN pg_tables AS t ON t.tablename = c.table_name"
            " WHERE c.column_name = 'id' AND t.schemaname = 'public' AND t.tablename ~ '^(engage|events|outreach)_'"
        ).fetchall()
        return {
            name: {str(pk) for (pk,) in connection.execute(f'SELECT id FROM "{name}"').fetchall()}
            for (name,) in tables
            if name not in goes and not name.endswith(_COMES_AND_GOES)
        }


def words(server: Postgres) -> set[tuple[str, ...]]:
    """What its made-up year says: this version's own is told in other words, and must not take its place."""
    with psycopg.connect(server.url(OWNER)) as connection:
        told = "SELECT title, done_means FROM engage_commitment UNION SELECT title, description FROM events_event"
        return set(connection.execute(told).fetchall())


def test_it_starts_over_the_folder_and_has_lost_nothing(folder: Path) -> None:
    server = postgres(folder)
    with keep(folder), running(server):
        before, told = rows(server), words(server)
    assert min(len(before[name]) for name in ("engage_commitment", "events_event", "engage_person")) >= 10
    secrets = (folder / "secrets.json").read_text()
    demo = Demo(folder)
    demo.start()
    try:
        after = rows(server)
        lost = {name: gone for name, keys in before.items() if (gone := keys - after.get(name, set()))}
        assert lost == {}
        assert words(server) == told
        kept = (folder / "secrets.json").read_text()
        assert all(part in kept for part in secrets.strip("{}\n").split(",\n"))
        with demo.api("liaison") as api:
            assert api.get("/me/").status_code == 200
        with demo.api() as api:
            assert api.get("/events/").json()["results"]
    finally:
        demo.stop()
