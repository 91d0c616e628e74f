"""A page of 50 of 10,000 meetings through the API; beside one indexed query and orjson."""

from __future__ import annotations

from bench.made_events import agency, events
from bench.rounds import Figure, in_turn, timed

ROUNDS = 7


def run() -> list[Figure]:
    import orjson
    from django.db import connection
    from django.test import Client

    host = agency()
    events(host, 10_000)
    client = Client()
    path = f"/api/v1/events/?agency={host.slug}&page_size=50"
    assert len(client.get(path).json()["results"]) == 50

    def page() -> float:
        return timed(lambda: client.get(path), times=10)

    def least() -> float:
        def read() -> bytes:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT * FROM events_event WHERE agency_id = %s ORDER BY starts_at, id LIMIT 51",
                    [host.pk],
                )
                names = [column[0] for column in cursor.description or ()]
                return orjson.dumps(
                    [dict(zip(names, row, strict=True)) for row in cursor.fetchall()], default=str
                )

        return timed(read, times=10)

    engage, bare = in_turn(ROUNDS, page, least)
    return [
        Figure("list of events, page of 50 at 10,000", "ms", engage, bare, "ms query + orjson", "≤ 10 ms")
    ]
