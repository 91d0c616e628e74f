"""Keeps children running: restarts a dead one within a second, for ever, and stops them in order.

Everything happens in the main thread, one look at a time: a child is bound to the thread that starts it
(servers.parent_death), and there is nothing to lock.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from servers.child_starting import end_group

_LOOK = 0.05  # seconds between two looks
_FIRST_WAIT = 0.2  # seconds before a child that died is started again, doubled each time it dies soon after
_LONGEST_WAIT = 5.0
_SAME_WISH = 1.0  # seconds
_STEADY = 20.0  # seconds after which a child counts as running well, and its next death as the first


class Stopping(Exception):
    """Somebody asked for the end: a signal, or the terminal went away."""


class StepFailed(Exception):
    """A step that had to succeed did not; ``status`` is its exit code."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self.status = status


@dataclass
class Child:
    """A program to keep running. ``prepare`` runs before each start, ``stop`` ends it in its own way, if it has one."""

    name: str
    log: Path
    start: Callable[[], subprocess.Popen[bytes]]
    prepare: Callable[[], None] = lambda: None
    stop: Callable[[subprocess.Popen[bytes]], None] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    wait: float = field(default=_FIRST_WAIT, init=False)
    again_at: float = field(default=0.0, init=False)

    def begin(self) -> None:
        self.prepare()
        self.process = self.start()
        self.started_at = time.monotonic()

    def look(self, say: Callable[[str], None]) -> None:
        """Note a death, and start again when its time has come."""
        now = time.monotonic()
        if self.process is not None:
            if (status := self.process.poll()) is None:
                return
            end_group(self.process)
            self.process = None
            self.deaths += 1
            self.wait = _FIRST_WAIT if now - self.started_at > _STEADY else min(self.wait * 2, _LONGEST_WAIT)
            self.again_at = now + self.wait
            say(f"{self.name} ended ({_ending(status)}); starting it again. {self.log} may say why.")
        if now >= self.again_at:
            try:
                self.begin()
            except (OSError, subprocess.SubprocessError) as error:
                # A full disk, no process to be had: what may pass is waited for like a death.
                self.wait = min(self.wait * 2, _LONGEST_WAIT)
                self.again_at = now + self.wait
                say(f"{self.name} could not be started ({error}); trying again.")


@dataclass
class Supervisor:
    """Runs children and one-off steps; ``say`` shows a line to whoever started it."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    _asked_at: float = field(default=0.0, init=False)
    _terminal: int | None = field(default=None, init=False)

    def listen(self) -> None:
        """Stop on Ctrl-C, SIGTERM and SIGHUP, even where a script's `&` made us inherit their being ignored."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        # Asked now: of a terminal that went away, isatty says no.
        self._terminal = sys.stdin.fileno() if sys.stdin and os.isatty(sys.stdin.fileno()) else None

    def keep(self, child: Child) -> Child:
        """Start a child and keep it running from now on."""
        child.begin()
        self.children.append(child)
        return child

    def look(self) -> None:
        """One look at everything. Raises Stopping when the end was asked for."""
        if self._asked_at or _is_gone(self._terminal):
            raise Stopping
        for child in self.children:
            child.look(self.say)

    def wait_for(self, ready: Callable[[], bool], *, seconds: float) -> bool:
        """Look after the children until ``ready``; False when that took longer than ``seconds``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look()
            if ready():
                return True
            time.sleep(_LOOK)
        return False

    def run_step(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        """Run a program to its end while the children are looked after. Raises StepFailed."""
        step = start()
        try:
            while step.poll() is None:
                self.look()
                time.sleep(_LOOK)
        finally:
            end_group(step)
            status = step.wait()
        if status:
            raise StepFailed(name, status)

    def run_until_stopped(self) -> None:
        while True:
            self.look()
            time.sleep(_LOOK)

    def stop(self, names: Sequence[str], *, grace: float = 10.0) -> None:
        """Stop the children named, at once and together; what is left after ``grace`` seconds is killed."""
        chosen = [child for child in self.children if child.name in names]
        for child in chosen:
            self.children.remove(child)
            if child.process and child.process.poll() is None and child.stop is None:
                child.process.terminate()
        until = time.monotonic() + grace
        for child in chosen:
            if child.process is None:
                continue
            if child.stop is not None and child.process.poll() is None:
                child.stop(child.process)
            _wait(child.process, until)
            end_group(child.process)
            child.process.wait()

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        # Asked again: whoever waits has had enough. (One wish may come twice at once, from make and from the shell.)
        if self._asked_at and now - self._asked_at > _SAME_WISH:
            for child in self.children:
                if child.process:
                    end_group(child.process)
        self._asked_at = self._asked_at or now


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    try:
        process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return


def _ending(status: int) -> str:
    return f"status {status}" if status >= 0 else signal.Signals(-status).name


def _is_gone(terminal: int | None) -> bool:
    # The terminal's own SIGHUP goes to its foreground group only, which `setsid` or a shell's `&` has left.
    if terminal is None:
        return False
    poll = select.poll()
    poll.register(terminal, 0)
    return any(event & (select.POLLHUP | select.POLLNVAL) for _, event in poll.poll(0))
