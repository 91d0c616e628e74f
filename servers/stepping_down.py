"""Lets PostgreSQL, which refuses to run as root, run for somebody who is root."""

import contextlib
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_NOBODY = 65534


class CannotStepDown(Exception):
    """PostgreSQL cannot be run on this machine by this user; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Stepping:
    """How a child stops being root: ``prepare`` runs in the child before exec, ``user`` is a uid for Popen."""

    prepare: Callable[[], None] | None = None
    user: int | None = None

    def give(self, folder: Path) -> None:
        """Make ``folder`` and what is in it the child's, where the child is another user."""
        if self.user is None or folder.stat().st_uid == self.user:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.user, follow_symlinks=False)


def stepping_for(data_folder: Path, program_folder: Path) -> Stepping:
    """How to start PostgreSQL's programs over ``data_folder`` from this process. Raises CannotStepDown."""
    if not _needs_another_name():
        return Stepping()
    if _namespaces_work():
        return Stepping(prepare=_enter_user_namespace)
    if os.geteuid() != 0:
        raise CannotStepDown(
            "This user has no name in the password file, and PostgreSQL asks for one; set DATABASE_URL."
        )
    return Stepping(user=_chowned_user(data_folder, program_folder))


def _needs_another_name() -> bool:
    # PostgreSQL refuses uid 0, and initdb refuses a uid without a passwd entry (a container started with --user).
    if os.geteuid() == 0:
        return True
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return True
    return False


def _enter_user_namespace() -> None:
    # Inside, our uid is called 65534: no user to make, nothing to chown, and 0700 folders of ours stay open to us.
    user, group = os.geteuid(), os.getegid()
    os.unshare(os.CLONE_NEWUSER)
    # os.open: between fork and exec, nothing that buffers or allocates much.
    _write("/proc/self/setgroups", b"deny")
    _write("/proc/self/uid_map", b"%d %d 1" % (_NOBODY, user))
    _write("/proc/self/gid_map", b"%d %d 1" % (_NOBODY, group))


def _write(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)


@cache
def _namespaces_work() -> bool:
    if sys.platform != "linux" or not hasattr(os, "unshare"):
        return False
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            ["/bin/sh", "-c", "id -u"], preexec_fn=_enter_user_namespace, capture_output=True, check=False
        )
        return answer.stdout.strip() == str(_NOBODY).encode()
    return False


def _chowned_user(data_folder: Path, program_folder: Path) -> int:
    try:
        user = pwd.getpwnam("postgres").pw_uid
    except KeyError:
        user = _NOBODY
    # The data folder itself is made over to that user; everything above it has to let them through.
    if data_folder.parent.stat().st_uid == os.geteuid():
        data_folder.parent.chmod(0o711)
    for folder in (data_folder.parent, program_folder):
        if not _can_enter(user, folder):
            raise CannotStepDown(
                f"PostgreSQL does not run as root, and the user it would run as cannot enter {folder}; "
                "start Engage as an ordinary user, or set DATABASE_URL."
            )
    return user


def _can_enter(user: int, folder: Path) -> bool:
    answer = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=user,
        group=user,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return answer.returncode == 0
