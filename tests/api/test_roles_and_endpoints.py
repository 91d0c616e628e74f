"""Nobody in where they do not belong: roles × endpoints, over the whole URL table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from api.endpoint import Endpoint
from tests.api.route_table import CALENDAR, ROLES, TABLE
from tests.makers.agencies import an_agency
from tests.makers.api_clients import Api, api_of, the_public
from tests.makers.worlds import World
from tests.web.page_table import FITTING, MADE_UP, PAGES

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

EXPECTED = {"1": {401}, "3": {403}, "4": {404}, "+": {200, 201, 202, 204}}


def routes(
    resolver: URLResolver | None = None, space: str = "", taken: frozenset[str] = frozenset()
) -> Iterator[Any]:
    """Each route: its name, its pattern, and the parameters of its path."""
    for pattern in (resolver or get_resolver()).url_patterns:
        names = taken | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space, names)
        else:
            yield f"{space}{pattern.name}", pattern, names


def methods_of(pattern: Any) -> set[str]:
    endpoint = getattr(pattern.callback, "view_class", None)
    if endpoint is None or not issubclass(endpoint, Endpoint):
        return {"GET"}
    return {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(endpoint, name)}


def test_every_route_stands_in_a_table() -> None:
    there = set()
    for name, pattern, _names in routes():
        if name.startswith("api:"):
            there |= {f"{name.removeprefix('api:')} {method}" for method in methods_of(pattern)}
        else:
            there.add(name)
    assert there == set(TABLE) | set(PAGES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("entry", TABLE)
def test_each_role_gets_what_the_table_says(entry: str, role: str) -> None:
    columns, ask = TABLE[entry]
    world = World.made()
    path, body = ask(world)
    answer = _api(world, role).send(entry.rsplit(maxsplit=1)[-1], path, body, **_media(body))
    expected = EXPECTED[columns[ROLES.index(role)]]
    assert answer.status_code in expected, (entry, role, answer.status_code, answer.content[:500])


def _api(world: World, role: str) -> Api:
    if role == "nobody":
        return the_public()
    return api_of(an_agency(), "liaison") if role == "stranger" else api_of(world.agency, role)


def _media(body: Any) -> dict[str, str]:
    return {"media": "text/calendar"} if body is CALENDAR else {}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_gives_a_passer_by_what_the_table_says(name: str) -> None:
    wanted = next(names for route, _pattern, names in routes() if route == name)
    path = reverse(name, kwargs={key: MADE_UP[key] for key in wanted})
    answer = Client(raise_request_exception=False).get(path)
    kind = PAGES[name]
    assert answer.status_code in FITTING[kind], (name, answer.status_code)
    if kind == "login":
        assert "/accounts/login/" in answer["Location"]
