"""requirements/: what is installed is locked, and names no place to get it from."""

import re
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "requirements"
_LISTS = sorted(_FOLDER.glob("*.in"))


@pytest.mark.parametrize("path", sorted(_FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_a_lock_names_no_registry(path: Path) -> None:
    assert "://" not in path.read_text()


@pytest.mark.parametrize("path", sorted(_FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path: Path) -> None:
    text = re.sub(r"\\\n", " ", path.read_text())
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert [line for line in lines if "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("path", _LISTS, ids=lambda path: path.name)
def test_every_direct_dependency_has_a_floor(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-c"))]
    assert [line for line in lines if ">=" not in line] == []


@pytest.mark.parametrize("path", _LISTS, ids=lambda path: path.name)
def test_every_direct_dependency_is_locked(path: Path) -> None:
    locked = set(re.findall(r"^([a-z0-9][a-z0-9-]*)", path.with_suffix(".txt").read_text(), re.MULTILINE))
    named = re.findall(r"^([a-z0-9][a-z0-9-]*)", path.read_text(), re.MULTILINE)
    assert set(named) <= locked


def test_the_lists_agree_where_they_meet() -> None:
    versions: dict[str, set[str]] = {}
    for path in _FOLDER.glob("*.txt"):
        for name, version in re.findall(r"^([a-z0-9][a-z0-9-]*)==(\S+)", path.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
