"""Templates are as wide as code: `make format` breaks what it can, and the rest is one sentence to translate."""

from __future__ import annotations

import re
from typing import Final

from tests.architecture.sources import ROOT
from tools.figures import is_one_sentence, wide_lines

_CONDITION: Final = re.compile(r"\{% (?:el)?if (.*?)%\}", re.DOTALL)
_TWO_FIELDS: Final = re.compile(r"[a-z_]+\.[a-z_.]+ (?:[<>=!]=|[<>]) [a-z_]+\.[a-z_.]+(?!\||[a-z_.])")
# Which of a list is the one that is shown or was chosen is the page's own question.
IS_THE_ONE: Final = {
    "each.code == chosen.language",
    "each.pk == wanted.near",
    "tab.key == head.tab",
}


def test_no_template_compares_two_fields_of_a_thing() -> None:
    """What follows from both is a rule, and has its home where the thing is."""
    compared = {
        found
        for path in ROOT.glob("*/templates/**/*")
        if path.suffix in {".html", ".txt"}
        for condition in _CONDITION.findall(path.read_text())
        for found in _TWO_FIELDS.findall(condition)
    }
    assert compared == IS_THE_ONE


def test_no_line_of_a_template_is_wider_than_120_columns_but_for_one_sentence_to_translate() -> None:
    templates = sorted(ROOT.glob("*/templates/**/*.html"))
    wide = {str(path.relative_to(ROOT)): numbers for path in templates if (numbers := wide_lines(path))}
    assert len(templates) > 200
    assert wide == {}


def test_what_is_one_sentence_is_told_apart() -> None:
    assert is_one_sentence('<p>{% translate "A sentence." %}</p>')
    assert is_one_sentence("{% blocktranslate trimmed %}A sentence of {{ words }}{% endblocktranslate %}")
    assert not is_one_sentence(
        '{% if here %}{% translate "Here" %}{% else %}{% translate "There" %}{% endif %}'
    )
    assert not is_one_sentence("<p class='a class name that has no end'>{{ words }}</p>")
