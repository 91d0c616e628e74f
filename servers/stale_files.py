"""Clears what a killed PostgreSQL leaves behind, so that a process id used again cannot stop the start for ever."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

_PATIENCE = 10.0  # seconds for an orphan of ours to close its files


def clear_stale_files(data_folder: Path, sockets: Path, socket_name: str) -> None:
    """Remove the pid file and the socket's lock. Only for whoever holds the data folder's lock.

    A postgres that still runs over this folder (we were killed; it is closing) is waited for, and ended.
    """
    process = _written_pid(data_folder / "postmaster.pid")
    if process and _is_postgres_of(process, data_folder):
        _end(process, data_folder)
    (data_folder / "postmaster.pid").unlink(missing_ok=True)
    (sockets / f"{socket_name}.lock").unlink(missing_ok=True)
    (sockets / socket_name).unlink(missing_ok=True)


def _written_pid(path: Path) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return abs(int(path.read_text(encoding="ascii", errors="replace").split("\n", 1)[0]))
    return 0


def _is_postgres_of(process: int, data_folder: Path) -> bool:
    command = _command_of(process)
    return "postgres" in command.split("\0")[0] and str(data_folder) in command


def _command_of(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    if Path("/proc/self/cmdline").exists():
        return ""
    with contextlib.suppress(OSError):
        answer = subprocess.run(
            ["ps", "-o", "command=", "-p", str(process)], capture_output=True, text=True, check=False
        )
        return answer.stdout
    return ""


def _end(process: int, data_folder: Path) -> None:
    # Fast, then immediate, then never mind: the write-ahead log makes each of them safe.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if not _is_postgres_of(process, data_folder):
                return
            time.sleep(0.02)
