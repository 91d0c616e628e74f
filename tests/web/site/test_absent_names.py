"""The finder of absent names sees each way in which a template can ask, and excuses nothing that is not there any more."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, engines
from django.template.base import Origin

from tests.web.absent_names import MAY_BE_ABSENT, OURS, looked_up_in_vain


def found_in(text: str, folder: Path, **context: Any) -> set[str]:
    engine = engines["django"].engine
    page = Template(text, origin=Origin(str(folder / "page.html")), name="page.html", engine=engine)
    with looked_up_in_vain(folder) as found:
        page.render(Context(context))
    return {str(each) for each in found}


@pytest.mark.parametrize(
    "text",
    [
        "{{ gone }}",
        "{% if gone %}yes{% endif %}",
        "{% if not gone %}yes{% endif %}",
        "{% if there and gone == 3 %}yes{% endif %}",
        "{% for one in gone %}{{ one }}{% endfor %}",
        "{% with one=gone %}{{ there }}{% endwith %}",
        "{{ gone|default:'nothing' }}",
        "{% firstof gone there %}",
        "{% load i18n %}{% blocktranslate with one=gone %}{{ one }}{% endblocktranslate %}",
    ],
)
def test_however_a_name_is_asked_for_its_absence_is_seen(text: str, tmp_path: Path) -> None:
    assert found_in(f"\n{text}", tmp_path, there="here") == {"page.html:2: gone"}
    assert found_in(text, tmp_path, there="here", gone=["not"]) == set()


def test_a_part_that_a_thing_does_not_have_is_seen_and_nothing_has_no_parts(tmp_path: Path) -> None:
    thing = SimpleNamespace(name="Lamp", owner=None)
    assert found_in("{% if thing.title %}{% endif %}", tmp_path, thing=thing) == {"page.html:1: thing.title"}
    assert found_in("{{ thing.name }}{{ thing.owner.name }}", tmp_path, thing=thing) == set()


def test_what_needs_an_argument_that_a_template_cannot_give_is_seen(tmp_path: Path) -> None:
    thing = SimpleNamespace(may=lambda scope: scope)
    assert found_in("{% if thing.may %}{% endif %}", tmp_path, thing=thing) == {"page.html:1: thing.may"}


def test_templates_of_others_are_theirs(tmp_path: Path) -> None:
    assert found_in("{{ gone }}", tmp_path / "elsewhere", there=1) == {"page.html:1: gone"}
    engine = engines["django"].engine
    with looked_up_in_vain(tmp_path / "ours") as found:
        Template("{{ gone }}", origin=Origin(str(tmp_path / "page.html")), engine=engine).render(Context())
    assert found == set()


def test_whatever_may_be_absent_is_asked_for_where_it_is_said_to_be() -> None:
    for template, names in MAY_BE_ABSENT.items():
        text = (OURS / template).read_text(encoding="utf-8")
        assert [name for name in names if name not in text] == [], template
