"""Whatever code names is there, in strings too: a program for `python -c`, a patched path, a setting, a command's words.

What moves takes its imports along, since tools follow those. A name in a string is found out when that string is run,
perhaps in one slow test whose child speaks to nobody; here it is found out at once.
"""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise

from django.apps import apps
from django.core.management import get_commands

from tests.architecture.names import ROOMS, bound_by_import, can_be_run, is_module, is_ours, is_there
from tests.architecture.sources import ROOT, text_of
from tests.architecture.test_what_is_named_is_there import tracked

_ROOMS = "|".join(ROOMS)
_DOTTED = re.compile(rf"(?:python:)?((?:{_ROOMS})(?:\.\w+)+)(?::(\w+))?")
_IMPORT = re.compile(r"^[ \t]*((?:from [\w.]+ import |import [\w.]+).*)$", re.MULTILINE)
_FILLED_IN = re.compile(r"\{\w*(?:![rsa])?\}")
_FILE = re.compile(rf"(?:{_ROOMS}|docs|deploy|requirements)(?:/[\w.-]+)+\.\w+")
_WHERE_FILES_ARE_SOUGHT = ("", "web/templates", "outreach/templates", "api/templates", "web/static")
# Dotted, and of another world: a file that something makes, a host, the number of a check, a log's name.
_OF_ANOTHER_WORLD = re.compile(
    r"\w+\.(?:log|dump|css|scss|requests|[EWI]\d{3})|engage\.example\.gov(?::\d+)?|engage\.0999_made_up"
)
# What bench/one_side.py asks for in a folder that holds an older version, after today's name.
_OF_OLDER_VERSIONS = {"engage.access", "engage.token_issuing"}


class Code:
    """What a file names, or a program in one of its strings."""

    def __init__(self, where: str, text: str) -> None:
        self.where = where
        nodes = list(ast.walk(ast.parse(text)))
        # After `except ImportError` stands what was there once.
        spared = {id(one) for node in nodes if isinstance(node, ast.ExceptHandler) for one in ast.walk(node)}
        imports = [
            node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in spared
        ]
        self.imported = [leads_to for node in imports for leads_to in _led_to(node)]
        bound = _bound_once(nodes, {pair for node in imports for pair in bound_by_import(node)})
        self.taken = [found for node in nodes if (found := _taken(node, bound) or _patched(node, bound))]
        self.strings = list(_strings(nodes))
        self.started = [one for node in nodes for one in _started_by(node)]


def _led_to(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}".removesuffix(".*") for alias in node.names]


def _bound_once(nodes: list[ast.AST], imported: set[tuple[str, str]]) -> dict[str, str]:
    """The imports of ours; without a name that is bound in another way, too, and may mean that."""
    often = Counter(name for name, _ in imported)
    often.update(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    often.update(node.arg for node in nodes if isinstance(node, ast.arg))
    return {name: leads_to for name, leads_to in imported if often[name] == 1 and is_ours(leads_to)}


def _taken(node: ast.AST, bound: dict[str, str]) -> str | None:
    """What ``a.b.c`` leads to, where `a` is an import of ours, be it read or set."""
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if isinstance(node, ast.Attribute) and not node.attr.startswith("__"):
        before = _taken(node.value, bound)
        return before and f"{before}.{node.attr}"
    return None


def _patched(node: ast.AST, bound: dict[str, str]) -> str | None:
    """``monkeypatch.setattr(module, "name", …)``, ``patch.object``, ``getattr``: what they reach for."""
    if not isinstance(node, ast.Call) or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
        return None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    of = _taken(node.args[0], bound)
    return (
        f"{of}.{node.args[1].value}" if of and called in {"setattr", "delattr", "getattr", "object"} else None
    )


def _strings(nodes: list[ast.AST]) -> Iterator[str]:
    """Each string but the docstrings; an f-string whole, as it would stand before it is filled in."""
    apart = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            apart.update(map(id, node.values))
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.value


def _started_by(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Of ``[…, "-m", "bench.drills"]`` the module, of ``["manage.py", "migrate"]`` and ``call_command`` the command."""
    words: list[object] = []
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "call_command":
        words = ["manage.py", *node.args[:1]]
    elif isinstance(node, ast.List | ast.Tuple):
        words = list(node.elts)
    for before, word in pairwise(getattr(word, "value", word) for word in words):
        if isinstance(before, str) and isinstance(word, str) and before in {"-m", "manage.py"}:
            yield before, word


@cache
def files() -> tuple[Code, ...]:
    return tuple(Code(name, text_of(ROOT / name)) for name in sorted(tracked()) if name.endswith(".py"))


@cache
def programs() -> tuple[Code, ...]:
    """What strings hold of Python, and the docs: all that imports something."""
    docs = [
        (name, text_of(ROOT / name)) for name in sorted(tracked()) if name.endswith((".md", ".sh", ".yml"))
    ]
    strings = [(file.where, text) for file in files() for text in file.strings]
    return tuple(one for where, text in strings + docs for one in _programs_in(f"{where}, in a text", text))


def _programs_in(where: str, text: str) -> Iterator[Code]:
    """The program whole; of what is none as it stands, each line that imports something of ours."""
    if not (lines := _IMPORT.findall(text)):
        return
    try:
        yield Code(where, textwrap.dedent(_FILLED_IN.sub("None", text)))
    except SyntaxError:
        yield from (Code(where, line) for line in lines if is_ours(line.split()[1]))


def test_programs_in_strings_are_found() -> None:
    """The rules below would be kept by nobody if this stopped finding them."""
    found = {one.where for one in programs()}
    killed, served = "tests/faults/test_killed_purge.py", "tests/makers/web_servers.py"
    assert {f"{killed}, in a text", f"{served}, in a text"} <= found
    [program] = _programs_in("x", "\nfrom events import rsvps as some\nsome." + "PATIENCE = {seconds}\n")
    assert program.taken == ["events.rsvps." + "PATIENCE", "events.rsvps"]
    assert not is_there(program.taken[0])
    assert not is_there("engage.retention." + "purging.purge")
    assert is_there("engage.retention.purge.purge")


def test_every_import_leads_to_what_is_there() -> None:
    named = [(code.where, leads_to) for code in (*files(), *programs()) for leads_to in code.imported]
    assert [one for one in named if is_ours(one[1]) and not is_there(one[1])] == []


def test_every_library_that_a_program_in_a_string_imports_is_installed() -> None:
    named = [(code.where, leads_to) for code in programs() for leads_to in code.imported]
    assert [one for one in named if not is_ours(one[1]) and not _is_installed(one[1])] == []


def _is_installed(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    with suppress(ImportError):
        return bool(importlib.import_module(dotted))
    with suppress(ImportError, ValueError):
        return hasattr(importlib.import_module(module), name)
    return False


def test_what_is_taken_from_a_module_or_set_in_it_is_there() -> None:
    """A program that sets ``module.PATIENCE`` where there is no such name sets nothing, and says nothing."""
    named = [(code.where, found) for code in (*files(), *programs()) for found in code.taken]
    assert len(named) > 1000
    assert [one for one in named if not is_there(one[1])] == []


def test_every_dotted_name_in_a_string_is_there() -> None:
    found = {
        (file.where, ".".join(filter(None, match.groups())))
        for file in files()
        for text in file.strings
        if (match := _DOTTED.fullmatch(text))
        and not _OF_ANOTHER_WORLD.fullmatch(text)
        and text not in _OF_OLDER_VERSIONS
    }
    assert len(found) > 100
    assert (
        sorted(one for one in found if not is_there(one[1]) and not _means_a_model_or_migration(one[1])) == []
    )


def _means_a_model_or_migration(dotted: str) -> bool:
    """As Django says them: the app with a class of its own, or with the name of a migration."""
    app, _, name = dotted.partition(".")
    models = {model._meta.label_lower for model in apps.get_models()}
    return dotted.lower() in models or is_module(f"{app}.migrations.{name}")


def test_every_file_that_a_string_names_is_there() -> None:
    found = {(file.where, text) for file in files() for text in file.strings if _FILE.fullmatch(text)}
    assert len(found) > 50
    assert (
        sorted(
            one
            for one in found
            if not any((ROOT / place / one[1]).exists() for place in _WHERE_FILES_ARE_SOUGHT)
        )
        == []
    )


def test_every_program_that_is_started_by_its_name_is_there() -> None:
    started = [(file.where, *one) for file in files() for one in file.started]
    assert len(started) > 20
    assert [one for one in started if not _can_be_started(*one[1:])] == []


def _can_be_started(how: str, name: str) -> bool:
    if how == "manage.py":
        return name in get_commands()
    return can_be_run(name) if is_ours(name) else _is_installed(name)


def test_every_benchmark_that_is_named_is_there() -> None:
    from bench import __main__ as bench

    assert [name for name in bench.BENCHES if not is_there(f"bench.{name}.run")] == []
