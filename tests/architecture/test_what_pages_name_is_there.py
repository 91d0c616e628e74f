"""Every name of an address, every template and every file that a template or a page names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from tests.architecture.sources import ROOT, name_of, nodes_of, sources, text_of
from tests.architecture.test_what_is_named_is_there import tracked

_ADDRESS = re.compile(r"\{% (?:url|address) ['\"]([\w:]+)['\"]")
_TEMPLATE = re.compile(r"\{% (?:include|extends) ['\"]([^'\"]+)['\"]")
_FILE = re.compile(r"\{% static ['\"]([^'\"]+)['\"]")
_GO_TO = {"reverse", "reverse_lazy", "redirect", "resolve_url", "address_of"}


def named_in_templates(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    return {
        (name, found)
        for name in tracked()
        if "/templates/" in name
        for found in pattern.findall(text_of(ROOT / name))
    }


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, f"{before}{one.namespace}:" if one.namespace else before)
        elif one.name:
            yield before + one.name


def test_every_name_of_an_address_leads_somewhere() -> None:
    there = set(addresses(get_resolver()))
    named = named_in_templates(_ADDRESS) | {
        (name_of(path), name)
        for path in sources("web", "api", "outreach", "config", "bench", "tests")
        for name in _gone_to(path)
    }
    assert len(named) > 200
    assert sorted(f"{where}: {name}" for where, name in named if name not in there) == []


def _gone_to(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and _name_of(node.func) in _GO_TO:
            for first in node.args[:1]:
                if isinstance(first, ast.Constant) and re.fullmatch(r"[\w:]+", str(first.value)):
                    yield str(first.value)


def _name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_every_template_that_is_named_is_there() -> None:
    named = named_in_templates(_TEMPLATE) | {
        (name_of(path), node.value)
        for path in sources("web", "api", "outreach")
        for node in nodes_of(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"\w[\w/-]*/[\w-]+\.(?:html|txt)", node.value)
    }
    assert len(named) > 200
    assert sorted(f"{where}: {name}" for where, name in named if not _is_a_template(name)) == []


def _is_a_template(name: str) -> bool:
    try:
        return bool(get_template(name))
    except TemplateDoesNotExist:
        return False


def test_every_file_that_a_template_names_is_there() -> None:
    assert (
        sorted(f"{where}: {name}" for where, name in named_in_templates(_FILE) if finders.find(name) is None)
        == []
    )
