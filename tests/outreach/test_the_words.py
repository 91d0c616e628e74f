"""Every sentence of a letter in every language it is sent in; and the tool that sees to it."""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from typing import Any

import pytest

from tools import catalogs


def test_every_message_of_outreach_is_translated_compiled_and_used() -> None:
    assert catalogs.faults(["outreach"]) == []


@pytest.fixture
def room(tmp_path: Path, monkeypatch: Any) -> Path:
    """A room of its own, with one Python file and one template."""
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    (tmp_path / "shop" / "sell.py").write_text(
        '_("Hello “you”")\nngettext("{n} egg", "{n} eggs", n)\npgettext("verb", "open")\nother("no")\n_(name)\n'
    )
    (tmp_path / "shop" / "templates" / "page.html").write_text(
        '{% load i18n %}{% translate "Bye ‘now’" %}'
        "{% blocktranslate count n=n %}one\nline{% plural %}{{ n }} lines{% endblocktranslate %}"
    )
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    monkeypatch.setattr(catalogs, "ROOMS", {"shop": ("shop",)})
    return tmp_path / "shop" / "locale" / "es" / "LC_MESSAGES" / "django.po"


def test_what_is_said_is_found_in_code_and_templates(room: Path) -> None:
    found = {(message.context, message.id) for message in catalogs.said_in(["shop"]) if message.id}
    assert found == {
        (None, "Hello “you”"),
        (None, ("{n} egg", "{n} eggs")),
        ("verb", "open"),
        (None, "Bye ‘now’"),
        (None, ("one\nline", "%(n)s lines")),
    }


def test_a_new_message_comes_in_empty_and_an_old_one_goes_out(room: Path) -> None:
    room.parent.mkdir(parents=True)
    room.write_text(
        '# Ours.\nmsgid ""\nmsgstr "Language: es\\n"\n\nmsgid "Hello “you”"\nmsgstr "Hola"\n\nmsgid "Gone"\nmsgstr "Ido"\n'
    )
    catalogs.extract()
    text = room.read_text()
    assert text.startswith("# Ours.")
    assert 'msgstr "Hola"' in text
    assert "Gone" not in text
    said = "\n".join(catalogs.faults(["shop"]))
    assert "not translated: 'open'" in said
    assert "Hello" not in said


def translate_all(forms: tuple[str, str]) -> None:
    catalog = catalogs.catalog_of("shop", "es")
    for message in catalog:
        if message.id:
            message.string = forms if message.pluralizable else forms[0]
    catalogs.save("shop", "es", catalog)


def test_a_compiled_catalog_is_one_that_the_standard_library_reads(room: Path) -> None:
    catalogs.extract()
    translate_all(("<0>", "<1>"))
    catalogs.compile_all()
    assert catalogs.faults(["shop"]) == []
    read = gettext.GNUTranslations(io.BytesIO(room.with_suffix(".mo").read_bytes()))
    assert read.gettext("Bye ‘now’") == "<0>"
    assert (read.ngettext("{n} egg", "{n} eggs", 1), read.ngettext("{n} egg", "{n} eggs", 2)) == (
        "<0>",
        "<1>",
    )
    assert read.pgettext("verb", "open") == "<0>"


def test_a_placeholder_that_the_message_has_not_and_a_stale_compilation_are_faults(room: Path) -> None:
    catalogs.extract()
    translate_all(("{eggs}", "{eggs}"))
    said = "\n".join(catalogs.faults(["shop"]))
    assert "a placeholder that the message has not: '{n} egg'" in said
    assert "the compiled catalog is not that of the .po" in said
