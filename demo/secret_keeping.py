"""Makes the demo's secrets at its first start and keeps them, since what they sealed stays in its database."""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path


class SecretsAreUnreadable(Exception):
    """The kept secrets cannot be read; the text says where they are and what to do."""


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii").rstrip("=")


def _numbered_key() -> str:
    return f"1:{_key()}"


_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "CONTACT_KEYS": _numbered_key,
    "FINGERPRINT_KEY": _key,
    "LINK_KEYS": _numbered_key,
}

# Every demo that has data has these; one that a later version added is made where it is missing.
_FIRST = frozenset({"SECRET_KEY", "CONTACT_KEYS", "FINGERPRINT_KEY", "LINK_KEYS"})


def kept_secrets(path: Path, environment: Mapping[str, str], *, data: Path | None = None) -> dict[str, str]:
    """The secrets that ``environment`` does not name, from ``path`` (0600), made where they are missing.

    data: the database's folder. Once it is there, nothing is made: new keys would leave every sealed row unreadable.
    Raises SecretsAreUnreadable.
    """
    known = _read(path)
    missing = {name: make() for name, make in _MAKERS.items() if not known.get(name)}
    lost = [name for name in missing if name in _FIRST and not _is_named(environment, name)]
    if lost and data is not None and data.exists():
        raise SecretsAreUnreadable(
            f"{path} lacks {', '.join(lost)}, and {data} holds data written with it: put it back, "
            "or forget the demo's data and secrets with `make clean-demo`."
        )
    if missing:
        known |= missing
        write_privately(path, json.dumps(known, indent=2) + "\n")
    return {
        name: value for name, value in known.items() if name in _MAKERS and not _is_named(environment, name)
    }


def _is_named(environment: Mapping[str, str], name: str) -> bool:
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def write_privately(path: Path, content: str) -> None:
    """Replace ``path`` at one stroke by a file that only its owner reads."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        known = None
    if not isinstance(known, dict) or not all(isinstance(value, str) for value in known.values()):
        raise SecretsAreUnreadable(
            f"{path} cannot be read; mend it, or forget the demo's data and secrets with `make clean-demo`."
        )
    return known
