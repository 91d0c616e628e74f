"""How long a database may keep us: by what a process does. A row that somebody holds must not stop the whole site.

The limits travel with the connection's start (libpq's ``options``), so they cost no statement. They stand on the role
as well (deploy/postgres/make-roles.sh), for a pooler that drops what a connection asks for at its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connections


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds; 0 means no limit. ``lock``: for one lock. ``idle``: between two statements of a transaction."""

    lock: int
    statement: int
    idle: int

    def as_options(self) -> str:
        """As libpq's ``options``."""
        return (
            f"-c lock_timeout={self.lock}s -c statement_timeout={self.statement}s"
            f" -c idle_in_transaction_session_timeout={self.idle}s"
        )


# Somebody waits for the page, and a thread of the web with them. For one row PostgreSQL waits up to twice as long: first
# for its turn among those who wait, then for whoever holds it.
REQUESTS: Final[TimeLimits] = TimeLimits(lock=2, statement=15, idle=30)
# Nobody waits; the next round finds what was left. A sweep over a large table may take its time.
WORK: Final[TimeLimits] = TimeLimits(lock=20, statement=300, idle=120)
# A person at a terminal sees it, and may stop it.
COMMANDS: Final[TimeLimits] = TimeLimits(lock=20, statement=0, idle=600)
# A change of a table that waits for its lock makes everybody behind it wait too: rather give up and start again.
MIGRATIONS: Final[TimeLimits] = TimeLimits(lock=10, statement=0, idle=600)

_current = REQUESTS


def of_this_process() -> TimeLimits:
    """Those of requests, until ``this_process_does`` said otherwise."""
    return _current


def this_process_does(limits: TimeLimits) -> None:
    """To be called by a process that does not answer requests, before it asks the database anything."""
    global _current
    _current = limits
    if settings.configured and "default" in connections.settings:
        give(connections.settings["default"], limits)


def give_both(*, app: dict[str, Any], owner: dict[str, Any]) -> None:
    """For the settings: this process' own to the role that serves, and those of migrations to the owner."""
    give(app, of_this_process())
    give(owner, MIGRATIONS)


def give(database: dict[str, Any], limits: TimeLimits) -> None:
    """Put the limits before the options that the address itself names, so that those win."""
    own = database.setdefault("OWN_OPTIONS", database["OPTIONS"].get("options", ""))
    database["OPTIONS"]["options"] = f"{limits.as_options()} {own}".strip()
