"""The feed of an agency with 10,000 meetings: server time, cold and unchanged; beside joining the rendered text."""

from __future__ import annotations

from bench.made_events import agency, events
from bench.rounds import Figure, in_turn, timed

ROUNDS = 7


def run() -> list[Figure]:
    from django.db import connection
    from django.test import Client

    host = agency()
    events(host, 10_000)
    client = Client()
    path = f"/calendars/{host.slug}.ics"
    first = client.get(path)
    assert first.status_code == 200, first.status_code
    tag = first["ETag"]

    def cold() -> float:
        return timed(lambda: client.get(path))

    def joined() -> float:
        def read() -> str:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT vevent FROM events_event WHERE agency_id = %s ORDER BY starts_at", [host.pk]
                )
                return "".join(row[0] for row in cursor.fetchall())

        return timed(read)

    def unchanged() -> float:
        answer = client.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 304, answer.status_code
        return timed(lambda: client.get(path, headers={"If-None-Match": tag}), times=20)

    engage, least = in_turn(ROUNDS, cold, joined)
    note = f"{len(first.content if not first.streaming else first.getvalue()):,} bytes"
    return [
        Figure(
            "calendar feed, 10,000 events, cold", "ms", engage, least, "ms to read and join", "≤ 50 ms", note
        ),
        Figure("calendar feed, 304", "ms", [unchanged() for _ in range(ROUNDS)], target="≤ 5 ms"),
    ]
