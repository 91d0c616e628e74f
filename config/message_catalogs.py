"""The catalogs of translations, without GNU gettext: gather what is said, compile, and check that nothing is missing.

`python -m config.message_catalogs extract` brings every room's `locale/<language>/LC_MESSAGES/django.po` up to date (new
messages come in empty, what nobody says any more goes out); `compile` writes the `.mo` beside each; `check` says what is
untranslated, unsure, unused, not compiled, or breaks a placeholder. Both files are committed.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LANGUAGES: Final = ("es",)
# What a room's catalog translates: its own words, and those of rooms without a catalog.
ROOMS: Final = {
    "engage": ("engage",),
    "events": ("events",),
    "outreach": ("outreach",),
    "web": ("web", "api", "config"),
}
_PLURALS: Final = {"es": "nplurals=2; plural=(n != 1);"}
_ONE: Final = {"gettext", "gettext_lazy", "gettext_noop", "_", "pgettext", "pgettext_lazy"}
_MANY: Final = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
_IN_TEMPLATE: Final = re.compile(r"\b(n?p?gettext|_)\((.+?)\) ", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]|%[sd]")


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A message as the code says it; ``context`` and ``plural`` are empty where it has none."""

    context: str
    one: str
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.one)


@dataclass(slots=True)
class Entry:
    """A message with its translations (one for each plural form) and its flags."""

    said: Said
    forms: list[str]
    flags: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        return bool(self.forms) and all(self.forms) and "fuzzy" not in self.flags


def said_in(rooms: Iterable[str]) -> set[Said]:
    """Every message in the Python files and templates of these rooms."""
    found: set[Said] = set()
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*")):
            if "migrations" in path.parts or "node_modules" in path.parts:
                continue
            if path.suffix == ".py":
                found.update(_said_in_python(path.read_text(encoding="utf-8")))
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                found.update(_said_in_template(path.read_text(encoding="utf-8")))
    return found


def _said_in_python(text: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            yield from _message(name, words)


def _said_in_template(text: str) -> Iterator[Said]:
    from django.utils.translation.template import templatize

    for name, arguments in _IN_TEMPLATE.findall(templatize(text)):
        parsed = ast.parse(f"f({arguments})", mode="eval").body
        assert isinstance(parsed, ast.Call)  # noqa: S101 - a call was just written
        words = [
            arg.value for arg in parsed.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        yield from _message(name, words)


def _message(name: str, words: list[str]) -> Iterator[Said]:
    if name not in _ONE | _MANY or not words:
        return
    context = words.pop(0) if name.lstrip("n").startswith("pgettext") else ""
    if name in _MANY and len(words) > 1:
        yield Said(context, words[0], words[1])
    elif name in _ONE and words:
        yield Said(context, words[0])


def read_po(path: Path) -> dict[tuple[str, str], Entry]:
    """The entries of a catalog by context and message; without its header."""
    found = {}
    if path.exists():
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
            entry = _entry(block)
            if entry is not None and entry.said.one:
                found[entry.said.key] = entry
    return found


def _entry(block: str) -> Entry | None:
    words: dict[str, str] = {}
    flags: set[str] = set()
    name = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            flags.update(flag.strip() for flag in line[2:].split(","))
        elif line.startswith("#") or not line.strip():
            continue
        elif line.startswith('"'):
            words[name] += ast.literal_eval(line)
        else:
            name, _, rest = line.partition(" ")
            words[name] = ast.literal_eval(rest)
    if "msgid" not in words:
        return None
    forms = [words[key] for key in sorted(words) if key.startswith("msgstr")]
    return Entry(Said(words.get("msgctxt", ""), words["msgid"], words.get("msgid_plural", "")), forms, flags)


def write_po(path: Path, language: str, entries: Iterable[Entry]) -> None:
    """Sorted, under the header that the file has or gets now."""
    fresh = f'msgid ""\nmsgstr ""\n{_quoted(_header(language), always_split=True)}'
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    blocks = [re.split(r"\n\s*\n", before)[0].strip() or fresh]
    for entry in sorted(entries, key=lambda one: one.said):
        lines = [f"#, {', '.join(sorted(entry.flags))}"] if entry.flags else []
        if entry.said.context:
            lines.append(f"msgctxt {_quoted(entry.said.context)}")
        lines.append(f"msgid {_quoted(entry.said.one)}")
        if entry.said.plural:
            lines.append(f"msgid_plural {_quoted(entry.said.plural)}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(entry.forms)]
        else:
            lines.append(f"msgstr {_quoted(entry.forms[0])}")
        blocks.append("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _header(language: str) -> str:
    return (
        f"Content-Type: text/plain; charset=UTF-8\nLanguage: {language}\nPlural-Forms: {_PLURALS[language]}\n"
    )


def _quoted(text: str, *, always_split: bool = False) -> str:
    def one(part: str) -> str:
        escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'

    parts = text.splitlines(keepends=True)
    if always_split:
        return "\n".join(one(part) for part in parts)
    return one(text) if len(parts) < 2 else "\n".join(['""', *(one(part) for part in parts)])


def compiled(language: str, entries: Iterable[Entry]) -> bytes:
    """A GNU .mo file of what is translated (https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html)."""
    pairs = {b"": _header(language).encode()}
    for entry in entries:
        if entry.is_whole:
            said = entry.said
            key = f"{said.context}\x04{said.one}" if said.context else said.one
            key += f"\x00{said.plural}" if said.plural else ""
            pairs[key.encode()] = "\x00".join(entry.forms).encode()
    keys = sorted(pairs)
    count = len(keys)
    offset = 28 + 16 * count
    tables, texts = b"", b""
    for group in (keys, [pairs[key] for key in keys]):
        for text in group:
            tables += struct.pack("<II", len(text), offset + len(texts))
            texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, offset) + tables + texts


def extract() -> None:
    for _room, language, path, said in _catalogs():
        before = read_po(path)
        entries = []
        for message in _one_each(said):
            forms = 2 if message.plural else 1
            old = before.get(message.key)
            kept = old is not None and bool(old.said.plural) == bool(message.plural)
            entries.append(
                Entry(message, old.forms, old.flags) if old and kept else Entry(message, [""] * forms)
            )
        write_po(path, language, entries)


def compile_all() -> None:
    for _room, language, path, _said in _catalogs():
        path.with_suffix(".mo").write_bytes(compiled(language, read_po(path).values()))


def faults(rooms: Iterable[str] = ()) -> list[str]:
    """One sentence for each thing that is wrong with the catalogs of these rooms, or of all."""
    wrong = []
    for room, language, path, said in _catalogs(rooms):
        entries = read_po(path)
        known = {message.key for message in said}
        name = f"{room}/{language}"
        wrong += [
            f"{name}: not in the catalog: {one.one!r}" for one in sorted(said) if one.key not in entries
        ]
        wrong += [f"{name}: nobody says this any more: {one!r}" for _, one in sorted(entries.keys() - known)]
        for entry in entries.values():
            if not entry.is_whole:
                wrong.append(f"{name}: not translated: {entry.said.one!r}")
            elif any(
                _placeholders(form) - _placeholders(entry.said.one + entry.said.plural)
                for form in entry.forms
            ):
                wrong.append(f"{name}: a placeholder that the message has not: {entry.said.one!r}")
        if _translations(path.with_suffix(".mo")) != _translations(compiled(language, entries.values())):
            wrong.append(
                f"{name}: the compiled catalog is not that of the .po: python -m config.message_catalogs compile"
            )
    return wrong


def _translations(mo: Path | bytes) -> dict[object, str]:
    """What a compiled catalog says, without its header."""
    if isinstance(mo, Path):
        mo = mo.read_bytes() if mo.exists() else compiled("es", [])
    catalog = dict(gettext.GNUTranslations(io.BytesIO(mo))._catalog)  # type: ignore[attr-defined]
    catalog.pop("", None)
    return catalog


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _one_each(said: set[Said]) -> list[Said]:
    """The plural form wins where the same words are said both ways."""
    kept: dict[tuple[str, str], Said] = {}
    for message in sorted(said):
        kept[message.key] = message if message.plural or message.key not in kept else kept[message.key]
    return list(kept.values())


def _catalogs(rooms: Iterable[str] = ()) -> Iterator[tuple[str, str, Path, set[Said]]]:
    for room in rooms or ROOMS:
        said = said_in(ROOMS[room])
        for language in LANGUAGES:
            yield room, language, ROOT / room / "locale" / language / "LC_MESSAGES" / "django.po", said


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
