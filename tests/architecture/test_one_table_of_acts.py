"""Which role may do an act stands in engage/roles/permissions.py; the pages and the API name the act and no role."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from engage.roles.models import Role
from engage.roles.permissions import ROLE_OF_ACT
from tests.architecture.sources import name_of, nodes_of, sources

# Where a surface names a role, though nothing is allowed or refused by it; each with what for.
OTHERWISE = {
    "web/account/choosing_agency.py": "the page on which the day of each role begins",
    "web/office/people.py": "the roles that are given and ended there, and what each does, in words",
}
_MEMBERS = frozenset(Role.Kind.__members__)
# As a text; "admin" is a scope and a word of addresses, too.
_SPELLED = frozenset(Role.Kind.values) - {"admin"}
_ASKING = frozenset({"does", "must_do", "theirs"})


def test_no_surface_says_by_itself_whose_act_it_is() -> None:
    found = {name_of(path): list(roles_named(nodes_of(path))) for path in sources("web", "api")}
    assert {name for name, lines in found.items() if lines} - set(OTHERWISE) == set()
    # What has no reason any more is struck off.
    assert [name for name in OTHERWISE if not found[name]] == []


def test_every_act_of_the_table_is_asked_for_by_both_surfaces_and_no_other() -> None:
    for surface in ("web", "api"):
        asked = {act for path in sources(surface) for act in acts_asked_for(path)}
        assert asked == set(ROLE_OF_ACT), surface


def test_a_role_named_by_a_page_is_seen_however_it_is_spelled() -> None:
    for line in (
        "must_be(desk, Role.Kind.LEADER)",
        "desk.is_a('leader')",
        "viewer.has_role(kind, agency.pk)",
        "models.Role.Kind['LIAISON']",
        "kinds & STAFF_ROLES",
    ):
        assert list(roles_named(ast.walk(ast.parse(line)))), line
    assert not list(roles_named(ast.walk(ast.parse("desk.must_do('summary.approve'), Role.Kind.choices"))))


def roles_named(nodes: Iterator[ast.AST]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, ast.Attribute):
            if node.attr == "has_role" or (node.attr in _MEMBERS and "Kind" in ast.unparse(node.value)):
                yield node.lineno
        elif isinstance(node, ast.Subscript):
            if ast.unparse(node.value).endswith("Role.Kind"):
                yield node.lineno
        elif isinstance(node, ast.Name):
            if node.id == "STAFF_ROLES":
                yield node.lineno
        elif isinstance(node, ast.Constant) and node.value in _SPELLED:
            yield node.lineno


def acts_asked_for(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING:
            yield from (
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
