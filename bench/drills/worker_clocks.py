"""Workers whose clocks are wrong, jump, or differ; without a beat, without a broker."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drills import Observed, drill
from bench.drills.mail_faults import Post, a_post
from bench.drills.standing import Site, an_event
from bench.worker_group import wait_until

_LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


def _good(_step: str, _to: str, _n: int) -> None:
    return None


def wrong_by(offset: str, *, file: Path | None = None) -> dict[str, str]:
    """Environment of a process whose wall clock is shifted (``+1h``, ``-3600``); its monotonic clock is right.

    file: read anew all the while, so that the clock can be made to jump. Raises RuntimeError without Debian's libfaketime.
    """
    if _LIBRARY is None:
        raise RuntimeError("Debian's package libfaketime is not installed")
    where = {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"} if file else {"FAKETIME": offset}
    if file:
        file.write_text(offset + "\n", encoding="ascii")
    return where | {
        "LD_PRELOAD": str(_LIBRARY),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


@contextlib.contextmanager
def _workers(**named: str) -> Iterator[Post]:
    with a_post("none", answer=_good) as post:
        for name, offset in named.items():
            post.site.start(name.replace("_", "-"), **(wrong_by(offset) if offset else {}))
        yield post


def _mail_and_events(post: Post) -> Observed:
    from django.utils import timezone

    from events.event.models import Event
    from tests.makers.events import begins_at

    now, minute = timezone.now(), dt.timedelta(minutes=1)
    soon, begun = an_event(), an_event()
    for event, begins in ((soon, now + 40 * minute), (begun, now - minute)):
        begins_at(event, begins)
    post.ask(5)
    took = post.wait(5, seconds=60)
    with contextlib.suppress(TimeoutError):
        wait_until(lambda: Event.objects.get(pk=begun.pk).status == "live", seconds=40, what="the beginning")
    soon.refresh_from_db()
    begun.refresh_from_db()
    right = begun.started_at is not None and abs(begun.started_at - timezone.now()) < 2 * minute
    said = f"5 letters after {took:.1f} s; a meeting 40 min ahead is {soon.status}, one that began {begun.status}"
    held = took <= 15 and soon.status == "published" and begun.status == "live" and right
    return Observed(held and not post.doubled(), said)


def _shifted(offset: str) -> Observed:
    with _workers(worker=offset, beat="") as post:
        time.sleep(8)
        return _mail_and_events(post)


_RIGHT = "mail within 15 s; meetings begin by the database's clock"


@drill("clock_20_s_ahead", fault="the worker's clock is 20 s ahead of beat and web", expected=_RIGHT)
def clock_20_s_ahead() -> Observed:
    return _shifted("+20s")


@drill("clock_1_h_ahead", fault="the worker's clock is an hour ahead", expected=_RIGHT)
def clock_1_h_ahead() -> Observed:
    return _shifted("+1h")


@drill("clock_1_h_behind", fault="the worker's clock is an hour behind", expected=_RIGHT)
def clock_1_h_behind() -> Observed:
    return _shifted("-1h")


@drill("clock_steps_back", fault="the clock steps back an hour under worker and beat", expected=_RIGHT)
def clock_steps_back() -> Observed:
    with a_post("none", answer=_good) as post:
        file = post.site.folder / "clock"
        for name in ("worker", "beat"):
            post.site.start(name, **wrong_by("+0", file=file))
        post.ask(1, name="before")
        post.wait(1, seconds=30, name="before")
        file.write_text("-3600\n", encoding="ascii")
        return _mail_and_events(post)


@drill("three_clocks", fault="3 workers and 3 beats, clocks right, an hour ahead and an hour behind; 150 letters", expected="each letter once")  # fmt: skip
def three_clocks() -> Observed:
    clocks = {"1": "", "2": "+1h", "3": "-1h"}
    named = {f"{what}_{number}": clock for what in ("worker", "beat") for number, clock in clocks.items()}
    with _workers(**named) as post:
        post.ask(150)
        took = post.wait(150, seconds=120)
        time.sleep(15)
        said = f"{len(post.relay.letters)} letters, {post.doubled()} doubled, the last after {took:.1f} s"
        return Observed(len(post.relay.letters) == 150 and not post.doubled(), said)


@drill("broker_gone_100_s", fault="Valkey is away for 100 s; no hint comes through", expected="letters go all the while, each within 15 s")  # fmt: skip
def broker_gone_100_s() -> Observed:
    with a_post("worker", "beat", answer=_good) as post:
        time.sleep(6)
        post.site.kill("valkey")
        worst, until = 0.0, time.monotonic() + 100
        count = 0
        while time.monotonic() < until:
            post.ask(1, name=f"n{count}x")
            worst = max(worst, post.wait(1, seconds=60, name=f"n{count}x"))
            count += 1
            time.sleep(5)
        post.site.start("valkey")
        post.ask(1, name="back")
        after = post.wait(1, seconds=60, name="back")
        said = f"{count} letters while it was away, the slowest after {worst:.1f} s; {after:.1f} s once it was back"
        return Observed(worst <= 15 and after <= 15 and not post.doubled(), said)


@drill("no_broker_at_the_start", fault="a worker starts while Valkey is away", expected="it sends within 20 s of its start")  # fmt: skip
def no_broker_at_the_start() -> Observed:
    with a_post("none", answer=_good) as post:
        site: Site = post.site
        site.kill("valkey")
        post.ask(3)
        site.start("worker")
        took = post.wait(3, seconds=60)
        return Observed(took <= 20, f"3 letters after {took:.1f} s")
