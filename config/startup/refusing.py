"""Ends a process that may not serve, with one sentence: what the web, the worker, the clock and commands begin with."""

from __future__ import annotations

import sys
from typing import NoReturn

from config.environment import SettingIsWrong

# What a setting that is wrong ends as, like any other use that cannot be understood.
REFUSED = 2
# Commands that read and write files only; they run without a server, a database and secrets (the image's build).
_TOOLS = frozenset(
    {
        "help", "version", "--help", "-h", "--version", "check", "collectstatic", "compilemessages", "diffsettings",
        "findstatic", "makemessages", "makemigrations", "spectacular",
    }
)  # fmt: skip


def fit_to_serve() -> None:
    """Read the settings. Ends the process with status 2 where one is wrong, or where no database was named."""
    from django.conf import settings

    try:
        without_server: bool = settings.STARTED_WITHOUT_SERVER
    except SettingIsWrong as wrong:
        end(str(wrong))
    if without_server:
        end("DATABASE_URL is not set, and Engage cannot start without it.")


def fit_for_command(arguments: list[str]) -> None:
    """The same for ``manage.py``'s ``arguments``; commands that only make files need no database."""
    if len(arguments) > 1 and arguments[1] not in _TOOLS:
        fit_to_serve()


def end(sentence: str) -> NoReturn:
    """Say why on the error stream, and end with status 2."""
    sys.stderr.write(f"Engage did not start: {sentence}\n")
    sys.stderr.flush()
    sys.exit(REFUSED)
