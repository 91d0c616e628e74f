"""One word a thing: what residents call a promise, a place, a meeting or what was said bears the API's word in the code.

Residents' words stand in translated texts and in public addresses. Where one of them is an ordinary English word, or a name
that a database, a program or whoever runs Engage has got used to, it stands below with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.template.base import Lexer, TokenType
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.sources import PACKAGES, ROOT, name_of, nodes_of, sources, text_of
from tests.architecture.test_what_is_named_is_there import tracked

# The word in the code for each that residents say: docs/decisions/0005.
THING: Final = {
    "promise": "commitment", "promises": "commitment", "place": "rsvp or venue", "places": "rsvp or venue",
    "meeting": "event", "meetings": "event",
}  # fmt: skip
ACT: Final = {
    "said": "contribution", "heard": "summary", "outcome": "summary", "outcomes": "summary", "asked": "contribution", "access": "need or permission",
}  # fmt: skip
OURS: Final = {"engage", "events", "outreach"}

FILES: Final = {
    "events/management/commands/import_meetings.py": "whoever runs Engage types it",
    "outreach/ledger/outcomes.py": "what became of a message",
    "outreach/announcing/letters_asked_for.py": "letters that somebody asks for",
    "tests/outreach/test_letters_asked_for.py": "letters that somebody asks for",
    "tests/api/what_is_asked.py": "what a client asks of the API",
    "tests/architecture/test_promises_of_privacy.py": "what docs/privacy.md promises",
}
SHOWN: Final = {
    "said_on": "a column and a field of the API",
    "said_by": "a column and a field of the API",
    "get_said_by_display": "a column and a field of the API",
    "seldom_heard": "a column and a field of the API",
    "outcome": "a column of needs and a field of the API; what becomes of a row of a file",
    "access_deadline_on": "a column and a field of the API",
    "access_features": "a column and a field of the API",
    "access_offered": "a column and a field of the API",
    "heard_parts": "the parts that the API calls heard",
    "asked": "when somebody asked for more readings, or how many asked for a need",
}
NAMED: Final = {
    "api/v1/event_shapes.py": {"PlaceAnswer", "place", "place_of"},  # the API's field
    "engage/readings/models.py": {"CHANGE_PLACE"},  # stands in the database
    "events/event/models.py": {"PANEL_MEETING"},  # stands in the database
    "outreach/ledger/models.py": {"places"},  # stands in the database
    "outreach/announcing/broadcasting.py": {"places"},  # what the ledger's column is filled with
    "web/events/structured_data.py": {"_places", "places", "place"},  # schema.org's word
    # Where something stands: in a list, a file, a row of the database, a store.
    "bench/telling_times.py": {"place"},
    "engage/counting/rates.py": {"place"},
    "engage/listening/words.py": {"_PLACE"},
    "engage/sealing/intake.py": {"_place"},
    "engage/sealing/key_marks.py": {"_PLACE", "place"},
    "engage/sealing/key_rotating.py": {"place"},
    "engage/sealing/seals.py": {"_place"},
    "events/imports/recurrence.py": {"place"},
    "events/rsvps/tickets.py": {"_place"},
    "servers/programs.py": {"places", "place"},
    "tools/picture.py": {"place"},
}
TESTS: Final = {
    "test_a_password_is_not_guessed_from_many_places_at_once": "networks",
    "test_a_production_is_no_place_for_a_demo_and_nothing_is_left_there": "English",
    "test_a_promise_without_a_test_is_found": "of docs/privacy.md",
    "test_a_theme_gathers_only_what_was_said_in_its_own_place": "a dialogue or an event",
    "test_every_cookie_that_is_set_keeps_to_what_its_name_promises": "English",
    "test_every_sentence_that_promises_something_names_a_test": "of docs/privacy.md",
    "test_not_a_promise_closes_it_again": "the words on the button",
    "test_only_counted_places_of_our_own_code_look_at_a_secret": "of the code",
    "test_the_lock_names_no_place_to_get_a_package_from": "English",
}
_STAFF: Final = re.compile(r"(desk|door|accounts|invitation)/")
_CLASS: Final = re.compile(r"(?<![\w/])[.&](?:__|--)?([a-z][\w-]*)(?=[\s,{:.>\[)+&])")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_VARIABLE: Final = re.compile(r"(?<![\w.|:])[A-Za-z_][\w.]*")


def parts_of(name: str) -> set[str]:
    """A name's words: of ``ShownPlace``, ``place_behind``, ``promises-panel__late``."""
    return set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def wrong(name: str, *, acts: bool = True) -> bool:
    return bool(parts_of(name) & (THING.keys() | (ACT.keys() if acts else set())))


@cache
def pages() -> tuple[tuple[str, str], ...]:
    """Name and address of every page; the API's own names are its contract."""
    return tuple(_pages(get_resolver(), ""))


def _pages(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver) and one.namespace != "api":
            yield from _pages(one, route)
        elif isinstance(one, URLPattern) and one.name != "old_address":
            yield str(one.name), route


def test_names_of_pages_say_the_codes_word() -> None:
    assert len(pages()) > 150
    assert [name for name, _route in pages() if wrong(name)] == []


def test_addresses_of_the_staff_and_the_parts_of_every_path_say_the_codes_word() -> None:
    staff = [route for _name, route in pages() if _STAFF.match(route)]
    assert len(staff) > 100
    assert [route for route in staff if wrong(route)] == []
    arguments = {name for _name, route in pages() for name in re.findall(r"<(?:\w+:)?(\w+)>", route)}
    assert {"rsvp_id", "commitment_id", "venue_id"} <= arguments
    assert [name for name in arguments if wrong(name)] == []


def test_classes_of_the_styles_say_the_codes_word() -> None:
    found = {
        name for path in (ROOT / "web/theme").glob("*.scss") for name in _CLASS.findall(text_of(path) + "\n")
    }
    assert {"commitment", "event", "rsvp-form"} <= found
    assert [name for name in found if wrong(name)] == []
    drawn = {name for path in templates() for group in _classes(text_of(path)) for name in group.split()}
    assert {"commitment", "event", "rsvp-form"} <= drawn
    assert [name for name in drawn if wrong(name)] == []


def _classes(text: str) -> list[str]:
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    return re.findall(r"\bclass=\"([^\"]*)\"", bare)


def templates() -> list[Path]:
    return sorted((ROOT / "web/templates").rglob("*.html"))


def test_files_say_the_codes_word() -> None:
    kinds = (".py", ".html", ".js", ".scss")
    found = {
        name for name in tracked()
        if name.endswith(kinds) and "/migrations/" not in name and wrong(name.rpartition(".")[0])
    }  # fmt: skip
    assert found == set(FILES)


def test_what_a_template_is_given_has_the_codes_word() -> None:
    found = {
        name for path in templates() for given in given_to(text_of(path)) for name in given.split(".") if wrong(name)
    }  # fmt: skip
    assert found == set(SHOWN)


def given_to(text: str) -> Iterator[str]:
    """Every variable a template reads or makes; not the names that stand within a translated sentence."""
    in_a_sentence = False
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            tag, _blank, rest = token.contents.partition(" ")
            in_a_sentence = tag in {"blocktranslate", "plural"} or (
                in_a_sentence and tag != "endblocktranslate"
            )
            if tag == "blocktranslate":
                # The sentence's own name stands before the sign.
                rest = re.sub(r"\w+=", "", rest)
            if tag not in {"load", "block", "comment"}:
                yield from _VARIABLE.findall(_QUOTED.sub("", rest))
        elif token.token_type == TokenType.VAR and not in_a_sentence:
            yield from _VARIABLE.findall(_QUOTED.sub("", token.contents))


def test_what_a_template_is_given_is_found() -> None:
    text = "{% if a.place %}{{ b.said|date:'x' }}{% blocktranslate with place=c.d %}{{ place }}{% endblocktranslate %}{% url 'heard' e=f %}"
    assert set(given_to(text)) >= {"a.place", "b.said", "c.d", "f"}
    assert "place" not in set(given_to(text))
    assert "heard" not in set(given_to(text))


def test_functions_classes_and_variables_say_the_codes_word() -> None:
    found: dict[str, set[str]] = {}
    for path in sources(*PACKAGES, "bench"):
        for name in (name for node in nodes_of(path) for name in _made(node) if wrong(name, acts=False)):
            found.setdefault(name_of(path), set()).add(name)
    assert found == NAMED


def _made(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
            return [name]
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
    return []


def test_tests_and_their_makers_say_the_codes_word() -> None:
    found = {
        name for path in sources("tests") if "releases" not in path.parts
        for node in nodes_of(path) if isinstance(node, ast.FunctionDef)
        for name in [node.name] if wrong(name, acts=False)
    }  # fmt: skip
    assert found == set(TESTS)


def test_rows_are_reached_by_the_codes_word() -> None:
    related: list[Any] = [
        one for model in apps.get_models() if model._meta.app_label in OURS for one in model._meta.related_objects
    ]  # fmt: skip
    names = {str(one.get_accessor_name()) for one in related}
    assert "commitments" in names
    # AccessRequest and AccessToken are the API's names.
    assert {name for name in names if wrong(name)} == {"access_requests", "access_tokens"}
