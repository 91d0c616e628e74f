"""`make demo`, as a whole: what it refuses, what it leaves, what outlasts a kill."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servers.folder_keeping import keep

_PROJECT = Path(__file__).resolve().parents[2]
_OURS = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "CONTACT_KEYS", "FINGERPRINT_KEY", "LINK_KEYS",
    "ENGAGE_ENV", "ENGAGE_TEST_RUN", "PYTEST_XDIST_WORKER", "PORT",
)  # fmt: skip


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    """A user's environment: nothing of this test run's."""
    plain = {name: value for name, value in os.environ.items() if name not in _OURS}
    return plain | {"DEMO_FOLDER": str(folder)} | settings


def _refusal(folder: Path, **settings: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=_PROJECT,
        env=_environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    [sentence] = answer.stderr.strip().splitlines()
    return sentence


@contextmanager
def _demo(folder: Path, output: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    with output.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo"],
            cwd=_PROJECT,
            env=_environment(folder, **settings),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 150
        while not (folder / "credentials.json").exists():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=40)


def _processes_over(folder: Path) -> list[str]:
    """Command lines or environments that name ``folder``: everything that the demo over it started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            text = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in text and int(path.name) != os.getpid():
            found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "nonsense"),
        ("DATABASE_URL", "mysql://somewhere/engage"),
        ("REDIS_URL", "not an address"),
        ("PUBLIC_URL", "engage.example.gov"),
        ("CONTACT_KEYS", "1:tooshort"),
        ("TRUSTED_PROXIES", "everybody"),
        ("PORT", "eighty"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    assert name in _refusal(tmp_path, **{name: value})
    assert not (tmp_path / "postgres").exists()


def test_a_production_is_no_place_for_a_demo_and_nothing_is_left_there(tmp_path: Path) -> None:
    assert "production" in _refusal(tmp_path / "demo", ENGAGE_ENV="production")
    assert not (tmp_path / "demo").exists()


def test_a_port_that_was_asked_for_and_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in _refusal(tmp_path, PORT=port)


def test_a_second_demo_over_the_same_data_is_refused(tmp_path: Path) -> None:
    with keep(tmp_path):
        assert str(os.getpid()) in _refusal(tmp_path)


def test_secrets_that_cannot_be_read_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{broken")
    assert "secrets.json" in _refusal(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{broken"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "DEMO_FOLDER" in _refusal(tmp_path / "file" / "demo")


@pytest.mark.parametrize("seconds", [0.08, 0.25, 0.6])
def test_ctrl_c_while_python_still_reads_its_modules_shows_no_traceback(
    tmp_path: Path, seconds: float
) -> None:
    """The very command that `make demo` runs."""
    made = subprocess.run(
        ["make", "-n", "demo"], cwd=_PROJECT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    program = made.partition("exec ")[2].replace(".venv/bin/python", sys.executable)
    process = subprocess.Popen(
        ["/bin/sh", "-c", f"exec {program}"], cwd=_PROJECT, env=_environment(tmp_path / "demo"), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=40)
    assert b"Traceback" not in said
    assert b"KeyboardInterrupt" not in said


def test_a_home_that_is_not_ours_is_left_alone() -> None:
    """What is downloaded goes into the project's own folder then."""
    for home, ours in (("/nonexistent", True), ("", True), (str(_PROJECT), False)):
        said = subprocess.run(
            ["make", "--no-print-directory", "--eval", "said: ; @echo cache=$$UV_CACHE_DIR,$$npm_config_cache", "said"],
            cwd=_PROJECT, env={"PATH": os.environ["PATH"], "HOME": home}, stdout=subprocess.PIPE, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        within = f"cache={_PROJECT}/.tools/cache/uv,{_PROJECT}/.tools/cache/npm"
        assert said == (within if ours else "cache=,")


@pytest.mark.slow
def test_the_demo_answers_outlasts_a_kill_and_leaves_no_process(tmp_path: Path) -> None:
    folder, output = tmp_path / "demo", tmp_path / "output"
    with _demo(folder, output) as first:
        credentials = json.loads((folder / "credentials.json").read_text())
        secrets = (folder / "secrets.json").read_text()
        for name in ("credentials.json", "secrets.json"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert urllib.request.urlopen(f"{credentials['base_url']}/healthz", timeout=10).status == 200
        assert urllib.request.urlopen(f"{credentials['mailbox_url']}/", timeout=10).status == 200
        # Everything at once, the supervisor first, so that nobody can tidy up.
        first.kill()
        for path in Path("/proc").glob("[0-9]*"):
            try:
                ours = (
                    os.fsencode(folder) in (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
                )
                if ours and int(path.name) != os.getpid():
                    os.kill(int(path.name), signal.SIGKILL)
            except OSError:
                continue
        first.wait()
        (folder / "credentials.json").unlink()
    with _demo(folder, output) as second:
        again = json.loads((folder / "credentials.json").read_text())
        assert [person["email"] for person in again["people"]] == [
            person["email"] for person in credentials["people"]
        ]
        assert {person["token"] for person in again["people"]}.isdisjoint(
            {person["token"] for person in credentials["people"]}
        )
        assert (folder / "secrets.json").read_text() == secrets
        second.send_signal(signal.SIGINT)
        assert second.wait(timeout=40) == 0
    assert _processes_over(folder) == []
