"""Programs that speak to the API, each with the token of somebody in a role."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.people.models import Person
from engage.roles.permissions import SCOPES_OF_ROLE
from engage.roles.tokens import issue
from tests.makers.agencies import a_person


class Api:
    """JSON in, Django's test response out. Paths begin below ``/api/v1``. What the server raises, it answers."""

    def __init__(self, token: str = "", *, address: str = "192.0.2.1") -> None:
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
        self.address = address
        self.client = Client(raise_request_exception=False)

    def send(
        self, method: str, path: str, body: Any = None, *, media: str = "application/json", **headers: Any
    ) -> Any:
        """headers: ``If_Match="…"`` for ``If-Match``. body: anything JSON, or bytes as they are."""
        extra = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method, f"/api/v1{path}", data, content_type=media, REMOTE_ADDR=self.address,
            **(self.headers | extra),
        )  # fmt: skip

    def get(self, path: str, **headers: Any) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: Any) -> Any:
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: Any) -> Any:
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: Any) -> Any:
        return self.send("DELETE", path, **headers)


def the_public(**more: Any) -> Api:
    return Api(**more)


def api_of(agency: Agency, kind: str = "liaison", *, scopes: list[str] | None = None, **more: Any) -> Api:
    """Somebody new in that role there, with a token of all its scopes unless fewer are named."""
    return api_for(a_person(agency, kind), agency, scopes or sorted(SCOPES_OF_ROLE[kind]), **more)


def api_for(person: Person, agency: Agency, scopes: list[str], **more: Any) -> Api:
    _token, secret = issue(person=person, agency=agency, scopes=scopes, label="test", now=timezone.now())
    return Api(secret, **more)
