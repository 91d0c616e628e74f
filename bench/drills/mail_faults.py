"""Mail servers that are away, silent, curt or forgetful, under a real worker without a beat."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event
from bench.worker_group import wait_until

if TYPE_CHECKING:
    from tests.makers.mail_server import CurtPost

GOOD, BAD = 60, 10


@dataclass
class Post:
    """A site with a worker, and a mail server that can be told anything. began: when all were made due."""

    site: Site
    relay: CurtPost
    began: float = 0.0

    def ask(self, people: int, *, name: str = "good", attempts: int = 0) -> None:
        """Confirmations to so many people, due now."""
        from engage.database.clock import database_now
        from outreach.announcing.sweep import announce
        from outreach.ledger.models import Delivery
        from tests.makers.rsvps import an_rsvp

        event = an_event()
        for number in range(people):
            an_rsvp(event, email=f"{name}{number}@mail.example")
        announce(now=database_now())
        if attempts:
            Delivery.objects.filter(state="due").update(attempts=attempts)
        self.began = time.monotonic()

    def states(self) -> Counter[str]:
        from outreach.ledger.models import Delivery

        return Counter(Delivery.objects.values_list("state", flat=True))

    def tries(self) -> list[int]:
        from outreach.ledger.models import Delivery

        return sorted(set(Delivery.objects.values_list("attempts", flat=True)))

    def wait(self, people: int, *, seconds: float, name: str = "good") -> float:
        """Seconds until all of them have theirs; ``inf`` where some have not after ``seconds``."""
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: len(self._to(name)) >= people, seconds=seconds, what="mail")
            return max(self._to(name).values()) - self.began
        return float("inf")

    def doubled(self) -> int:
        return len(self.relay.letters) - len({identity for _to, identity in self.relay.letters})

    def _to(self, name: str) -> dict[str, float]:
        pairs = zip(list(self.relay.letters), list(self.relay.at), strict=False)
        return {to: at for (to, _identity), at in pairs if to.startswith(name)}


@contextlib.contextmanager
def a_post(*parts: str, answer: Callable[[str, str, int], str | float | None]) -> Iterator[Post]:
    from tests.makers.mail_server import a_curt_server

    with a_curt_server(answer) as relay, a_site(*(parts or ("worker",)), EMAIL_URL=f"smtp://127.0.0.1:{relay.port}") as site:  # fmt: skip
        yield Post(site, relay)


def _good(_step: str, _to: str, _n: int) -> None:
    return None


def _silent_at(step: str) -> Observed:
    def answer(said: str, to: str, _n: int) -> float | None:
        return 300.0 if said == step and to.startswith("bad") else None

    with a_post(answer=answer) as post:
        post.ask(BAD, name="bad")
        post.ask(GOOD)
        took = post.wait(GOOD, seconds=120)
        first = post.states()
        time.sleep(max(0.0, 75 - (time.monotonic() - post.began)))
        doubled, later = post.doubled(), post.states()
    said = f"the last of {GOOD} others after {took:.1f} s; {doubled} doubled; then {dict(first)}, after 75 s {dict(later)}"
    return Observed(took <= 30 and not doubled and later["sent"] == GOOD, said)


@drill("silent_at_recipient", fault=f"{BAD} of {GOOD + BAD} recipients hang at RCPT", expected="nobody else waits longer than 30 s; none doubled; the silent ones stay due")  # fmt: skip
def silent_at_recipient() -> Observed:
    return _silent_at("RCPT")


@drill("silent_after_data", fault=f"{BAD} of {GOOD + BAD} recipients hang after DATA", expected="nobody else waits longer than 30 s; none doubled")  # fmt: skip
def silent_after_data() -> Observed:
    return _silent_at(".")


def _ends_after(most: int) -> Observed:
    def answer(said: str, _to: str, n: int) -> str | None:
        return "421 enough" if said == "MAIL" and n >= most else None

    with a_post(answer=answer) as post:
        post.ask(GOOD)
        took = post.wait(GOOD, seconds=120)
        tries = post.tries()
        said = f"{GOOD} of {GOOD} after {took:.1f} s, tries {tries}, {post.doubled()} doubled"
        return Observed(took <= 15 and tries == [1] and not post.doubled(), said)


@drill("ends_after_1", fault="a server that says 421 after each letter", expected="60 letters within 15 s, each at its first try")  # fmt: skip
def ends_after_1() -> Observed:
    return _ends_after(1)


@drill("ends_after_3", fault="a server that says 421 after 3 letters", expected="60 letters within 15 s, each at its first try")  # fmt: skip
def ends_after_3() -> Observed:
    return _ends_after(3)


def _away(answer: Callable[[str, str, int], str | float | None], *, seconds: float) -> Observed:
    with a_post(answer=answer) as post:
        post.ask(20, attempts=19)
        time.sleep(seconds)
        meanwhile, asked = post.states(), post.relay.connections
        post.relay.answer = _good
        post.began = time.monotonic()
        took = post.wait(20, seconds=90)
        said = f"{dict(meanwhile)} meanwhile, asked {asked} times; all 20 out {took:.1f} s after it was back, {post.doubled()} doubled"
        return Observed(set(meanwhile) <= {"due", "claimed", "sending"} and took <= 20 and not post.doubled(), said)  # fmt: skip


@drill("relay_refuses", fault="the relay greets with 421 for 40 s; the messages have been tried 19 times", expected="none ends; all out within 20 s of its return")  # fmt: skip
def relay_refuses() -> Observed:
    return _away(lambda said, to, n: "421 not now" if said == "GREET" else None, seconds=40)


@drill("relay_mute", fault="the relay accepts and says nothing for 45 s; the messages have been tried 19 times", expected="none ends; all out within 20 s of its return")  # fmt: skip
def relay_mute() -> Observed:
    first: list[float] = []  # when it was first asked: making the site takes half a minute on a busy machine

    def answer(said: str, _to: str, _n: int) -> float | None:
        if said != "GREET":
            return None
        first.append(time.monotonic())
        return max(0.0, 45 - (time.monotonic() - first[0]))

    return _away(answer, seconds=45)


@drill("relay_denies", fault="the relay says 554 to every recipient for 40 s; the messages have been tried 19 times", expected="none ends; all out within 60 s of its return")  # fmt: skip
def relay_denies() -> Observed:
    with a_post(answer=lambda said, to, n: "554 5.7.1 relay access denied" if said == "RCPT" else None) as post:  # fmt: skip
        post.ask(20, attempts=19)
        time.sleep(40)
        meanwhile = post.states()
        post.relay.answer = _good
        post.began = time.monotonic()
        took = post.wait(20, seconds=120)
        said = f"{dict(meanwhile)} meanwhile; all 20 out {took:.1f} s after"
        return Observed(set(meanwhile) <= {"due", "claimed", "sending"} and took <= 60, said)


@drill("worker_told_to_end", fault="SIGTERM to a worker that is sending", expected="it ends within 10 s; no letter is lost or comes twice")  # fmt: skip
def worker_told_to_end() -> Observed:
    import signal

    with a_post(answer=lambda said, to, n: 0.1 if said == "." else None) as post:
        post.ask(GOOD)
        wait_until(lambda: len(post.relay.letters) >= 5, seconds=30, what="mail")
        began = time.monotonic()
        post.site.kill("worker", signal.SIGTERM)
        gone = time.monotonic() - began
        left = post.states()
        post.site.start("worker")
        took = post.wait(GOOD, seconds=200)
        said = f"gone after {gone:.1f} s, then {dict(left)}; all {GOOD} out, {post.doubled()} doubled"
        return Observed(gone <= 10 and left["sending"] == 0 and took < 200 and not post.doubled(), said)


@drill("claims_at_a_restart", fault="PostgreSQL restarted while 60 messages are claimed", expected="no claim is left 10 s after its return; each letter once")  # fmt: skip
def claims_at_a_restart() -> Observed:
    from django.db import connections

    with a_post(answer=lambda said, to, n: 0.2 if said == "." else None) as post:
        post.ask(GOOD)
        wait_until(lambda: len(post.relay.letters) >= 5, seconds=30, what="mail")
        connections.close_all()
        post.site.postgres.stop(post.site.children["postgres"])
        time.sleep(8)
        post.site.start("postgres")
        post.began = time.monotonic()
        connections.close_all()
        took = post.wait(GOOD, seconds=200)
        said = f"all {GOOD} out {took:.1f} s after its return (of which {GOOD * 0.2 / 2:.0f} s is the server's own time), {post.doubled()} doubled"
        return Observed(took <= 26 and not post.doubled(), said)
