"""10,000 RSVPs over 500 connections for 100 seats: 100 confirmed, none refused, the queue without gaps."""

from __future__ import annotations

from collections import Counter

from bench.ground import web
from bench.load import post_all
from bench.made_events import agency, event
from bench.rounds import Figure

PEOPLE, CONNECTIONS, SEATS = 10_000, 500, 100


def run() -> list[Figure]:
    from events.rsvps.models import Rsvp

    hot = event(agency(), capacity=SEATS)
    with web() as (host, port):
        answers = post_all(
            host,
            port,
            f"/api/v1/events/{hot.pk}/rsvps/",
            [{"party_size": 1}] * PEOPLE,
            connections=CONNECTIONS,
        )
    got = Counter(body["status"] for body in answers.bodies)
    queue = list(
        Rsvp.objects.filter(event=hot, status="waitlisted")
        .order_by("queue_number")
        .values_list("queue_number", flat=True)
    )
    hot.refresh_from_db()
    held = {
        "statuses": dict(answers.statuses) == {201: PEOPLE},
        "seats": got == {"confirmed": SEATS, "waitlisted": PEOPLE - SEATS},
        "counters": (hot.seats_taken, hot.seats_held, hot.waiting) == (SEATS, 0, PEOPLE - SEATS),
        "queue": queue == list(range(1, PEOPLE - SEATS + 1)),
    }
    if not all(held.values()):
        raise AssertionError(f"{held} {dict(answers.statuses)} {got}")
    note = f"{SEATS} confirmed, queue 1–{len(queue)} without gaps, statuses {dict(answers.statuses)}"
    return [
        Figure(
            f"{PEOPLE:,} RSVPs over {CONNECTIONS} connections for {SEATS} seats",
            "/s",
            [answers.per_second],
            note=note,
        )
    ]
