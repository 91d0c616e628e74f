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

from tests.architecture.sources import PACKAGES, ROOT, module_of, name_of, nodes_of, sources, text_of

DUMP_NAMES = {"services", "utils", "util", "helpers", "helper", "common", "managers", "misc", "base", "core"}

# A file or function may be longer where a reason beats the limit: name it here, with the reason.
LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}
HANDS_NAMES_ON = {
    "engage/models.py": "Django looks for an app's models here",
    "events/models.py": "Django looks for an app's models here",
    "outreach/models.py": "Django looks for an app's models here",
    "config/__init__.py": "Celery is found by `celery -A config`",
}
# Templates of a library, under the names that it looks for.
FOLDERS_OF_OTHERS = {"allauth", "mfa"}
# Django and the libraries read their own settings; these begin with their names.
READ_BY_LIBRARIES = ("ACCOUNT_", "CELERY_", "MFA_", "SPECTACULAR_", "REST_", "WHITENOISE_")
# An agency can say them, and no page or letter is other for it yet; the API's fields stay, so that nothing said is lost.
WITHOUT_EFFECT = {
    "smallest_group": "no page shows figures by group so far, and the settings page says so",
}


def test_no_file_is_longer_than_450_lines_without_a_reason() -> None:
    long = {
        name_of(path): lines
        for path in sources(*PACKAGES, "tests", "bench")
        if (lines := len(text_of(path).splitlines())) > 450 and name_of(path) not in LONGER_FILES
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines_without_a_reason() -> None:
    long = {}
    for path in sources(*PACKAGES):
        for node in nodes_of(path):
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


def test_no_module_only_hands_names_on() -> None:
    """Whoever looks for a rule should find it where the import points. Django alone wants such lists: of the models."""
    handing = {name_of(path) for path in sources(*PACKAGES) if _only_hands_on(ast.parse(text_of(path)).body)}
    assert handing - HANDS_NAMES_ON.keys() == set()
    assert HANDS_NAMES_ON.keys() - handing == set()


def _only_hands_on(body: list[ast.stmt]) -> bool:
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    rest = [node for node in body if node not in imports and not isinstance(node, ast.Expr)]
    names = [
        target.id
        for node in rest
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return len(imports) > 0 and names == ["__all__"] * len(rest)


def test_the_templates_of_a_subject_lie_in_a_folder_of_its_name() -> None:
    folders = {path.name for path in (ROOT / "web" / "templates").iterdir() if path.is_dir()}
    subjects = {path.parent.name for path in (ROOT / "web").glob("*/__init__.py")} - {"templatetags"}
    assert folders - FOLDERS_OF_OTHERS == subjects


def test_exceptions_are_never_swallowed() -> None:
    silent = []
    for path in sources(*PACKAGES):
        silent += [
            f"{name_of(path)}:{node.lineno}"
            for node in nodes_of(path)
            if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
        ]
    assert silent == []


def test_modules_import_each_other_in_one_direction_only() -> None:
    """No circular import: at module level, the imports are a tree of layers, not a knot."""
    modules = {module_of(path): path for path in sources(*PACKAGES)}
    imports = {name: set(_imported(path, name, modules)) for name, path in modules.items()}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def _imported(path: Path, own: str, modules: dict[str, Path]) -> Iterator[str]:
    for node in ast.parse(text_of(path)).body:
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
        urls = [line for line in text_of(path).splitlines() if "://" in line]
        assert urls == [], f"{path.name} names a host"
    lock = ROOT / "package-lock.json"
    if lock.exists():
        assert '"resolved"' not in lock.read_text(encoding="utf-8")


def test_every_setting_read_from_the_environment_is_documented() -> None:
    read = set()
    for path in sources("config"):
        read |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text_of(path)))
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if f"`{name}`" not in documented) == []


def test_every_setting_is_read_by_somebody() -> None:
    from django.conf import global_settings

    ours = set(re.findall(r"^([A-Z][A-Z_]+)\b.* = ", text_of(ROOT / "config" / "settings.py"), re.MULTILINE))
    code = "\n".join(text_of(path) for path in sources(*PACKAGES))
    read = set(re.findall(r"\bsettings\.([A-Z_]+)|settings, \"([A-Z_]+)\"", code))
    names = {name for pair in read for name in pair}
    inside = {
        name for name in ours if len(re.findall(rf"\b{name}\b", text_of(ROOT / "config" / "settings.py"))) > 1
    }
    left = {name for name in ours - names - inside if not hasattr(global_settings, name)}
    assert {name for name in left if not name.startswith(READ_BY_LIBRARIES)} == set()


def test_every_setting_of_an_agency_changes_something() -> None:
    """It is read beyond the three rooms that take, keep and show it."""
    from engage.agencies.models import Agency

    rooms = ("engage/agencies/", "api/v1/agencies", "web/office/")
    code = [
        text_of(path)
        for path in sources("engage", "events", "outreach", "api", "web")
        if not name_of(path).startswith(rooms)
    ]
    code += [path.read_text(encoding="utf-8") for path in (ROOT / "web" / "templates").rglob("*.html")]
    # Read where working days are counted, which all others ask.
    code.append(text_of(ROOT / "engage" / "agencies" / "working_days.py"))
    words = set(re.findall(r"\w+", "\n".join(code)))
    assert {field.name for field in Agency._meta.concrete_fields} - words - WITHOUT_EFFECT.keys() == set()
    assert WITHOUT_EFFECT.keys() & words == set()
