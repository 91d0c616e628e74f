"""Residents, staff, the clock and the purge at once, in random order, while connections die: then every sum is done again."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.drills import Observed, drill
from bench.drills.acts_at_once import _key
from bench.drills.kills import end_one_backend
from bench.drills.standing import Site, a_site, ask
from bench.worker_group import wait_until

_SECONDS, _ACTORS, _SEATS = 25, 6, 12


@dataclass
class History:
    """What the actors were told. places: by id, the link and the code. unsure: acts whose answer never came."""

    site: Site
    events: list[Any]
    staff: dict[str, str]
    rsvps: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    arrivals: list[tuple[Any, str]] = field(default_factory=list)
    moves: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def said(self, act: str, status: int) -> bool:
        with self.lock:
            if status in {0, 503}:
                self.unsure[act] += 1
            elif status >= 500:
                self.odd[f"{act} {status}"] += 1
            elif status < 300:
                self.told[act] += 1
        return 200 <= status < 300

    def act(self, chance: random.Random) -> None:
        choice = chance.choices(
            [self.save, self.by_link, self.move, self.room, self.arrive, self.undo], [8, 6, 1, 1, 3, 1]
        )[0]
        choice(chance)

    def save(self, chance: random.Random) -> None:
        event, key = chance.choice(self.events), str(uuid.UUID(int=chance.getrandbits(128), version=4))
        body = {"party_size": chance.randint(1, 3), "email": f"p{key[:13]}@mail.example"}
        path, headers = f"/api/v1/events/{event.pk}/rsvps/", {"Idempotency-Key": key}
        # Again with the same key until it is answered: nobody may come twice by that.
        for _ in range(20):
            status, _, made, _ = ask(self.site.port, "POST", path, body, headers)
            if self.said("save", status):
                with self.lock:
                    self.rsvps[made["id"]] = (event, made["manage_token"], made["checkin_code"])
            if status not in {0, 503}:
                return
            time.sleep(0.3)

    def by_link(self, chance: random.Random) -> None:
        if not self.rsvps:
            return
        rsvp = chance.choice(sorted(self.rsvps))
        path = f"/api/v1/rsvps/{self.rsvps[rsvp][1]}/"
        what = chance.choices(["change", "give back", "accept", "erase"], [4, 4, 3, 1])[0]
        if what == "change":
            status = ask(self.site.port, "PATCH", path, {"party_size": chance.randint(1, 4)})[0]
        elif what == "give back":
            status = ask(self.site.port, "DELETE", path)[0]
        else:
            status = ask(self.site.port, "POST", f"{path}{what}/", {})[0]
        if self.said(what, status) and what == "erase":
            self.erased.add(rsvp)
        elif what == "erase" and status in {0, 503, 404}:
            # It may be gone; asked once more at the end.
            self.unsure[f"erase {rsvp}"] += 1

    def move(self, chance: random.Random) -> None:
        start = dt.datetime.fromisoformat("2027-03-01T18:00:00") + dt.timedelta(
            # Never where it is already: that is no move.
            days=chance.randint(0, 60), minutes=next(self.moves),
        )  # fmt: skip
        body = {
            "starts_at": start.isoformat(), "ends_at": (start + dt.timedelta(hours=1)).isoformat(),
            "timezone": "America/Chicago",
        }  # fmt: skip
        path = f"/api/v1/events/{chance.choice(self.events).pk}/"
        status = ask(self.site.port, "PATCH", f"{path}?confirm=true", body, self.staff)[0]
        if status == 400:
            status = ask(self.site.port, "PATCH", path, body, self.staff)[0]
        self.said("move", status)

    def room(self, chance: random.Random) -> None:
        path = f"/{chance.choice(self.events).pk}/"
        self._by_staff("room", "PATCH", path, {"capacity": chance.randint(_SEATS - 4, _SEATS + 6)})

    def arrive(self, chance: random.Random) -> None:
        if not self.rsvps:
            return
        event, _, code = self.rsvps[chance.choice(sorted(self.rsvps))]
        name = f"d{chance.getrandbits(40)}"
        if self._by_staff("check in", "POST", f"/{event.pk}/check-ins/", {"client_id": name, "code": code}):
            self.arrivals.append((event, name))

    def undo(self, chance: random.Random) -> None:
        if self.arrivals:
            event, name = chance.choice(self.arrivals)
            self._by_staff("undo", "DELETE", f"/{event.pk}/check-ins/{name}/")

    def _by_staff(self, what: str, method: str, path: str, body: Any = None) -> bool:
        return self.said(what, ask(self.site.port, method, f"/api/v1/events{path}", body, self.staff)[0])


def _the_clock(over: threading.Event, chance: random.Random, history: History) -> None:
    """What the worker does at its hours, sooner: offers end, the purge runs."""
    from django.db import Error, connections
    from django.utils import timezone

    from engage.retention.purge import purge
    from events.rsvps.waitlisting import lapse_offers, promote_where_seats_are_free

    while not over.wait(chance.uniform(0.5, 2)):
        now = timezone.now()
        try:
            lapse_offers(now=now + dt.timedelta(days=chance.choice([0, 3])))
            promote_where_seats_are_free(now=now)
            purge(now=now)
            history.told["clock"] += 1
        except Error:
            history.unsure["clock"] += 1
            connections.close_all()
    connections.close_all()


def _kills(over: threading.Event, chance: random.Random, history: History) -> None:
    while not over.wait(chance.uniform(0.2, 0.8)):
        history.told["kill"] += end_one_backend(history.site, chance)


def _wrong(history: History) -> dict[str, int]:
    """Each thing that must hold, and how often it does not."""
    from django.db.models import Count

    from engage.activity.models import Activity
    from events.event.models import Event
    from events.rsvps.models import CheckIn, Rsvp
    from tests.makers.rsvps import sums_hold

    rows = {str(rsvp.pk): rsvp for rsvp in Rsvp.objects.filter(event__in=history.events)}
    maybe = {name.partition(" ")[2] for name in history.unsure if name.startswith("erase ")}
    acts = Counter(Activity.objects.values_list("object_id", "verb"))
    made = [acts[rsvp.pk, "rsvp.made"] for rsvp in rows.values()]
    ends = ("rsvp.cancelled", "rsvp.lapsed", "rsvp.bounced")
    silent = [
        rsvp for rsvp in rows.values()
        if rsvp.status == "cancelled" and not any(acts[rsvp.pk, verb] for verb in ends)
    ]  # fmt: skip
    moved = Activity.objects.filter(verb="event.moved").count()
    marks = Counter(str(letter["Message-ID"]) for letter in history.site.mail.letters)
    whom = {str(letter["To"]).strip("<>") for letter in history.site.mail.letters}
    twice = Rsvp.objects.values("event", "email_contact").annotate(n=Count("pk")).filter(n__gt=1)
    arrived = CheckIn.objects.filter(undone_at=None, rsvp__isnull=False).values("rsvp")
    events = Event.objects.filter(pk__in=[event.pk for event in history.events])
    return {
        "counters that are no sums": sum(not sums_hold(event.pk) for event in events),
        "meetings over their room": sum(
            event.capacity is not None and event.seats_taken + event.seats_held > event.capacity
            for event in events
        ),
        "places told of and lost": len(set(history.rsvps) - set(rows) - history.erased - maybe),
        "erased and there": len(history.erased & set(rows)),
        "places nobody was told of": len(set(rows) - set(history.rsvps)),
        "people twice": sum(row["email_contact"] is not None for row in twice),
        "places without just one act": sum(number != 1 for number in made),
        "ends without an act": len(silent),
        "moves without an act": max(0, history.told["move"] - moved),
        "arrived twice": arrived.annotate(n=Count("pk")).filter(n__gt=1).count(),
        "letters twice": sum(marks.values()) - len(marks),
        "confirmed without a letter": sum(
            rsvp.status == "confirmed" and f"p{_address_of(rsvp)}" not in " ".join(whom)
            for rsvp in rows.values()
        ),
    }


def _address_of(rsvp: Any) -> str:
    from engage.contacts.addresses import address_of

    return address_of(rsvp.email_contact).removeprefix("p") if rsvp.email_contact else ""


def _all_sent(history: History) -> bool:
    from django.utils import timezone

    from engage.activity.models import Activity
    from outreach.ledger.models import Delivery

    due = Delivery.objects.filter(state__in=["due", "claimed", "sending"], due_at__lte=timezone.now())
    waits = Activity.objects.filter(announced_at=None, at__lte=timezone.now())
    return not due.exists() and not waits.exists()


@drill("random_histories", fault=f"{_ACTORS} actors for {_SECONDS} s: save, change, give back, accept, erase, move, room, check in, undo, offers that end, purge, in random order (DRILL_SEED), while connections to the database are ended", expected="no 5xx but 503; counters are sums, nobody twice, nothing told of lost, one act each, letters once", limit=400)  # fmt: skip
def random_histories() -> Observed:
    seed = int(os.environ.get("DRILL_SEED") or random.SystemRandom().randrange(1_000_000))
    with a_site() as site:
        from bench.made_events import agency, event

        host = agency()
        events = [event(host, capacity=_SEATS, days_ahead=30 + number) for number in range(3)]
        history = History(site, events, {"Authorization": f"Bearer {_key(events[0])}"})
        over = threading.Event()

        def play(number: int) -> None:
            chance = random.Random(seed * 100 + number)
            while not over.is_set():
                history.act(chance)

        people = [threading.Thread(target=play, args=(number,), daemon=True) for number in range(_ACTORS)]
        for number, part in enumerate((_the_clock, _kills), start=50):
            chance = random.Random(seed * 100 + number)
            people.append(threading.Thread(target=part, args=(over, chance, history), daemon=True))
        for one in people:
            one.start()
        time.sleep(_SECONDS)
        over.set()
        for one in people:
            one.join(timeout=90)
        from django.db import connections

        connections.close_all()
        try:
            wait_until(lambda: _all_sent(history), seconds=120, what="letters")
            rest = "all letters out"
        except TimeoutError:
            rest = "letters still due after 120 s"
        wrong = {what: number for what, number in _wrong(history).items() if number}
    held = not wrong and not history.odd and rest == "all letters out" and history.told["kill"] > 0
    acts = ", ".join(f"{number} {what}" for what, number in sorted(history.told.items()))
    return Observed(
        held,
        f"seed {seed}: {acts}; not answered {sum(history.unsure.values())}; odd {dict(history.odd) or 'none'}; "
        f"{rest}; violations {wrong or 'none'}",
    )
