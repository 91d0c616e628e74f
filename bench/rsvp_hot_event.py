"""RSVPs to one hot event, 8 at a time, by HTTP; beside a bare endpoint with the same rows under the same server."""

from __future__ import annotations

import os
from collections.abc import Callable

from bench.ground import web
from bench.load import Answers, post_all
from bench.made_events import agency, event
from bench.rounds import Figure, in_turn

ROUNDS = 5
REQUESTS = 1500


def run() -> list[Figure]:
    host = agency()
    hot = event(host, capacity=400)
    os.environ |= {"BENCH_EVENT": str(hot.pk), "BENCH_AGENCY": str(host.pk)}
    seen: dict[str, list[Answers]] = {"engage": [], "bare": []}
    with web() as ours, web("bench.bare_endpoint:application") as theirs:
        path = f"/api/v1/events/{hot.pk}/rsvps/"

        def burst(name: str, host: str, port: int) -> Callable[[], float]:
            def measure() -> float:
                answers = post_all(host, port, path, [{"party_size": 1}] * REQUESTS, connections=8)
                if set(answers.statuses) != {201}:
                    raise AssertionError(f"{name} answered {dict(answers.statuses)}")
                seen[name].append(answers)
                return answers.per_second

            return measure

        burst("engage", *ours)(), burst("bare", *theirs)()
        engage, bare = in_turn(ROUNDS, burst("engage", *ours), burst("bare", *theirs))
    hot.refresh_from_db()
    slow = [answers.percentile(0.95) for answers in seen["engage"][1:]]
    sound = f"{hot.seats_taken} of {hot.capacity} seats taken"
    return [
        Figure(
            "RSVP to one hot event, 8 at a time", "/s", engage, bare, "/s bare", "≥ 300/s, ratio ≥ 0.5", sound
        ),
        Figure("… 95th percentile", "ms", slow, target="≤ 100 ms"),
    ]
