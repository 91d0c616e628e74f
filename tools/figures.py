"""The figures of the house, of any commit: `python -m tools.figures d0fbc02 here` prints one column for each.

`here` are the files as they lie. With `--into docs/decisions/0005-the-house-second-plan.md` the table goes into that file,
which says what was to be bettered.
Lines are those of the product: without migrations, and without what stands beside it (the demo, the servers of a
developer's machine, tools), which were part of `config` once.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DOMAINS: Final = ("engage", "events", "outreach")
PRODUCT: Final = (*DOMAINS, "api", "web", "rush", "config")
BESIDE: Final = ("demo", "servers", "tools")
_ONCE_IN_CONFIG: Final = ("demo", "embedded", "made_year", "management", "message_catalogs", "parent_death")
_TAG = re.compile(r"\{%-? *(\w+)")
_AROUND_A_SENTENCE = {"block", "endblock", "endblocktranslate"}


def figures(root: Path) -> dict[str, str]:
    """What is printed of one tree, by its name."""
    product = [path for path in _files(root, *PRODUCT) if not _is_beside(path, root)]
    templates = [path for package in PRODUCT for path in sorted((root / package).glob("templates/**/*.html"))]
    widths = [len(line) for path in templates for line in _text(path).splitlines()]
    tests = "".join(_text(path) for path in _files(root, "tests"))
    return {
        "files of the product": f"{len(product):,}",
        "lines of the product": f"{sum(_lines(path) for path in product):,}",
        "flat files in engage, events, outreach": ", ".join(
            str(len(list((root / domain).glob("*.py")))) for domain in DOMAINS
        ),
        "modules of domains and API with one importer": _with_one_importer(root),
        "modules under 40 lines": f"{sum(0 < _lines(path) < 40 for path in product):,}",
        "`except RuleViolation` in web": str(
            sum(len(re.findall(r"except .*\bRuleViolation\b", _text(path))) for path in _files(root, "web"))
        ),
        "template lines": f"{len(widths):,}",
        "template lines over 120 columns": f"{sum(width > 120 for width in widths):,}",
        "of them not one sentence to translate": f"{sum(len(wide_lines(path)) for path in templates):,}",
        "test functions": f"{len(re.findall(r'^ *(?:async )?def test_', tests, re.MULTILINE)):,}",
    }


def wide_lines(template: Path) -> list[int]:
    """The numbers of its lines over 120 columns that are more than one sentence to translate."""
    lines = enumerate(_text(template).splitlines(), start=1)
    return [number for number, line in lines if len(line) > 120 and not is_one_sentence(line)]


def is_one_sentence(line: str) -> bool:
    tags = [tag for tag in _TAG.findall(line) if tag not in _AROUND_A_SENTENCE]
    return len(tags) == 1 and tags[0] in {"translate", "blocktranslate"}


@cache
def importers(root: Path) -> dict[str, set[str]]:
    """Who imports each module of the product and of what stands beside it, tests apart."""
    modules = {_module(path, root): path for path in _files(root, *PRODUCT, *BESIDE)}
    by: dict[str, set[str]] = defaultdict(set)
    for name, path in modules.items():
        for imported in _imports(path):
            if imported in modules and imported != name:
                by[imported].add(name)
    return by


def _with_one_importer(root: Path) -> str:
    """Only modules that say something; a resource that its urls.py names is found by its address, and is not counted."""
    by = importers(root)
    modules = [
        _module(path, root)
        for path in _files(root, *DOMAINS, "api")
        if path.name != "__init__.py" and "management" not in path.parts and _lines(path)
    ]
    alone = [
        name
        for name in modules
        if len(by[name]) == 1 and next(iter(by[name])).rpartition(".")[2] not in {"urls", "addresses"}
    ]
    return f"{len(alone)} of {len(modules)} ({100 * len(alone) / len(modules):.0f} %)"


def _imports(path: Path) -> Iterator[str]:
    """The modules named; of `from a import b` both a and a.b, since b may be a module."""
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(root: Path, *packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (path for path in sorted((root / package).rglob("*.py")) if "migrations" not in path.parts)


def _is_beside(path: Path, root: Path) -> bool:
    package, second, *_ = (*path.relative_to(root).with_suffix("").parts, "")
    return package == "config" and second in _ONCE_IN_CONFIG


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _lines(path: Path) -> int:
    return len(_text(path).splitlines())


def _module(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _laid_out(commit: str, folder: str) -> Path:
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return Path(folder)


def table(commits: list[str]) -> str:
    columns = []
    for commit in commits:
        with tempfile.TemporaryDirectory() as folder:
            columns.append(figures(ROOT if commit == "here" else _laid_out(commit, folder)))
    lines = [f"| figure | {' | '.join(commits)} |", f"|---|{'---|' * len(columns)}"]
    lines += [f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0]]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    into = None
    if "--into" in arguments:
        at = arguments.index("--into")
        into = Path(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    made = table(arguments or ["here"])
    if into is None:
        sys.stdout.write(f"{made}\n")
    else:
        into.write_text(
            re.sub(
                r"^\| figure \|(?:.*\n)+", lambda _old: f"{made}\n", _text(into), count=1, flags=re.MULTILINE
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
