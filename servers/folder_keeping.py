"""Keeps a data folder to one supervisor at a time, and finds a place for sockets whose path is short enough."""

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from typing import IO

_LONGEST_SOCKET_PATH = 103  # sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included


class FolderIsTaken(Exception):
    """Another process keeps this folder; ``holder`` is the process id it wrote down, 0 if unknown."""

    def __init__(self, folder: Path, holder: int) -> None:
        super().__init__(f"{folder} is in use by process {holder}" if holder else f"{folder} is in use")
        self.holder = holder


def keep(folder: Path) -> IO[str]:
    """Make ``folder`` (0700) and hold it until the returned file is closed. Raises FolderIsTaken at once.

    The lock is the kernel's, so it goes with the process, whatever killed it. Children do not inherit it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    lock = (folder / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise FolderIsTaken(folder, int(holder) if holder.isdigit() else 0) from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def socket_folder(folder: Path, longest_name: str) -> Path:
    """A 0700 folder for sockets named at most ``longest_name``: ``folder``/run, or a short one among the temporary.

    libpq reads a comma in the folder's name as a list of hosts; and a socket's path over 103 bytes is refused.
    """
    near = folder.absolute() / "run"
    usable = not set(str(near)) & set(",?#%") and str(near).isprintable() and str(near).isascii()
    if usable and len(os.fsencode(near / longest_name)) <= _LONGEST_SOCKET_PATH:
        near.mkdir(mode=0o700, parents=True, exist_ok=True)
        near.chmod(0o700)
        return near
    # The same folder gives the same name, so that a restart finds and clears what a killed server left.
    name = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
    return _own_folder(Path("/tmp") / f"engage-{os.getuid()}-{name}")  # noqa: S108 - checked to be ours below


def _own_folder(short: Path) -> Path:
    try:
        short.mkdir(mode=0o700)
    except FileExistsError:
        found = short.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != os.getuid()
            or stat.S_IMODE(found.st_mode) != 0o700
        ):
            # Somebody else was there first: never put a trusting socket into a folder that another may enter.
            return Path(tempfile.mkdtemp(prefix="engage-", dir="/tmp"))
    return short
