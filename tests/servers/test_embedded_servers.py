"""servers: a real PostgreSQL and a real Valkey over a folder, whatever happened to the last ones."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from servers.folder_keeping import FolderIsTaken, keep, socket_folder
from servers.postgres import APP, OWNER, DataFolderIsWrong, Postgres
from servers.throwaway import running
from servers.valkey import Valkey

_PARENT = """
import pathlib, sys, time
from servers.child_starting import start_child
print(start_child(["sleep", "60"], log=pathlib.Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A made cluster that is not running; durable, since it is about to be killed."""
    folder = tmp_path_factory.mktemp("cluster")
    with keep(folder):
        server = Postgres(folder, folder / "postgres.log")
        with running(server):
            server.make_roles()
        yield server
        server.sockets.rmdir()


def _connection(server: Postgres, role: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(server.sockets), user=role, dbname="engage", autocommit=True)


def test_the_owner_may_make_tables_and_the_app_may_not(cluster: Postgres) -> None:
    with running(cluster), _connection(cluster, OWNER) as owner, _connection(cluster, APP) as app:
        owner.execute("CREATE TABLE made (word text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE refused (word text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM made")
        owner.execute("DROP TABLE made")


def test_what_a_resident_typed_reaches_no_log(cluster: Postgres) -> None:
    with running(cluster), _connection(cluster, OWNER) as owner:
        owner.execute("CREATE TABLE heard (word text UNIQUE, number int)")
        owner.execute("INSERT INTO heard VALUES ('555-0100-secret', 1)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO heard VALUES (%s, 2)", ["555-0100-secret"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            owner.execute("SELECT '555-0100-secret'::int")
        owner.execute("DROP TABLE heard")
    assert "555-0100" not in cluster.log.read_text()


def test_a_killed_server_loses_nothing_that_was_committed(cluster: Postgres) -> None:
    with running(cluster) as child:
        with _connection(cluster, OWNER) as owner:
            owner.execute("CREATE TABLE kept (number int)")
            owner.execute("INSERT INTO kept SELECT generate_series(1, 500)")
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    with running(cluster), _connection(cluster, OWNER) as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone() == (500,)
        owner.execute("DROP TABLE kept")


def test_a_process_id_that_was_used_again_does_not_stop_the_start(cluster: Postgres) -> None:
    # Ours, alive, and no postgres: as after a reboot that gave the number to somebody else.
    lock = f"{os.getpid()}\n{cluster.data}\n1\n5432\n{cluster.sockets}\n\n\nready\n"
    (cluster.data / "postmaster.pid").write_text(lock)
    (cluster.sockets / ".s.PGSQL.5432.lock").write_text(lock)
    with running(cluster), _connection(cluster, APP) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_server_that_outlived_its_supervisor_is_ended_first(cluster: Postgres) -> None:
    cluster.prepare()
    orphan = cluster.start()
    until = time.monotonic() + 30
    while not cluster.is_ready() and time.monotonic() < until:
        time.sleep(0.02)
    with running(cluster) as child:
        assert orphan.wait(timeout=10) is not None
        assert child.pid != orphan.pid


def test_an_interrupted_initdb_is_done_again(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.new" / "base"
    unfinished.mkdir(parents=True)
    with keep(tmp_path), running(Postgres(tmp_path, tmp_path / "postgres.log", durable=False)) as child:
        assert child.poll() is None
    assert not unfinished.exists()


def test_data_of_another_version_are_refused_with_both_numbers(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(DataFolderIsWrong, match="PostgreSQL 9, and here is 1"):
        Postgres(tmp_path, tmp_path / "postgres.log").prepare()


@pytest.mark.parametrize("name", ["x" * 120, "with,comma", "with space", "with%percent", "mit-ümlaut"])
def test_the_servers_answer_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    valkey = Valkey(folder, folder / "valkey.log")
    with keep(folder), running(valkey):
        assert redis.Redis.from_url(valkey.url(3)).ping()
    sockets = socket_folder(folder, ".s.PGSQL.5432.lock")
    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) < 104
    assert "," not in str(sockets)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    sockets.rmdir()


def test_valkey_writes_nothing_to_disk(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path, tmp_path / "valkey.log")
    with keep(tmp_path), running(valkey):
        redis.Redis.from_url(valkey.url()).set("salt", "of-today")
    files = [
        path for path in tmp_path.rglob("*") if path.is_file() and path.name not in {"lock", "valkey.log"}
    ]
    assert files == []


def test_a_folder_is_kept_by_one_process_at_a_time(tmp_path: Path) -> None:
    with keep(tmp_path):
        with pytest.raises(FolderIsTaken) as taken:
            keep(tmp_path)
        assert taken.value.holder == os.getpid()
    keep(tmp_path).close()


def test_a_servers_address_is_read_by_the_settings(
    cluster: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config import environment

    monkeypatch.setenv("DATABASE_URL", cluster.url(APP))
    read = environment.database("DATABASE_URL")
    assert (read["HOST"], read["USER"], read["NAME"]) == (str(cluster.sockets), APP, "engage")


def test_a_child_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    # A parent that starts a child as the supervisor does, says its number, and waits to be killed.
    parent = subprocess.Popen(
        [
            sys.executable, "-c",
            _PARENT, tmp_path / "log",
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    with parent.stdout as said:
        child = int(said.readline())
    parent.kill()
    parent.wait()
    assert _gone(child)


def _gone(process: int) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
