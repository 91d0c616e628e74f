"""Runs tests against PostgreSQL and Redis on their standard ports, in a database and with two roles of its own.

``python .ci/on_standard_ports.py TESTS…``; exits 0 and says so where nothing answers there.
"""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql


def main() -> int:
    """The tests' exit status, or 0 where no servers answer."""
    silent = [name for name, port in (("PostgreSQL", 5432), ("Redis", 6379)) if not _answers(port)]
    if silent:
        print(f"Not run: {' and '.join(silent)} does not answer on this machine's standard port.")
        return 0
    maintenance = _superuser()
    if maintenance is None:
        print("Not run: PostgreSQL on the standard port trusts no superuser here.")
        return 0
    with maintenance, _own_database(maintenance) as settings:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]], env=os.environ | settings, check=False
        ).returncode


@contextmanager
def _own_database(maintenance: psycopg.Connection) -> Iterator[dict[str, str]]:
    name = f"engage_ci_{secrets.token_hex(4)}"
    owner, app, password = f"{name}_owner", f"{name}_app", secrets.token_hex(16)
    for role, rights in ((owner, "CREATEDB"), (app, "NOCREATEDB")):
        _run(
            maintenance,
            f"CREATE ROLE {{}} LOGIN {rights} PASSWORD {{}}",
            sql.Identifier(role),
            sql.Literal(password),
        )
    _run(maintenance, "CREATE DATABASE {} OWNER {}", sql.Identifier(name), sql.Identifier(owner))
    try:
        yield {
            "DATABASE_URL": f"postgres://{app}:{password}@127.0.0.1:5432/{name}",
            "DATABASE_OWNER_URL": f"postgres://{owner}:{password}@127.0.0.1:5432/{name}",
            "REDIS_URL": "redis://127.0.0.1:6379/0",
        }
    finally:
        left = maintenance.execute(
            "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = %s", [owner]
        )
        for (database,) in left.fetchall():
            _run(maintenance, "DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(database))
        for role in (app, owner):
            _run(maintenance, "DROP ROLE IF EXISTS {}", sql.Identifier(role))


def _run(connection: psycopg.Connection, statement: str, *parts: sql.Composable) -> None:
    connection.execute(sql.SQL(statement).format(*parts))


def _superuser() -> psycopg.Connection | None:
    for user in ("postgres", "root"):
        try:
            return psycopg.connect(
                host="127.0.0.1", user=user, dbname="postgres", autocommit=True, connect_timeout=5
            )
        except psycopg.OperationalError:
            continue
    return None


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
