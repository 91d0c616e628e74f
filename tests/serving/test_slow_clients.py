"""No client's pace, size or manners cost another client an answer: bad manners beside a good client, on the real server."""

from __future__ import annotations

import http.client
import re
import time
from contextlib import ExitStack
from typing import Any

import pytest

from tests.makers.events import an_event
from tests.makers.web_servers import Answer, WebServer, a_web_server
from tests.serving.bad_manners import KINDS, many

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

_SOON = 2.0  # seconds
# Fewer threads than any of the crowds below, and the limits as in production.
_SMALL = {"WEB_THREADS": "4", "THROTTLES": "off"}


def _is_served(web: WebServer, event: Any) -> dict[str, float]:
    """What a good client gets meanwhile, and after how many seconds."""
    asked: dict[str, Answer] = {
        "healthz": web.ask("GET", "/healthz"),
        "rsvp": web.ask("POST", f"/api/v1/events/{event.pk}/rsvps/", {"email": "ana@mail.example"}),
        "page": web.ask("GET", f"/events/{event.pk}"),
    }
    assert [answer.status for answer in asked.values()] == [200, 201, 200]
    return {what: answer.seconds for what, answer in asked.items()}


def test_whatever_forty_others_do_a_good_client_is_answered_within_two_seconds() -> None:
    event = an_event(capacity=None)
    path = f"/events/{event.pk}/rsvp"
    with a_web_server(environment=_SMALL) as web:
        _is_served(web, event)  # the first reads the templates
        took = {}
        for kind in KINDS:
            with many(web.port, kind, path):
                took[kind] = max(_is_served(web, event).values())
        # And all of them at once.
        with ExitStack() as crowd:
            for kind in KINDS:
                crowd.enter_context(many(web.port, kind, path, number=20))
            took["all at once"] = max(_is_served(web, event).values())
        assert {kind: seconds for kind, seconds in took.items() if seconds > _SOON} == {}
        # None of it is worth a line, least of all one with a path or an address.
        assert not re.search(r"/events/|127\.0\.0\.1|Traceback", web.log.read_text())


@pytest.mark.slow
def test_where_a_thread_reads_the_body_a_few_that_trickle_stop_everybody() -> None:
    """The danger, with the guard off: a thread a connection, as the server once was."""
    path = f"/events/{an_event(capacity=None).pk}/rsvp"
    thread_each = ["--worker-class", "gthread", "--threads", "4"]
    with (
        a_web_server(arguments=thread_each, application="config.wsgi:application") as web,
        many(web.port, "a body that trickles", path, number=10),
    ):
        time.sleep(1)
        asking = http.client.HTTPConnection("127.0.0.1", web.port, timeout=_SOON)
        asking.request("GET", "/healthz")
        with pytest.raises(TimeoutError):
            asking.getresponse()
        asking.close()
