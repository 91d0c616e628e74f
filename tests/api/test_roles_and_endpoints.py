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

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

EXPECTED = {"1": {401}, "3": {403}, "4": {404}, "+": {200, 201, 202, 204}}

# The pages: what an address without a sign-in gets. "link": made-up links lead nowhere; "open": anybody may read;
# "login": leads to the sign-in; "none": there is no such page; "local": for scrapers that have its token.
PAGES = {
    "metrics": "local", "home": "open", "home_es": "open", "healthz": "open", "readyz": "open",
    "desk": "login", "account_login": "open", "account_logout": "other", "account_inactive": "open",
    "account_signup": "none", "account_reauthenticate": "login", "account_change_password": "login",
    "account_set_password": "login", "account_reset_password": "open", "account_reset_password_done": "open",
    "account_reset_password_from_key_done": "open", "account_reset_password_from_key": "link",
    "mfa_index": "login", "mfa_authenticate": "other", "mfa_reauthenticate": "login", "mfa_activate_totp": "login",
    "mfa_deactivate_totp": "login", "mfa_view_recovery_codes": "login", "mfa_generate_recovery_codes": "login",
    "mfa_download_recovery_codes": "login", "mfa_list_webauthn": "login", "mfa_add_webauthn": "login",
    "mfa_reauthenticate_webauthn": "login", "mfa_remove_webauthn": "login", "mfa_edit_webauthn": "login",
    "mfa_login_webauthn": "other", "manage": "link", "cancel_place": "link", "accept_by_manage_link": "link",
    "decline_offer": "link", "what_we_hold": "link", "erase": "link", "not_me": "link", "confirm": "link",
    "unsubscribe": "link", "invitation": "link", "accept_offer": "link", "check_in_code": "open",
    "rsvp_calendar": "link", "agency_calendar": "link", "dialogue_calendar": "link", "event": "link", "event_es": "link", "invite": "link",
}  # fmt: skip
MADE_UP = {
    "token": "a" * 53, "slug": "nowhere", "uidb36": "1", "key": "abc-def", "code": "7KQ4M2WDX0", "pk": 1,
    "event_id": "01890000-0000-7000-8000-000000000000", "dialogue_id": "01890000-0000-7000-8000-000000000000",
}  # fmt: skip
FITTING = {
    "open": {200}, "login": {302}, "none": {404}, "link": {404, 405, 200}, "local": {200, 401, 403, 404},
    "other": {200, 302, 405},
}  # fmt: skip


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
