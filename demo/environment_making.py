"""Puts together the environment of the demo's processes: what the user set stands, the rest is made here."""

from collections.abc import Mapping

from servers.postgres import APP, OWNER, Postgres
from servers.valkey import Valkey


def is_set(environment: Mapping[str, str], name: str) -> bool:
    """Whether the user named ``name``, by value or by a file (``name_FILE``)."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def demo_environment(
    given: Mapping[str, str],
    *,
    port: int,
    mail_port: int | None,
    postgres: Postgres | None,
    valkey: Valkey | None,
    secrets: Mapping[str, str],
) -> dict[str, str]:
    """``given`` plus what it lacks. ``None`` stands for a server that ``given`` names itself."""
    # `NAME= make demo` means "not set".
    environment = {name: value for name, value in given.items() if value}
    made = {
        "ENGAGE_ENV": "demo",
        "PUBLIC_URL": f"http://localhost:{port}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if postgres:
        made |= {"DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER)}
        # One for another server would migrate that one.
        environment.pop("DATABASE_OWNER_URL", None)
        environment.pop("DATABASE_OWNER_URL_FILE", None)
    if valkey:
        made["REDIS_URL"] = valkey.url()
    if mail_port:
        made["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
    missing = {name: value for name, value in made.items() if not is_set(environment, name)}
    # Empty on purpose: time zone rules are the tzdata package's, in every process.
    return environment | missing | dict(secrets) | {"PYTHONTZPATH": ""}
