"""Ends a process when the one that started it is gone, however that one went: no orphan keeps a port or a lock."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Loaded once, before any fork: a child between fork and exec must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel for ``signal_number`` when the thread that started this process ends; Linux only, else nothing.

    The kernel means the parent's *thread*: start children from a thread that lives as long as they shall.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)


def ends_with(parent: int, signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """A ``preexec_fn`` for a child of the process ``parent``; it must be the last to run before exec.

    A change of user clears the wish, and a parent that died before it was said would never be noticed.
    """

    def ask() -> None:
        end_with_parent(signal_number)
        if os.getppid() != parent:
            os._exit(1)

    return ask
