"""``python -m bench.telling_times [PAIRS [FORM …]]``: do the times of answers tell whether an address is known?

For each form that takes an address: so many pairs known / unknown, in random turn, over one connection; the area under
the curve (0.5: nothing is told) with its 95 % interval by the bootstrap. FORM: part of a form's name, for these alone;
else all. Not for CI: it wants a quiet machine.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from bench.ground import servers, web
from bench.rounds import machine


def area(known: list[float], unknown: list[float]) -> float:
    """How often a known address took longer than an unknown one; ties count half."""
    ranked = sorted([(value, 1) for value in known] + [(value, 0) for value in unknown])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        total += (place + 1 + end) / 2 * sum(of for _value, of in ranked[place:end])
        place = end
    many = len(known)
    return (total - many * (many + 1) / 2) / (many * len(unknown))


def interval(known: list[float], unknown: list[float], turns: int = 1000) -> tuple[float, float]:
    found = sorted(
        area(random.choices(known, k=len(known)), random.choices(unknown, k=len(unknown)))
        for _ in range(turns)
    )
    return found[int(0.025 * turns)], found[int(0.975 * turns)]


class _Town:
    """People who are known, each used once, and as many who are not; addresses of one length."""

    def __init__(self, host: str, port: int, pairs: int) -> None:
        from bench.made_events import agency, event
        from engage.people.models import Person
        from engage.roles.models import Role
        from tests.makers.agencies import a_dialogue

        self.connection = http.client.HTTPConnection(host, port, timeout=30)
        self.root = f"http://{host}:{port}"
        self.agency = agency()
        self.event = event(self.agency)
        self.dialogue = a_dialogue(self.agency, stage="open")
        self.pairs = pairs
        for number in range(pairs):
            status = self.post(f"/api/v1/events/{self.event.pk}/rsvps/", {"email": self.address(number, "k")})
            assert status == 201, status
            person = Person.objects.create(email=self.address(number, "k"), name="Dana")
            Role.objects.create(person=person, agency=self.agency, kind="liaison")
        worker = Person(email="x")
        worker.set_password("wide open windows in spring")
        Person.objects.update(password=worker.password)
        self.csrf, self.cookie = "", ""

    def address(self, number: int, kind: str, turn: int = 0) -> str:
        """turn: which form asks; who was not known is known afterwards, and each form needs others."""
        return f"{kind}{turn}{number:05}@mail.example"

    def post(self, path: str, body: Any, *, form: bool = False) -> int:
        """body: as JSON, or as a form with the key of the page it came from."""
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
        if form:
            headers |= {"Origin": self.root, "Cookie": self.cookie}
            body = urlencode({"csrfmiddlewaretoken": self.csrf} | body)
        self.connection.request("POST", path, body if form else json.dumps(body), headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def open(self, path: str) -> None:
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        self.cookie = "; ".join(
            value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"
        )
        self.csrf = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def _forms(town: _Town) -> dict[str, Callable[[str], int]]:
    event, wrong = f"/api/v1/events/{town.event.pk}", "a wrong one, and long"
    question = {"kind": "question", "body": "Why?", "anonymous": False}
    return {
        "a place": lambda address: town.post(f"{event}/rsvps/", {"email": address}),
        "the link again": lambda address: town.post(f"{event}/rsvps/resend/", {"email": address}),
        "following": lambda address: town.post(
            "/api/v1/subscriptions/", {"email": address, "agency": town.agency.slug}
        ),
        "a question with an address": lambda address: town.post(
            f"{event}/contributions/", question | {"email": address}
        ),
        "sign-in (API)": lambda address: town.post(
            "/api/v1/tokens/", {"email": address, "password": wrong, "agency": town.agency.slug}
        ),
        "sign-in (page)": lambda address: town.post(
            "/accounts/login/", {"login": address, "password": wrong}, form=True
        ),
        "password forgotten": lambda address: town.post(
            "/accounts/password/reset/", {"email": address}, form=True
        ),
    }


def main(arguments: list[str]) -> int:
    pairs = int(arguments[0]) if arguments else 200
    wanted = arguments[1:] or [""]
    with servers(), web(workers=1) as (host, port):
        town = _Town(host, port, pairs)
        town.open("/accounts/login/")
        print("| form | pairs | AUC | 95 % | statuses |\n|---|---|---|---|---|")
        for turn, (name, send) in enumerate(_forms(town).items()):
            if not any(part in name for part in wanted):
                continue
            times: dict[str, list[float]] = {"k": [], "u": []}
            statuses = set()
            for number in range(pairs):
                for kind in random.sample(["k", "u"], 2):
                    begun = time.perf_counter()
                    statuses.add(send(town.address(number, kind, 0 if kind == "k" else turn)))
                    times[kind].append(time.perf_counter() - begun)
            low, high = interval(times["k"], times["u"])
            print(
                f"| {name} | {pairs} | {area(times['k'], times['u']):.3f} | {low:.3f}–{high:.3f} | "
                f"{', '.join(map(str, sorted(statuses)))} |",
                flush=True,
            )
    print(f"\n{machine()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
