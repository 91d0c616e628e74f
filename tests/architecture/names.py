"""What a dotted name leads to, told from the files alone: nothing is imported, so that asking has no effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, text_of

ROOMS = (
    "api", "bench", "config", "demo", "engage", "events", "outreach", "servers", "setup", "tests", "tools", "web",
)  # fmt: skip
_OF_EVERY_MODULE = {"__doc__", "__file__", "__name__", "__path__"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
type Bound = ast.stmt | str


def is_ours(dotted: str) -> bool:
    return dotted.partition(".")[0] in ROOMS


def is_there(dotted: str) -> bool:
    """Whether ``dotted`` is a module of ours, or what one of them binds, however deep."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        module = ".".join(parts[:count])
        if is_module(module):
            return _holds(module, parts[count:])
    return False


@cache
def is_module(dotted: str) -> bool:
    return _file_of(dotted) is not None or any((ROOT / dotted.replace(".", "/")).glob("*.py"))


def can_be_run(dotted: str) -> bool:
    """Whether ``python -m`` can run it: a module, or a package with a ``__main__``."""
    folder = ROOT / dotted.replace(".", "/")
    return folder.with_suffix(".py").is_file() or (folder / "__main__.py").is_file()


def _file_of(module: str) -> Path | None:
    stem = ROOT / module.replace(".", "/")
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


def _holds(module: str, rest: list[str]) -> bool:
    if not rest or rest[0] in _OF_EVERY_MODULE:
        return True
    bound = bound_in(module)
    if rest[0] not in bound:
        return "__getattr__" in bound
    return _leads_on(bound[rest[0]], rest[1:])


def _leads_on(bound: Bound, rest: list[str]) -> bool:
    if isinstance(bound, str):
        return not is_ours(bound) or is_there(".".join([bound, *rest]))
    if isinstance(bound, ast.ClassDef) and rest and not bound.bases:
        return rest[0] in dict(_bound_by(bound.body)) | _set_by_methods(bound)
    return True  # what a value or an heir holds, nobody can tell without running


def _set_by_methods(one: ast.ClassDef) -> dict[str, Bound]:
    return {node.attr: one for node in ast.walk(one) if isinstance(node, ast.Attribute)}


@cache
def bound_in(module: str) -> dict[str, Bound]:
    """Each name that ``module`` binds, with the statement, or for an import with what it leads to."""
    path = _file_of(module)
    return dict(_bound_by(ast.parse(text_of(path)).body)) if path else {}


def _bound_by(body: list[ast.stmt]) -> Iterator[tuple[str, Bound]]:
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from bound_by_import(node)
        else:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, ast.Pass()
            waiting.extend(ast.iter_child_nodes(node))


def bound_by_import(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with what it leads to."""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            first = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (first, first)
        elif alias.name != "*":
            yield alias.asname or alias.name, f"{statement.module}.{alias.name}"
        else:
            module = statement.module or ""
            yield from ((name, f"{module}.{name}") for name in bound_in(module))
