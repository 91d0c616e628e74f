"""A database that does not answer is 503 with a time to come again, and no fault of the next request."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.makers.api_clients import the_public
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/events/", None), ("POST", "/events/{}/rsvps/", {}), ("GET", "/me/", None)],
)
def test_it_is_503_with_a_time_to_come_again(method: str, path: str, body: Any) -> None:
    event = an_event()
    path = path.format(event.pk)
    token = {"Authorization": "Bearer engage_something"}
    connection.close()
    port = connection.settings_dict["PORT"], connection.settings_dict["HOST"]
    connection.settings_dict["PORT"], connection.settings_dict["HOST"] = "1", "127.0.0.1"
    try:
        answer = the_public().send(method, path, body, **token)
    finally:
        connection.close()
        connection.settings_dict["PORT"], connection.settings_dict["HOST"] = port
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "unavailable"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert the_public().get("/events/").status_code == 200
