"""A program that a test or a benchmark starts can say why it failed: nobody throws its errors away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import name_of, nodes_of, sources

_STARTED = {"run", "Popen", "check_output", "check_call"}


def thrown_away(nodes: Iterator[ast.AST]) -> Iterator[ast.Call]:
    """stderr to nowhere; or kept by ``run(check=True)``, whose error shows no word of it."""
    for node in nodes:
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in _STARTED:
            continue
        said = {word.arg: ast.unparse(word.value) for word in node.keywords}
        kept = said.get("capture_output") == "True" or said.get("stderr") == "subprocess.PIPE"
        if said.get("stderr") == "subprocess.DEVNULL" or (said.get("check") == "True" and kept):
            yield node


def test_no_errors_of_a_child_are_thrown_away() -> None:
    assert [
        f"{name_of(path)}:{call.lineno}"
        for path in sources("tests", "bench", "tools")
        for call in thrown_away(nodes_of(path))
    ] == []


@pytest.mark.parametrize(
    ("call", "speaks"),
    [
        ("subprocess.Popen(a, stderr=subprocess.DEVNULL)", False),
        ("subprocess.run(a, check=True, capture_output=True)", False),
        ("subprocess.run(a, check=True, stdout=subprocess.PIPE)", True),
        ("subprocess.run(a, check=False, capture_output=True)", True),
    ],
)
def test_what_counts_as_thrown_away(call: str, speaks: bool) -> None:
    assert bool(list(thrown_away(ast.walk(ast.parse(call))))) is not speaks
