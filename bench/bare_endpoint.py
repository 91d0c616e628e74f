"""The least an RSVP can take: the same rows written by the same server, without Engage.

One transaction id burned, one conditional UPDATE with the INSERT in its CTE, one line of the record, one answer.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from config.serving.front import Front

_here = threading.local()

_JOIN = """
WITH s AS (
    UPDATE events_event
       SET seats_taken = seats_taken + CASE WHEN {fits} THEN %(n)s ELSE 0 END,
           waiting = waiting + CASE WHEN {fits} THEN 0 ELSE 1 END,
           queue_tail = queue_tail + CASE WHEN {fits} THEN 0 ELSE 1 END,
           last_join_fit = ({fits})
     WHERE id = %(event)s AND status IN ('published', 'live')
    RETURNING id, agency_id, last_join_fit, queue_tail, waiting
)
INSERT INTO events_rsvp (id, agency_id, event_id, party_size, status, queue_number, language, remind, source,
                         checkin_code, confirmed_at, offers_lapsed, link_version, edit_version, created_at)
SELECT %(rsvp)s, agency_id, id, %(n)s, CASE WHEN last_join_fit THEN 'confirmed' ELSE 'waitlisted' END,
       CASE WHEN last_join_fit THEN NULL ELSE queue_tail END, 'en', 'none', 'api', %(code)s,
       CASE WHEN last_join_fit THEN now() END, 0, 1, 1, now()
  FROM s RETURNING status
""".format(fits="waiting = 0 AND (capacity IS NULL OR seats_taken + seats_held + %(n)s <= capacity)")

_RECORD = """
INSERT INTO engage_activity (id, agency_id, verb, object_type, object_id, at, data, public)
VALUES (%s, %s, 'rsvp.made', 'rsvp', %s, now(), '{}', false)
"""


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    rsvp = uuid.uuid4()
    connection = _connection()
    connection.execute("SELECT pg_current_xact_id()")
    with connection.transaction():
        values = {"n": body["party_size"], "event": os.environ["BENCH_EVENT"], "rsvp": rsvp}
        row = connection.execute(_JOIN, values | {"code": secrets.token_hex(5)}).fetchone()
        connection.execute(_RECORD, (uuid.uuid4(), os.environ["BENCH_AGENCY"], rsvp))
    answer = json.dumps({"id": str(rsvp), "status": row[0] if row else None}).encode()
    start_response(
        "201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    )
    return [answer]


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_here, "connection"):
        _here.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    return _here.connection


application = Front(bare, threads=8, largest_body=1_000_000)
