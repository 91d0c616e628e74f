"""Schemathesis over the whole schema: fitting and unfitting requests, in this process, each undone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from engage.access import ALL_SCOPES
from engage.models import Role
from engage.resident_links import Purpose, mint
from engage.token_issuing import issue
from tests.makers.agencies import a_person
from tests.makers.worlds import World, saved_place

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.slow]

CHECKS: list[Any] = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
# Requests a method of a path and a kind; with some 115 methods the whole takes well under 90 seconds.
EXAMPLES = {"everything": 6, "nobody": 3}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A request closes old connections; the test's own, with everything made for it, must stay."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("who", ["everything", "nobody"])
def test_the_server_keeps_to_its_schema(who: str, mode: GenerationMode, settings: LazySettings) -> None:
    settings.THROTTLES = "off"
    world = World.made()
    headers = {"Authorization": f"Bearer {_token(world)}"} if who == "everything" else {}
    there = _things(world)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    failures: list[str] = []
    for found in schema.get_all_operations():
        try:
            _try(found.ok(), there, headers, mode, EXAMPLES[who])
        except Unsatisfiable:
            # Nothing about it can be sent wrongly.
            continue
        except BaseExceptionGroup as error:
            failures.append(f"{found.ok().label}: {error}")
    assert failures == [], "\n\n".join(failures)


def _try(
    route: Any, there: dict[str, str], headers: dict[str, str], mode: GenerationMode, examples: int
) -> None:
    names = {parameter.name for parameter in route.path_parameters}
    fixed = {name: there[name] for name in names if name in there}
    strategy = route.as_strategy(generation_mode=mode, path_parameters=fixed or None)

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def each(case: Any) -> None:
        with _undone():
            case.call_and_validate(checks=CHECKS, headers=headers)

    each()


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
    place = saved_place(event, email="resident@mail.example")
    return {
        "event_id": str(event.pk),
        "slug": world.agency.slug,
        "rsvp_id": str(place.pk),
        "dialogue_id": str(world.dialogue().pk),
        "venue_id": str(world.venue().pk),
        "commitment_id": str(world.promise().pk),
        "contribution_id": str(world.said(event).pk),
        "community_id": str(world.community().pk),
        "token": mint(Purpose.RSVP_MAIL, place.pk, place.link_version),
    }


def _token(world: World) -> str:
    """Of somebody who holds every role: what they are refused is refused for the request itself."""
    person = a_person(world.agency, "liaison")
    for kind in ("leader", "panelist", "admin"):
        Role.objects.create(person=person, agency=world.agency, kind=kind)
    return issue(person=person, agency=world.agency, scopes=ALL_SCOPES, label="", now=timezone.now())[1]
