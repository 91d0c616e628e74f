"""A pytest plugin (`-p tests.embedded`) that gives a run its servers before the settings are read.

Where the environment names a database or a broker, that one is used; otherwise throwaway ones are started. The
process that the user started does it once; the workers of pytest-xdist inherit the addresses.
"""

import base64
import os
import secrets
from collections.abc import Generator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from servers.programs import ProgramIsMissing
from servers.throwaway import ServerDidNotStart, throwaway_servers

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start servers before pytest-django imports the settings; stop them when pytest ends."""
    if _WORKER:
        os.environ["REDIS_URL"] = _own_logical_database(os.environ["REDIS_URL"])
        return (yield)
    _set_secrets()
    # The journeys start a whole demo: on servers that the user named, or on the demo's own.
    named = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    os.environ["ENGAGE_TEST_NAMED_SERVERS"] = ",".join(named)
    servers = ExitStack()
    early_config.add_cleanup(servers.close)
    try:
        os.environ.update(servers.enter_context(throwaway_servers(os.environ)))
    except (ProgramIsMissing, ServerDidNotStart) as missing:
        raise pytest.UsageError(str(missing)) from None
    # Names the run's databases, so that two runs on one server do not meet.
    os.environ["ENGAGE_TEST_RUN"] = f"{os.getpid():x}{secrets.token_hex(2)}"
    return (yield)


def _set_secrets() -> None:
    # Set, not defaulted: a developer's real keys must never seal made-up rows, nor stand in a test's failure.
    os.environ["ENGAGE_ENV"] = "test"
    os.environ["PYTHONTZPATH"] = ""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
    os.environ["FINGERPRINT_KEY"] = _key()
    os.environ["CONTACT_KEYS"] = f"1:{_key()}"
    os.environ["LINK_KEYS"] = f"1:{_key()}"
    for name in ("EMAIL_URL", "PUBLIC_URL", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "THROTTLES"):
        os.environ.pop(name, None)


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii").rstrip("=")


def _own_logical_database(url: str) -> str:
    # gw0 takes 1, gw1 takes 2, …; Redis has sixteen where nobody said otherwise, and 0 is the user's.
    number = int(_WORKER.removeprefix("gw") or 0) % 15 + 1
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()
