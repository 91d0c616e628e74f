"""servers.supervising: children that die come back, and none stays behind. Real processes throughout."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PROJECT = Path(__file__).resolve().parents[2]

# A supervisor of two children that write their numbers down; one of them has a child of its own.
_SCRIPT = """
import sys
from functools import partial
from pathlib import Path
from servers.supervising import Child, Stopping, Supervisor
from servers.child_starting import start_child
from servers.parent_death import end_with_parent

folder = Path(sys.argv[1])
end_with_parent()
supervisor = Supervisor(say=lambda line: print(line, flush=True))
supervisor.listen()
for name, program in (
    ("plain", 'echo $$ >> "$0/plain"; exec sleep 600'),
    ("parent", 'sleep 600 & echo $! >> "$0/grandchild"; echo $$ >> "$0/parent"; wait'),
    ("stubborn", 'trap "" TERM; echo $$ >> "$0/stubborn"; while :; do sleep 600; done'),
):
    command = ["/bin/sh", "-c", program, str(folder)]
    supervisor.keep(Child(name, folder / "log", partial(start_child, command, log=folder / "log")))
print("started", flush=True)
try:
    supervisor.run_until_stopped()
except Stopping:
    supervisor.stop(["plain", "parent", "stubborn"], grace=1)
"""


def _numbers(folder: Path, name: str) -> list[int]:
    try:
        return [int(line) for line in (folder / name).read_text().split()]
    except FileNotFoundError:
        return []


def _all_numbers(folder: Path) -> list[int]:
    return [
        number for name in ("plain", "parent", "grandchild", "stubborn") for number in _numbers(folder, name)
    ]


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


@contextmanager
def _supervisor(folder: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", _SCRIPT, folder], cwd=_PROJECT, **options)  # type: ignore[call-overload]
    try:
        assert _until(lambda: len(_all_numbers(folder)) >= 4, 20)
        yield process
    finally:
        process.kill()
        process.wait()
        # What ignores SIGTERM outlives a killed supervisor, and is the test's to clear away.
        for left in filter(_lives, _all_numbers(folder)):
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)


def test_a_killed_child_is_back_within_a_second_and_what_it_left_is_gone(tmp_path: Path) -> None:
    with _supervisor(tmp_path, stdout=subprocess.DEVNULL):
        [grandchild] = _numbers(tmp_path, "grandchild")
        killed_at = time.monotonic()
        os.kill(_numbers(tmp_path, "parent")[0], signal.SIGKILL)
        assert _until(lambda: len(_numbers(tmp_path, "parent")) == 2)
        assert time.monotonic() - killed_at < 1
        assert _until(lambda: not _lives(grandchild))


def test_a_child_that_dies_again_and_again_is_started_again_ever_more_slowly(tmp_path: Path) -> None:
    with _supervisor(tmp_path, stdout=subprocess.DEVNULL):
        waits = []
        for round_number in range(1, 4):
            killed_at = time.monotonic()
            os.kill(_numbers(tmp_path, "plain")[-1], signal.SIGKILL)
            assert _until(lambda expected=round_number + 1: len(_numbers(tmp_path, "plain")) == expected, 8)
            waits.append(time.monotonic() - killed_at)
        assert waits == sorted(waits)
        assert waits[-1] < 6


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_to_say_stop_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    # Started as a script's `&` starts it: with Ctrl-C ignored.
    ignoring = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    with _supervisor(tmp_path, stdout=subprocess.DEVNULL, **ignoring) as process:
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert [process_id for process_id in _all_numbers(tmp_path) if _lives(process_id)] == []


def test_a_killed_supervisor_leaves_no_direct_child(tmp_path: Path) -> None:
    with _supervisor(tmp_path, stdout=subprocess.DEVNULL) as process:
        [plain] = _numbers(tmp_path, "plain")
        process.kill()
        assert _until(lambda: not _lives(plain))


def test_a_terminal_that_goes_away_stops_everything(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with _supervisor(tmp_path, stdin=theirs, stdout=theirs, start_new_session=True) as process:
        os.close(theirs)
        os.close(ours)
        assert process.wait(timeout=10) == 0
        assert [process_id for process_id in _all_numbers(tmp_path) if _lives(process_id)] == []
