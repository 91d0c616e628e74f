"""Files, modules, tests, commands and addresses that docs, comments, make, CI and the images name are in the repository."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.names import ROOMS, can_be_run, is_ours, is_there
from tests.architecture.sources import ROOT, text_of

# Named though no file of the repository: each is made when something runs.
MADE = {
    "mail/messages.json": "the demo's mailbox writes it",
    "sbom/python.cdx.json": "make sbom",
    "sbom/browser.cdx.json": "make sbom",
    "web/static/web/built/icons.json": "make assets",
    "credentials.json": "the demo writes it",
    "ID.json": "a letter in the demo's mailbox",
    "invite.ics": "the attachment of a letter",
    "Node.js": "a name",
    "node.html": "JavaScript, in a string",
}
# A decision may name what was decided against.
DECIDED_AGAINST = {"channels/console.py"}

BESIDE = {
    ".ci/run", ".dockerignore", "Dockerfile", "Makefile", "deploy/env.example", "deploy/proxy/Caddyfile", "docker-compose.yml",
    "package.json", "pyproject.toml", "schemathesis.toml",
}  # fmt: skip

_COMMENT = re.compile(r"(?:^|\s)# (.*)$", re.MULTILINE)
_DOCSTRING = re.compile(r"\"\"\"(.*?)\"\"\"", re.DOTALL)
_FILE = re.compile(
    r"(?<![\w/<{.:*-])(?:[\w.-]+/)*[\w-][\w.-]*\.(?:py|md|html|js|s?css|toml|sh|yml|json|po|svg|ics)\b(?![\w/(<{*=])"
)
_DOTTED = re.compile(
    r"`((?:engage|events|outreach|api|web|config|demo|servers|tools|bench|tests)(?:\.[A-Za-z_]+)+)`"
)
_RUN = re.compile(r"(?<!\S)-m[ ,]+\"?([a-z_]+(?:\.\w+)*)")
_PLAIN = re.compile(rf"(?<![\w/.,@-])((?:{'|'.join(ROOMS)})(?:\.\w+)+)")
_TEST = re.compile(r"\btest_\w+")
_TARGET = re.compile(r"`make ([a-z][a-z-]*)")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)")
_ADDRESS = re.compile(r"`(?:[A-Z]+ )?(/[a-z][\w./<>-]*)[^`]*`")


@cache
def tracked() -> frozenset[str]:
    """What git keeps, or will once it is added."""
    ran = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return frozenset(name for name in ran.stdout.split() if (ROOT / name).exists())


def said() -> Iterator[tuple[str, str]]:
    """Where something is said, and what: of Python the comments and docstrings, docs and what runs beside it whole."""
    for name in sorted(tracked()):
        if name.endswith(".py"):
            yield from ((name, text) for text in _comments(ROOT / name))
        elif name != "CHANGELOG.md" and (name.endswith((".md", ".sh", ".in")) or name in BESIDE):
            yield name, text_of(ROOT / name)


def _comments(path: Path) -> Iterator[str]:
    """Told by their marks: to parse a thousand files would take longer than all the other rules."""
    yield from _COMMENT.findall(text_of(path))
    yield from _DOCSTRING.findall(text_of(path))


@cache
def everything_said() -> tuple[tuple[str, str], ...]:
    return tuple(said())


def missing(pattern: re.Pattern[str], is_there: object, *, only: str = "") -> list[str]:
    assert callable(is_there)
    return sorted(
        {
            f"{where}: {found}"
            for where, text in everything_said()
            if where.endswith(only)
            for found in pattern.findall(text)
            if not is_there(found)
        }
    )


def test_every_file_that_is_named_is_in_the_repository() -> None:
    ends = {"/".join(Path(name).parts[-count:]) for name in tracked() for count in range(1, 9)}
    known = ends | MADE.keys() | DECIDED_AGAINST
    assert missing(_FILE, lambda found: found.removeprefix("./") in known) == []


def test_every_module_that_is_named_is_there_with_what_it_is_said_to_hold() -> None:
    assert missing(_DOTTED, is_there) == []


def test_every_module_that_a_command_runs_is_there() -> None:
    """``python -m bench.drills``, in the docs, the Makefile or a comment; a library's own is not looked for."""
    assert missing(_RUN, lambda module: not is_ours(module) or can_be_run(module)) == []


@pytest.mark.parametrize("name", sorted(BESIDE))
def test_every_module_that_stands_beside_the_code_is_there(name: str) -> None:
    """``python:config.web_serving`` of an image, a plugin of the tests, a package whose types are checked."""
    assert [found for found in _PLAIN.findall(text_of(ROOT / name)) if not is_there(found)] == []


def test_every_test_that_is_named_is_there() -> None:
    names = {Path(name).stem for name in tracked()}
    for name in tracked():
        if name.startswith("tests/") and name.endswith(".py"):
            names.update(re.findall(r"def (test_\w+)", text_of(ROOT / name)))
    assert missing(_TEST, names.__contains__) == []


def test_every_make_target_and_command_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert missing(_TARGET, targets.__contains__) == []
    assert missing(_COMMAND, {*get_commands(), "help"}.__contains__) == []


def test_every_address_that_the_docs_name_is_one_that_answers() -> None:
    known = [re.sub(r"<[^>]*>", "<>", route) for route in routes(get_resolver())]

    def answers(address: str) -> bool:
        plain = re.sub(r"<[^>]*>", "<>", address.removeprefix("/es"))  # the pages in Spanish
        return any(plain in route for route in known)

    assert missing(_ADDRESS, answers, only=".md") == []


def routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + re.sub(r"^\^|\\Z$|\$$", "", str(one.pattern)).replace("\\", "")
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield route


@pytest.mark.parametrize("table", [MADE, DECIDED_AGAINST])
def test_what_is_excused_is_still_named_and_still_not_there(table: set[str] | dict[str, str]) -> None:
    text = "\n".join(one for _, one in everything_said())
    assert [name for name in table if name not in text] == []
    assert set(table) & tracked() == set()
