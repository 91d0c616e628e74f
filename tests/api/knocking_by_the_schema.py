"""Schemathesis at every operation of the schema: fitting and unfitting requests, in this process, each undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
import schemathesis.specs.openapi.checks  # registers the checks that know OpenAPI
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from config.wsgi import application
from engage.contacts.links import Purpose, mint
from engage.roles.models import Role
from engage.roles.permissions import ALL_SCOPES
from engage.roles.tokens import issue
from tests.makers.agencies import a_person
from tests.makers.worlds import World, saved_rsvp

# What is refused by these was not as the schema says.
SHAPE_CODES = {
    "required", "null", "blank", "invalid", "invalid_choice", "max_length", "min_length", "max_value", "min_value",
    "empty", "not_a_list", "not_a_dict", "unknown_field", "nul_character", "not_json", "too_deep", "no_offset",
    "not_http", "invalid_image", "max_digits", "max_whole_digits", "max_decimal_places",
}  # fmt: skip
# Fields with a rule that no schema can say, although its code is one of those.
RULED = {
    "": "NUL in what is judged item by item, and so not described",
    "id": "evidence is one of two things",
    "kind": "evidence is one of two things",
    "contact_email": "an address has more rules than a pattern holds",
    "email": "an address has more rules than a pattern holds",
    "phone": "digits, however they are grouped",
    "theme": "of this meeting or dialogue",
    "event": "of the own agency",
    "dialogue": "of the own agency",
    "code": "one of three ways to say who came",
    "note": "needed where nothing else changes",
    # With a code, of that code only.
    "longitude required": "both coordinates, or neither: in an edit the other may stand already",
    "agency": "needed by whoever is not signed in",
    "from": "the years 1900 to 2200",
    "to": "the years 1900 to 2200",
    "last_heard_at": "the years 1900 to 2200",
    "expires_at": "the years 1900 to 2200",
    "at": "the years 1900 to 2200",
    "url": "a host that can be one",
    "online_url": "a host that can be one",
}
WHO = ("everything", "nobody")


@contextmanager
def one_connection() -> Iterator[None]:
    """A request closes old connections; the caller's own, with everything made for it, must stay."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def knock(who: str, mode: GenerationMode, *, examples: int, number: int = 0, only: str = "") -> list[str]:
    """``examples`` requests a method of a path, by somebody with every role or by nobody; what was found wrong.

    number: another one finds other requests; the same one the same. only: a pattern of "GET /path".
    """
    world = World.made()
    headers = {"Authorization": f"Bearer {_token(world)}"} if who == "everything" else {}
    there = _things(world)
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    found: list[str] = []
    for each in schema.get_all_operations():
        route = each.ok()
        if not re.search(only, route.label):
            continue
        try:
            _try(route, there, headers, mode, examples, number)
        except Unsatisfiable:
            # Nothing about it can be sent wrongly.
            continue
        except (Exception, BaseExceptionGroup) as wrong:
            found += [f"{route.label}: {text}" for text in _told(wrong)]
    return found


def _told(wrong: BaseException) -> Iterator[str]:
    """Each failure once, with the request that made it."""
    for inner in getattr(wrong, "exceptions", [wrong]):
        notes = [*getattr(inner, "__notes__", []), *getattr(wrong, "__notes__", [])]
        if hasattr(inner, "exceptions"):
            yield from _told(inner)
        else:
            yield "\n".join([str(inner), *notes[:1]])


def token_and_things() -> tuple[str, dict[str, str]]:
    """For a walk from outside: the key of somebody with every role, and what paths name, of one world."""
    world = World.made()
    return _token(world), _things(world)


def _try(
    route: Any,
    there: dict[str, str],
    headers: dict[str, str],
    mode: GenerationMode,
    examples: int,
    number: int,
) -> None:
    names = {parameter.name for parameter in route.path_parameters}
    fixed = {name: there[name] for name in names if name in there}
    strategy = route.as_strategy(generation_mode=mode, path_parameters=fixed or None)

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=True,
    )  # fmt: skip
    @given(case=strategy)
    def each(case: Any) -> None:
        with _undone():
            answer = case.call(headers=headers)
            try:
                case.validate_response(answer, checks=CHECKS.get_all(), headers=headers)
                _refused_by_a_rule(case, answer)
            except (Exception, BaseExceptionGroup) as wrong:
                wrong.add_note(
                    f"{case.as_curl_command(headers=headers)} → {answer.status_code} {answer.text[:600]}"
                )
                raise

    each()


def _refused_by_a_rule(case: Any, answer: Any) -> None:
    """A fitting request may be refused by a rule, never for its shape: that much the schema has to say itself."""
    if answer.status_code != 400 or not case.meta.generation.mode.is_positive:
        return
    problem = answer.json()
    parts = problem["errors"] or [{"pointer": "", "code": problem["code"]}]
    for part in parts:
        name, code = part["pointer"].rpartition("/")[2], part["code"]
        if code in SHAPE_CODES and not {name, f"{name} {code}"} & RULED.keys():
            raise AssertionError(f"A fitting request is refused for its shape: {part}")


@contextmanager
def _undone() -> Iterator[None]:
    """A savepoint that lets durable transactions pass, as a test's own does."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def _things(world: World) -> dict[str, str]:
    """Ids of what is there, so that a request gets beyond the door."""
    event = world.live()
    rsvp = saved_rsvp(event, email="resident@mail.example")
    return {
        "event_id": str(event.pk),
        "slug": world.agency.slug,
        "rsvp_id": str(rsvp.pk),
        "dialogue_id": str(world.dialogue().pk),
        "venue_id": str(world.venue().pk),
        "commitment_id": str(world.commitment().pk),
        "contribution_id": str(world.contribution(event).pk),
        "community_id": str(world.community().pk),
        "token": mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version),
    }


def _token(world: World) -> str:
    """Of somebody who holds every role: what they are refused is refused for the request itself."""
    person = a_person(world.agency, "liaison")
    for kind in ("leader", "panelist", "admin"):
        Role.objects.create(person=person, agency=world.agency, kind=kind)
    return issue(person=person, agency=world.agency, scopes=ALL_SCOPES, label="", now=timezone.now())[1]
