"""The rules of the house that a machine can hold (docs/decisions/0001-the-house.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("engage", "events", "outreach", "api", "web", "config")
DUMP_NAMES = {"services", "utils", "util", "helpers", "helper", "common", "managers", "misc", "base", "core"}

# A file or function may be longer where a reason beats the limit: name it here, with the reason.
LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_300_lines_without_a_reason() -> None:
    long = {
        name_of(path): lines
        for path in sources(*PACKAGES, "tests", "bench")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
        and name_of(path) not in LONGER_FILES
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines_without_a_reason() -> None:
    long = {}
    for path in sources(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = _lines_of_code(node)
                key = f"{name_of(path)}:{node.name}"
                if lines > 40 and key not in LONGER_FUNCTIONS:
                    long[key] = lines
    assert long == {}


def _lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without decorators and docstring: what has to be read to follow it."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_no_file_is_named_for_nothing() -> None:
    assert [name_of(path) for path in sources(*PACKAGES) if path.stem in DUMP_NAMES] == []


def test_exceptions_are_never_swallowed() -> None:
    silent = []
    for path in sources(*PACKAGES):
        silent += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
        ]
    assert silent == []


def test_modules_import_each_other_in_one_direction_only() -> None:
    """No circular import: at module level, the imports are a tree of layers, not a knot."""
    modules = {_module(path): path for path in sources(*PACKAGES)}
    imports = {name: set(_imported(path, name, modules)) for name, path in modules.items()}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, own: str, modules: dict[str, Path]) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            deeper = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else node.module for name in deeper]
        else:
            continue
        yield from (name for name in names if name in modules and name != own)


def test_the_layers_hold() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_registry_host_stands_in_a_lock_file() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        urls = [line for line in path.read_text(encoding="utf-8").splitlines() if "://" in line]
        assert urls == [], f"{path.name} names a host"
    lock = ROOT / "package-lock.json"
    if lock.exists():
        assert '"resolved"' not in lock.read_text(encoding="utf-8")


def test_every_setting_read_from_the_environment_is_documented() -> None:
    read = set()
    for path in sources("config"):
        read |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", path.read_text(encoding="utf-8")))
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if f"`{name}`" not in documented) == []
