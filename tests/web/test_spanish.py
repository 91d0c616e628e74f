"""Every sentence of the pages exists in Spanish, with the same gaps to fill."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[2] / "web"
_CALLED = {"_", "gettext", "gettext_lazy"}
_IN_TEMPLATE = re.compile(
    r"\bgettext\((u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")\)|\b_\((\"[^\"]*\"|'[^']*')\)"
)
_GAP = re.compile(r"%\(\w+\)s|\{\w+\}")


def said() -> Iterator[str]:
    """Every text that the pages ask to have translated."""
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in _CALLED
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)
    for path in sorted((WEB / "templates").rglob("*.html")):
        for found in _IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(found[1] or found[2])


def catalog() -> dict[str, str]:
    text = (WEB / "locale" / "es" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'msgid ((?:".*"\s*)+)msgstr ((?:".*"\s*)+)', text)
    return {_joined(english): _joined(spanish) for english, spanish in pairs if _joined(english)}


def _joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.strip().splitlines())


def test_nothing_is_missing_and_nothing_is_left_over() -> None:
    assert set(said()) - set(catalog()) == set()
    assert set(catalog()) - set(said()) == set()


def test_every_translation_says_something_and_keeps_the_gaps() -> None:
    for english, spanish in catalog().items():
        assert spanish.strip()
        assert sorted(_GAP.findall(english)) == sorted(_GAP.findall(spanish)), english


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_spanish_page_speaks_spanish(client: Client) -> None:
    answer = client.get("/es/").content.decode()
    assert "Iniciar sesión" in answer
    assert "Sign in" not in answer
