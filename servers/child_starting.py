"""Starts a program as a child that cannot outlive us, in a session of its own."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from servers.parent_death import ends_with
from servers.stepping_down import Stepping

AS_WE_ARE = Stepping()


def start_child(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGTERM,
    stepping: Stepping = AS_WE_ARE,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start ``command`` with its output appended to ``log``. Call it from the main thread.

    ``death_signal`` reaches the child when we die. Its session is its own, so that Ctrl-C at the terminal reaches
    us alone and the order of stopping stays ours; ``os.killpg(child.pid, …)`` reaches all it started.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            pass_fds=pass_fds,
            start_new_session=True,
            user=stepping.user,
            group=stepping.user,
            extra_groups=None if stepping.user is None else [],
            preexec_fn=_before_exec(stepping, death_signal),  # noqa: PLW1509 - it calls the kernel only
        )


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the child's session; quiet when nothing is."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # macOS says "not permitted" of a group whose last member is a zombie.
        return


def _before_exec(stepping: Stepping, death_signal: int) -> Callable[[], None]:
    # The wish for a signal comes last: entering a namespace, a change of user, clears it.
    ask = ends_with(os.getpid(), death_signal)

    def prepare() -> None:
        if stepping.prepare is not None:
            stepping.prepare()
        ask()

    return prepare
