"""Makes what is out of date, in order: packages, styles, fonts, icons. With --force, all of it.

Safe to stop at any moment and to run again, also twice at once. Says nothing where there is nothing to do.
"""

import signal

# Ctrl-C ends this without a traceback; whatever it is at, the next run takes it up again.
signal.signal(signal.SIGINT, signal.SIG_DFL)

# ruff: noqa: E402 - everything else is imported after that
import fcntl
import json
import sys
from pathlib import Path
from types import ModuleType

from setup.assets import files, fonts, icons, packages, styles

# Inside node_modules: whoever takes that folder away takes the memory of it away too.
STAMP = files.MODULES / ".engage-assets"
STEPS: dict[str, ModuleType] = {"packages": packages, "styles": styles, "fonts": fonts, "icons": icons}


def main(arguments: list[str]) -> int:
    """Return the process's exit code; what went wrong is on standard error."""
    lock = Path(sys.prefix) / "assets.lock"
    try:
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            _bring_up_to_date({} if "--force" in arguments else _remembered())
    except files.CannotBuild as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except OSError as error:
        where = error.filename or "this folder"
        sys.stderr.write(
            f"The pages' files could not be made: {where} cannot be written ({error.strerror}). "
            "Run make as the user to whom the folder belongs.\n"
        )
        return 2
    return 0


def _bring_up_to_date(known: dict[str, str]) -> None:
    ours = list(Path(__file__).parent.glob("*.py"))
    for name, step in STEPS.items():
        state = files.digest({*step.inputs(), *packages.inputs(), *ours})
        if known.get(name) != state or not all(path.is_file() for path in step.outputs()):
            sys.stdout.write(f"Making the pages' {name}\n")
            sys.stdout.flush()
            # Forgotten first: whatever ends this step early, the next run takes it up again.
            known.pop(name, None)
            files.put(STAMP, json.dumps(known).encode())
            step.build()
            known[name] = state
            files.put(STAMP, json.dumps(known).encode())


def _remembered() -> dict[str, str]:
    try:
        known = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
