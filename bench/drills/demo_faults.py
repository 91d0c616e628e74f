"""`make demo` that is killed, stopped, started twice at once, or has a folder without room: nothing lost, nothing left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.drills import Observed, drill
from bench.drills.small_disks import NOT_ALLOWED, MayNotMount, a_small_disk
from bench.drills.standing import ask
from bench.ground import ROOT
from bench.worker_group import wait_until

_START = 200.0  # seconds for a first start with its made-up year, on a busy machine
_OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "PORT", "ENGAGE_ENV", "PUBLIC_URL",
           "SECRET_KEY", "CONTACT_KEYS", "FINGERPRINT_KEY", "LINK_KEYS")  # fmt: skip


@dataclass
class Demos:
    """Demos over one folder, by the user's command."""

    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if name not in _OTHERS}
        with self._said(len(self.started)).open("w") as said:
            child = subprocess.Popen(
                [sys.executable, "-m", "demo"],
                cwd=ROOT, env=environment | {"DEMO_FOLDER": str(self.folder)}, text=True,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        self.started.append(child)
        return child

    def said_by(self, child: subprocess.Popen[str]) -> str:
        return self._said(self.started.index(child)).read_text(errors="replace").strip()

    def wait_ready(self, *children: subprocess.Popen[str]) -> float:
        """Seconds until the keys of this start are there. Raises TimeoutError, also where all ``children`` have ended."""
        began = time.monotonic()

        def is_ready() -> bool:
            if all(child.poll() is not None for child in children):
                raise TimeoutError(self.said_by(children[0])[-300:])
            return (self.folder / "credentials.json").exists()

        wait_until(is_ready, seconds=_START, what="the demo")
        return time.monotonic() - began

    @property
    def port(self) -> int:
        url = json.loads((self.folder / "credentials.json").read_text())["base_url"]
        return urlsplit(url).port or 80

    def end(self, child: subprocess.Popen[str], number: int = signal.SIGINT) -> float:
        """Seconds until it is gone, and everything that it started."""
        began = time.monotonic()
        child.send_signal(number)
        child.wait(timeout=60)
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self.left(), seconds=30, what="the end")
        return time.monotonic() - began

    def left(self) -> list[int]:
        """Processes that name the folder in their words or their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                text = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
                if os.fsencode(self.folder) in text and int(path.name) != os.getpid():
                    found.append(int(path.name))
        return found

    def _said(self, number: int) -> Path:
        return self.folder.with_name(f"{self.folder.name}-said-{number}")


@contextlib.contextmanager
def _demos() -> Iterator[Demos]:
    with (
        tempfile.TemporaryDirectory(prefix="engage-demo-drill-") as name,
        _over(Path(name) / "demo") as demos,
    ):
        yield demos


@contextlib.contextmanager
def _over(folder: Path) -> Iterator[Demos]:
    demos = Demos(folder)
    try:
        yield demos
    finally:
        for child in demos.started:
            if child.poll() is None:
                demos.end(child, signal.SIGTERM)


def _save_an_rsvp(port: int) -> str:
    """The link of a place at the first meeting that takes one. Raises LookupError."""
    events: Any = ask(port, "GET", "/api/v1/events/?ordering=starts_at")[2]
    for event in events["results"]:
        status, _, made, _ = ask(port, "POST", f"/api/v1/events/{event['id']}/rsvps/", {"party_size": 1})
        if status == 201:
            return str(made["manage_token"])
    raise LookupError("No meeting of the demo takes a place")


def _is_there(port: int, token: str) -> bool:
    return ask(port, "GET", f"/api/v1/rsvps/{token}/")[0] == 200


def _ended_and_started_again(number: int) -> Observed:
    with _demos() as demos:
        child = demos.start()
        first = demos.wait_ready(child)
        token = _save_an_rsvp(demos.port)
        gone = demos.end(child, number)
        left = len(demos.left())
        child = demos.start()
        # The last start's file is removed as the first thing.
        wait_until(lambda: not (demos.folder / "credentials.json").exists(), seconds=30, what="a new start")
        again = demos.wait_ready(child)
        there = _is_there(demos.port, token)
        last = demos.end(child)
        left_at_last = len(demos.left())
    said = (
        f"ready in {first:.0f} s; gone in {gone:.1f} s, {left} processes left; again in {again:.0f} s, "
        f"the place {'there' if there else 'lost'}; stopped in {last:.1f} s, {left_at_last} left"
    )
    return Observed(there and not left and not left_at_last, said)


_NOTHING = "nothing that was saved is lost, no process left"


@drill(
    "demo_killed",
    fault="SIGKILL to the demo's supervisor; the demo started again",
    expected=_NOTHING,
    limit=500,
)
def demo_killed() -> Observed:
    return _ended_and_started_again(signal.SIGKILL)


@drill("demo_stopped", fault="the demo stopped by Ctrl-C and started again", expected=_NOTHING, limit=500)
def demo_stopped() -> Observed:
    return _ended_and_started_again(signal.SIGINT)


@drill("demo_twice", fault="two demos started at once over one folder", expected="one runs, the other says in one sentence who does; no process left", limit=400)  # fmt: skip
def demo_twice() -> Observed:
    with _demos() as demos:
        both = [demos.start(), demos.start()]
        ready = demos.wait_ready(*both)
        refused = [child for child in both if child.poll() is not None]
        running = [child for child in both if child.poll() is None]
        sentences = [demos.said_by(child) for child in refused]
        works = ask(demos.port, "GET", "/healthz")[0] == 200
        for child in running:
            demos.end(child)
        left = len(demos.left())
    named = [text for text in sentences if str(running[0].pid) in text and len(text.splitlines()) == 1]
    held = works and len(running) == 1 and len(named) == 1 and not left
    return Observed(held, f"one ready in {ready:.0f} s; the other: {sentences}; {left} left")


@drill("demo_without_room", fault="the demo over a disk of 20 MB, and over one that takes no writes", expected="one sentence and status 2 within 30 s, no process left")  # fmt: skip
def demo_without_room() -> Observed:
    seen, held = [], True
    for what, megabytes, writable in (("20 MB", 20, True), ("read-only", 20, False)):
        try:
            with a_small_disk(megabytes, writable=writable) as disk, _demos() as beside:
                # What it says stands beside, on a disk that has room.
                answer = _refusal(disk / "demo", beside)
        except MayNotMount:
            return Observed(False, NOT_ALLOWED)
        seen.append(f"{what}: {answer.said}")
        held = held and answer.held
    return Observed(held, "; ".join(seen))


def _refusal(folder: Path, beside: Demos) -> Observed:
    class OnDisk(Demos):
        def _said(self, number: int) -> Path:
            return beside.folder.with_name(f"said-{number}")

    demos, began = OnDisk(folder), time.monotonic()
    child = demos.start()
    try:
        status = child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        demos.end(child, signal.SIGTERM)
        return Observed(False, "still running after 30 s")
    seconds, text = time.monotonic() - began, demos.said_by(child)
    time.sleep(1)
    left = len(demos.left())
    lines = [line for line in text.splitlines() if line.startswith("Engage did not start:")]
    held = status == 2 and len(lines) == 1 and "Traceback" not in text and not left
    return Observed(held, f"status {status} after {seconds:.1f} s, `{text[-200:]}`, {left} left")
