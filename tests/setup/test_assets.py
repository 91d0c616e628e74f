"""setup/assets: the styles, fonts and icons are made at set-up, from what is locked, and only when something changed."""

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]
_THEME = _PROJECT / "web" / "theme"
_BUILT = _PROJECT / "web" / "static" / "web" / "built"
_PYTHON = _PROJECT / ".tools" / "bin" / "python"
_SHEETS = ("engage", "engage-staff", "engage-print")
_NAMES = [
    name for name in (_THEME / "icons.txt").read_text().split("\n") if name and not name.startswith("#")
]


def _run(*arguments: str, folder: Path = _PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PYTHON, "-m", "setup.assets", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", _SHEETS)
def test_a_style_sheet_is_built_and_light(name: str) -> None:
    built = (_BUILT / f"{name}.css").read_bytes()
    assert len(gzip.compress(built)) <= 25 * 1024


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_a_font_is_cut_to_what_most_pages_need(weight: str) -> None:
    latin, ext = (_BUILT / "fonts" / f"PublicSans-{weight}.{part}.woff2" for part in ("latin", "ext"))
    assert latin.read_bytes()[:4] == ext.read_bytes()[:4] == b"wOF2"
    assert latin.stat().st_size <= 20 * 1024


def test_every_file_that_a_style_names_is_there() -> None:
    named = {
        path
        for sheet in _BUILT.glob("*.css")
        for path in re.findall(r"url\(\"?([^\")]+)", sheet.read_text())
        if not path.startswith("data:")
    }
    assert named
    assert [path for path in sorted(named) if not (_BUILT / path).is_file()] == []


def test_every_icon_that_is_named_is_drawn_without_a_colour_of_its_own() -> None:
    drawings = json.loads((_BUILT / "icons.json").read_text())
    assert sorted(drawings) == sorted(_NAMES)
    for name, drawing in drawings.items():
        assert re.fullmatch(r"(<(path|circle) [^<>]*/>)+", drawing), name
        assert " fill=" not in drawing, name


def test_the_lock_names_no_place_to_get_a_package_from() -> None:
    packages = json.loads((_PROJECT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        told = {key: value for key, value in package.items() if key != "funding"}
        assert "resolved" not in told, name
        assert "://" not in json.dumps(told), name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_a_second_build_does_nothing() -> None:
    _run()
    before = {path: path.stat().st_mtime_ns for path in _BUILT.rglob("*")}
    again = _run()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert {path: path.stat().st_mtime_ns for path in _BUILT.rglob("*")} == before


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A copy of what the assets are made from, already built, to do damage in. Its packages are the project's own."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_PROJECT / name, tmp_path)
    for name in ("setup/assets", "requirements", "web/theme", "web/static/web/built"):
        shutil.copytree(_PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    modules = tmp_path / "node_modules"
    modules.mkdir()
    for path in (_PROJECT / "node_modules").iterdir():
        if path.is_dir():
            (modules / path.name).symlink_to(path)
        else:
            shutil.copy(path, modules)
    return tmp_path


def test_a_changed_style_is_compiled_anew_and_nothing_else(workshop: Path) -> None:
    with (workshop / "web" / "theme" / "engage-print.scss").open("a") as source:
        source.write("\n.made-by-a-test { color: red; }\n")
    done = _run(folder=workshop)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Making the pages' styles\n", "")
    assert (
        ".made-by-a-test{color:red}"
        in (workshop / _BUILT.relative_to(_PROJECT) / "engage-print.css").read_text()
    )


def test_a_style_that_does_not_compile_leaves_the_old_one_and_is_tried_again(workshop: Path) -> None:
    built = workshop / _BUILT.relative_to(_PROJECT) / "engage.css"
    before = built.read_bytes()
    source = workshop / "web" / "theme" / "engage.scss"
    good = source.read_text()
    source.write_text(good + "\n.broken {")
    for _ in range(2):
        done = _run(folder=workshop)
        assert done.returncode == 1
        assert "do not compile" in done.stderr
        assert "Traceback" not in done.stderr
    assert built.read_bytes() == before
    source.write_text(good)
    assert _run(folder=workshop).returncode == 0
    assert built.read_bytes() == before


def test_an_icon_that_does_not_exist_is_named(workshop: Path) -> None:
    with (workshop / "web" / "theme" / "icons.txt").open("a") as names:
        names.write("\nunicorn\n")
    done = _run(folder=workshop)
    assert done.returncode == 1
    assert done.stderr == "web/theme/icons.txt names unicorn, but the design system has no such icon.\n"


def test_a_missing_file_is_made_again(workshop: Path) -> None:
    font = workshop / _BUILT.relative_to(_PROJECT) / "fonts" / "PublicSans-Bold.latin.woff2"
    before = font.read_bytes()
    font.unlink()
    done = _run(folder=workshop)
    assert (done.returncode, done.stdout) == (0, "Making the pages' fonts\n")
    assert font.read_bytes() == before, "the same letters make the same bytes"


def test_without_a_registry_one_sentence_says_so(workshop: Path, tmp_path: Path) -> None:
    shutil.rmtree(workshop / "node_modules")
    done = _run(
        folder=workshop,
        npm_config_registry="http://127.0.0.1:9/",
        npm_config_cache=str(tmp_path / "cache"),
        npm_config_fetch_retries="0",
    )
    assert done.returncode == 1
    assert done.stderr.startswith("npm cannot reach its registry (ECONNREFUSED)")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    program = "import sys; sys.prefix = '/proc'; import runpy; runpy.run_module('setup.assets', run_name='__main__')"
    ended = subprocess.run(
        [_PYTHON, "-c", program], cwd=_PROJECT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    [sentence] = ended.stderr.strip().splitlines()
    assert "/proc/assets.lock" in sentence
