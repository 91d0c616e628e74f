"""The catalogs of translations, without GNU gettext: gather what is said, compile, and check that nothing is missing.

`python -m tools.catalogs extract` brings every room's `locale/<language>/LC_MESSAGES/django.po` up to date (new
messages come in empty, what nobody says any more goes out); `compile` writes the `.mo` beside each; `check` says what is
untranslated, unsure, unused, not compiled, or breaks a placeholder. Both files are committed. Babel reads and writes
them; what is said in a template it does not know, so that is Django's own ``templatize``.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
# With its forms of the plural: Babel's Spanish has a third one, for whole millions, which nobody counts here.
LANGUAGES: Final = {"es": "nplurals=2; plural=(n != 1);"}
# What a room's catalog translates: its own words, and those of rooms without a catalog.
ROOMS: Final = {
    "engage": ("engage",),
    "events": ("events",),
    "outreach": ("outreach",),
    "web": ("web", "api", "config"),
}
_ONE: Final = {"gettext", "gettext_lazy", "gettext_noop", "_", "pgettext", "pgettext_lazy"}
_MANY: Final = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
_IN_TEMPLATE: Final = re.compile(r"\b(n?p?gettext|_)\((.+?)\) ", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]|%[sd]")
# Babel writes the day of extraction into what it compiles: without one day for all, every compilation would differ.
_A_DAY: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def said_in(rooms: Iterable[str]) -> Catalog:
    """Every message in the Python files and templates of these rooms, none translated."""
    said = Catalog(creation_date=_A_DAY)
    found = (message for room in rooms for path in sources_of(room) for message in said_in_file(path))
    # Where the same words are said both ways, Babel keeps the plural one.
    for context, *forms in sorted(set(found)):
        said.add(tuple(forms) if len(forms) > 1 else forms[0], context=context or None)
    return said


def sources_of(room: str) -> Iterator[Path]:
    for path in sorted((ROOT / room).rglob("*")):
        if not {"migrations", "node_modules"} & set(path.parts):
            yield path


def said_in_file(path: Path) -> Iterator[tuple[str, ...]]:
    if path.suffix == ".py":
        yield from _said_in_python(path.read_text(encoding="utf-8"))
    elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
        from django.utils.translation.template import templatize

        for name, arguments in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            yield from _said_in_python(f"{name}({arguments})")


def _said_in_python(text: str) -> Iterator[tuple[str, ...]]:
    """Context (empty where there is none), the words, and their plural where they have one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name not in _ONE | _MANY or not words:
                continue
            context = words.pop(0) if name.lstrip("n").startswith("pgettext") else ""
            forms = 2 if name in _MANY else 1
            if len(words) >= forms:
                yield (context, *words[:forms])


def catalog_of(room: str, language: str) -> Catalog:
    """What the room's .po says; an empty catalog where there is none yet."""
    catalog = read_po(io.BytesIO(_before(room, language)), locale=language)
    catalog.creation_date = _A_DAY
    return catalog


def _before(room: str, language: str) -> bytes:
    path = _path(room, language)
    if path.exists():
        return path.read_bytes()
    lines = (
        "Content-Type: text/plain; charset=UTF-8",
        f"Language: {language}",
        f"Plural-Forms: {LANGUAGES[language]}",
    )
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines)]).encode()


def translated(catalog: Catalog) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the catalog says, by context and message; one text for each plural form, empty where it is missing."""
    return {
        (message.context or "", _texts(message.id)[0]): _texts(message.string) for message in _said(catalog)
    }


def extract() -> None:
    for room, language in _pairs():
        catalog = catalog_of(room, language)
        catalog.update(said_in(ROOMS[room]), no_fuzzy_matching=True)
        save(room, language, catalog)


def save(room: str, language: str, catalog: Catalog) -> None:
    """Sorted, under the header that the file has: whose translation it is, and no day that changes with every reading."""
    header = _before(room, language).split(b"\n\n")[0].strip()
    written = io.BytesIO()
    write_po(written, catalog, width=0, sort_output=True, ignore_obsolete=True, omit_header=True)
    _path(room, language).parent.mkdir(parents=True, exist_ok=True)
    _path(room, language).write_bytes(header + b"\n\n" + written.getvalue().strip() + b"\n")


def compile_all() -> None:
    for room, language in _pairs():
        _path(room, language).with_suffix(".mo").write_bytes(_compiled(catalog_of(room, language)))


def _compiled(catalog: Catalog) -> bytes:
    """Only what is whole: of a half-translated plural, residents would read two languages."""
    for message in list(_said(catalog)):
        if not _is_whole(message):
            catalog.delete(message.id, message.context)
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def faults(rooms: Iterable[str] = ()) -> list[str]:
    """One sentence for each thing that is wrong with the catalogs of these rooms, or of all."""
    wrong = []
    for room, language in _pairs(rooms):
        catalog, name = catalog_of(room, language), f"{room}/{language}"
        there, known = set(translated(catalog)), set(translated(said_in(ROOMS[room])))
        wrong += [f"{name}: not in the catalog: {one!r}" for _, one in sorted(known - there)]
        wrong += [f"{name}: nobody says this any more: {one!r}" for _, one in sorted(there - known)]
        wrong += [f"{name}: {fault}" for message in _said(catalog) for fault in _faults_of(message)]
        mo = _path(room, language).with_suffix(".mo")
        compiled = mo.read_bytes() if mo.exists() else _compiled(Catalog(locale=language))
        if _read(compiled) != _read(_compiled(catalog)):
            wrong.append(
                f"{name}: the compiled catalog is not that of the .po: python -m tools.catalogs compile"
            )
    return wrong


def _faults_of(message: Message) -> Iterator[str]:
    ids, forms = _texts(message.id), _texts(message.string)
    if not _is_whole(message):
        yield f"not translated: {ids[0]!r}"
    elif any(set(_PLACEHOLDER.findall(form)) - set(_PLACEHOLDER.findall(" ".join(ids))) for form in forms):
        yield f"a placeholder that the message has not: {ids[0]!r}"


def _read(mo: bytes) -> dict[tuple[str, str], tuple[str, ...]]:
    return translated(read_mo(io.BytesIO(mo)))


def _said(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _is_whole(message: Message) -> bool:
    return all(_texts(message.string)) and not message.fuzzy


def _texts(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _path(room: str, language: str) -> Path:
    return ROOT / room / "locale" / language / "LC_MESSAGES" / "django.po"


def _pairs(rooms: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    return ((room, language) for room in rooms or ROOMS for language in LANGUAGES)


def main(arguments: list[str]) -> int:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    acts = {"extract": extract, "compile": compile_all}
    if arguments == ["check"]:
        wrong = faults()
        sys.stdout.writelines(f"{line}\n" for line in wrong)
        return 1 if wrong else 0
    if len(arguments) != 1 or arguments[0] not in acts:
        sys.stderr.write("Say one of: extract, compile, check.\n")
        return 2
    acts[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
