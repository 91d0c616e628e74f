"""Whatever zones the machine has: every process goes by those of the tzdata package, and none starts with older ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.makers.web_servers import database_urls
from tests.setup.production import COMPOSE, PROJECT, composed, example

# Where British Columbia's clocks still go back in autumn, as every copy of the rules before 2026 has it.
_OLD_VANCOUVER = files("tzdata").joinpath("zoneinfo", "America", "Los_Angeles").read_bytes()
_ASK = """
import datetime as dt, subprocess, sys
{before}
import django
django.setup()
from zoneinfo import TZPATH, ZoneInfo, available_timezones
from events.planning.time_reading import read_time
print(TZPATH, read_time("2027-01-12T18:30:00", "America/Vancouver").at.hour, len(available_timezones()) > 400, flush=True)
again = "import datetime as dt, zoneinfo; print(dt.datetime(2027, 1, 12, 18, 30, tzinfo=zoneinfo.ZoneInfo('America/Vancouver')).utcoffset())"
subprocess.run([sys.executable, "-c", again], check=True)
"""


@pytest.fixture
def systems_zones(tmp_path: Path) -> Path:
    """A system's folder of zones, of another version than the package's."""
    folder = tmp_path / "zoneinfo" / "America"
    folder.mkdir(parents=True)
    (folder / "Vancouver").write_bytes(_OLD_VANCOUVER)
    return folder.parent


def asked(environment: dict[str, str], *, before: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", _ASK.format(before=before)],
        cwd=PROJECT, env=os.environ | database_urls() | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("before", ["", "import zoneinfo; zoneinfo.ZoneInfo('America/Vancouver')"])
def test_the_systems_zones_are_not_read_by_us_nor_by_what_we_start(systems_zones: Path, before: str) -> None:
    said = asked({"PYTHONTZPATH": str(systems_zones)}, before=before)
    assert said.split("\n")[:2] == ["() 1 True", "-1 day, 17:00:00"]


def test_the_folder_of_the_test_would_have_been_read(systems_zones: Path) -> None:
    """Without the settings the same child process goes by the old rules: the test above can fail."""
    ask = "import datetime as dt, zoneinfo; print(dt.datetime(2027, 1, 12, tzinfo=zoneinfo.ZoneInfo('America/Vancouver')).utcoffset())"
    done = subprocess.run(
        [sys.executable, "-c", ask], env=os.environ | {"PYTHONTZPATH": str(systems_zones)}, stdout=subprocess.PIPE, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "-1 day, 16:00:00"


_STARTS = {
    "web": ["-m", "gunicorn", "-c", "python:config.web_serving", "--bind", "127.0.0.1:0", "config.asgi:application"],
    "worker": ["-m", "celery", "--app", "config", "worker"],
    "clock": ["-m", "celery", "--app", "config", "beat"],
    "migrate": ["manage.py", "migrate", "--database", "owner", "--no-input"],
}  # fmt: skip


@pytest.mark.parametrize("what", _STARTS)
def test_nothing_starts_with_older_rules(tmp_path: Path, what: str) -> None:
    older = tmp_path / "tzdata"
    shutil.copytree(str(files("tzdata")), older)
    (older / "zoneinfo" / "America" / "Vancouver").write_bytes(_OLD_VANCOUVER)
    done = subprocess.run(
        [sys.executable, *_STARTS[what]],
        cwd=PROJECT, env=composed("migrate", example()) | {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        "Engage did not start: The time zone rules are older than 2026; "
        "install the tzdata package of requirements/runtime.txt.\n"
    )


def test_every_process_of_compose_and_the_image_has_the_variable() -> None:
    serving = [name for name, service in COMPOSE["services"].items() if "ENGAGE_ENV" in str(service)]
    assert {"migrate", "web", "web2", "worker", "beat"} <= set(serving)
    for name in serving:
        assert COMPOSE["services"][name]["environment"]["PYTHONTZPATH"] == ""
    assert " PYTHONTZPATH= " in (PROJECT / "Dockerfile").read_text()
