"""PostgreSQL over one folder: how it is made, started, asked whether it is ready, and reached."""

import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from servers.child_starting import start_child
from servers.folder_keeping import socket_folder
from servers.programs import postgresql_folder, postgresql_version
from servers.stale_files import clear_stale_files
from servers.stepping_down import Stepping, stepping_for

_SUPERUSER = "postgres"
OWNER = "engage_owner"
APP = "engage_app"
DATABASE = "engage"
_SOCKET = ".s.PGSQL.5432"

# What a resident typed must not stand in a log: no statement, no parameter, no DETAIL with the row's values, and
# no message of a client's error, which can quote the value. The caller gets them all the same.
_PRIVATE_LOG = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: the cluster is thrown away at the end, and a lost one costs nothing.
_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


class DataFolderIsWrong(Exception):
    """The data folder cannot be used; the text says why and what to do."""


@dataclass
class Postgres:
    """A cluster in ``folder``/postgres. ``durable``: whether a commit must survive the machine."""

    folder: Path
    log: Path
    durable: bool = True
    name: str = field(default="PostgreSQL", init=False)

    @cached_property
    def programs(self) -> Path:
        return postgresql_folder()

    @cached_property
    def data(self) -> Path:
        return self.folder.absolute() / "postgres"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.folder, f"{_SOCKET}.lock")

    @cached_property
    def stepping(self) -> Stepping:
        return stepping_for(self.data, self.programs)

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """The address of ``database`` for ``role``; no password, since only we can enter the socket's folder."""
        return f"postgres://{role}@/{database}?host={quote(str(self.sockets))}"

    def prepare(self) -> None:
        """Make the cluster where there is none and clear what a killed server left. Hold the folder's lock.

        Raises ProgramIsMissing, CannotStepDown or DataFolderIsWrong.
        """
        if (self.data / "PG_VERSION").exists():
            self._refuse_another_version()
            clear_stale_files(self.data, self.sockets, _SOCKET)
        else:
            self._make_cluster()
        # Where the server is another user (no namespaces here), its sockets' folder is that user's.
        self.stepping.give(self.sockets)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server in the foreground, as our child; ``prepare`` first."""
        settings = _SETTINGS | _PRIVATE_LOG | ({} if self.durable else _FORGETFUL)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            self.data,
            "-k",
            self.sockets,
            *options,
        ]
        return start_child(command, log=self.log, death_signal=signal.SIGINT, stepping=self.stepping)

    def is_ready(self) -> bool:
        """Whether the server takes connections, by its own word (the eighth line of its pid file)."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def make_roles(self) -> None:
        """Make the two roles and the database where they are missing. The server must be ready."""
        marker = self.folder / "postgres-roles-made"
        if marker.exists():
            return
        with psycopg.connect(
            host=str(self.sockets), user=_SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                if not known:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(role), sql.SQL(rights))
                    )
            # To drop a test database that a crashed test still holds.
            connection.execute(f"GRANT pg_signal_backend TO {OWNER}")
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        marker.touch(mode=0o600)

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Ask for the fast way (roll back, close), then the immediate one. Both lose nothing that was committed."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            child.send_signal(number)
            try:
                child.wait(timeout=8)
                return
            except subprocess.TimeoutExpired:
                continue

    def _make_cluster(self) -> None:
        # Made beside its place and renamed: an interrupted initdb leaves nothing that looks like a cluster.
        unfinished = self.data.with_name("postgres.new")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        (self.folder / "postgres-roles-made").unlink(missing_ok=True)
        unfinished.mkdir(mode=0o700)
        self.stepping.give(unfinished)
        child = start_child(self._initdb(unfinished), log=self.log, stepping=self.stepping)
        if child.wait(timeout=120) != 0:
            raise DataFolderIsWrong(f"PostgreSQL could not make its data folder; {self.log} says why.")
        unfinished.rename(self.data)

    def _initdb(self, folder: Path) -> list[str | Path]:
        command: list[str | Path] = [
            self.programs / "initdb", "-D", folder, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-instructions",
        ]  # fmt: skip
        # The builtin provider sorts the same on every machine; PostgreSQL has it from 17 on.
        newer = postgresql_version(self.programs) >= 17
        command += ["--locale-provider=builtin", "--locale=C.UTF-8"] if newer else ["--locale=C"]
        return command if self.durable else [*command, "--no-sync"]

    def _refuse_another_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = postgresql_version(self.programs)
        if made_by != str(ours):
            raise DataFolderIsWrong(
                f"The data in {self.data} were made by PostgreSQL {made_by}, and here is {ours}: "
                "use that version, or forget the data with `make clean-demo`."
            )
