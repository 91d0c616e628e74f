"""Production as the documents describe it: each command, setting and health check is read from them, none is typed here.

What stands in for a host that the documents name: the embedded servers' sockets, a free port, a folder of the test's.
"""

from __future__ import annotations

import base64
import http.client
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

from servers.folder_keeping import keep
from servers.postgres import Postgres
from servers.throwaway import running
from servers.valkey import Valkey

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
_PROGRAMS = Path(sys.executable).parent


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def example() -> dict[str, str]:
    """``deploy/env.example`` with every empty line filled in, as settings.md says."""
    text = (PROJECT / "deploy" / "env.example").read_text()
    lines = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    made = {"SECRET_KEY": secrets.token_urlsafe(50), "FINGERPRINT_KEY": key()}
    made |= {name: f"1:{key()}" for name in ("CONTACT_KEYS", "LINK_KEYS")}
    return {name: value or made.get(name, secrets.token_hex(12)) for name, value in lines.items()}


def composed(service: str, given: dict[str, str]) -> dict[str, str]:
    """The environment that compose gives to ``service`` where ``given`` is its .env."""

    def fill(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        value = given.get(name, "")
        assert value or default is not None, f"compose would refuse: {name} is not set"
        return value or (default or "")

    raw = COMPOSE["services"][service]["environment"]
    return {
        name: re.sub(r"\$\{([A-Z_]+)(?::\?[^}]*|:-([^}]*))?\}", fill, str(value))
        for name, value in raw.items()
    }


def documented(heading: str) -> list[list[str]]:
    """The commands under a heading of docs/deploying.md, line by line."""
    text = (PROJECT / "docs" / "deploying.md").read_text()
    part = re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"```sh\n(.*?)```", part, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


@dataclass
class Production:
    """A project folder of its own, two servers, and the environment that compose would give."""

    folder: Path
    environment: dict[str, str]
    owner: dict[str, str]
    port: int
    public: str

    def command(self, words: list[str]) -> list[str]:
        stand_ins = {".venv/bin/": f"{_PROGRAMS}/", "/var/lib/engage": str(self.folder / "state")}
        done = []
        for word in words:
            for of, stand_in in stand_ins.items():
                word = word.replace(of, stand_in)  # noqa: PLW2901
            done.append(re.sub(r"^(127\.0\.0\.1|0\.0\.0\.0):8000$", f"127.0.0.1:{self.port}", word))
        return done

    def run(self, words: list[str], *, owner: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(words), cwd=self.folder, env=self.environment | (self.owner if owner else {}),
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    @contextmanager
    def keeping(self, words: list[str], name: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command until the block ends; what it says goes to a file ``name``.log."""
        with (self.folder / f"{name}.log").open("wb") as said:
            child = subprocess.Popen(
                self.command(words), cwd=self.folder, env=self.environment, stdout=said, stderr=said,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        try:
            yield child
        finally:
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                raise

    def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """As the proxy asks for somebody who opened the public address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {
            "Host": urlsplit(self.public).netloc,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
        }
        try:
            connection.request("GET", path, headers=sent | headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def health(self, service: str) -> int:
        """The status of the health check that compose runs in ``service``."""
        kind, *words = COMPOSE["services"][service]["healthcheck"]["test"]
        words = [word.replace("$$", "$").replace("8000", str(self.port)) for word in words]
        if kind == "CMD-SHELL":
            words = ["/bin/sh", "-c", *(word.replace("find /tmp", f"find {self.folder}") for word in words)]
        environment = self.environment | {"HOSTNAME": socket.gethostname()}
        return subprocess.run(words, cwd=self.folder, env=environment, timeout=60, check=False).returncode

    def wait_for(self, path: str, *, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while True:
            try:
                if self.ask(path)[0] == 200:
                    return
            except OSError:
                pass
            assert time.monotonic() < until, (self.folder / "web.log").read_text()[-3000:]
            time.sleep(0.1)


def build_context() -> list[Path]:
    """What .dockerignore lets through, as paths within the project: the last line that matches a path decides."""
    rules = []
    for line in (PROJECT / ".dockerignore").read_text().split():
        shut, pattern = not line.startswith("!"), line.lstrip("!").strip("/")
        whole = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")
        rules.append((re.compile(f"{whole}(/.*)?"), shut, pattern))
    # Nothing below a folder that no line lets in need be walked: there are virtual environments beside us.
    let_in = {pattern.split("/")[0] for _rule, shut, pattern in rules if not shut}
    found = []
    for top in sorted(path for path in PROJECT.iterdir() if path.name in let_in):
        for path in [top, *top.rglob("*")] if top.is_dir() else [top]:
            name = path.relative_to(PROJECT).as_posix()
            [*_, shut] = [True, *(shut for rule, shut, _pattern in rules if rule.fullmatch(name))]
            if path.is_file() and not shut:
                found.append(path.relative_to(PROJECT))
    return found


def copied(stage: str) -> list[tuple[list[str], str]]:
    """The COPY lines of a stage of the Dockerfile that take from the context: what, and where to."""
    lines = [line.split() for line in re.findall(r"^COPY (?!--from)(.+)$", stage, re.MULTILINE)]
    return [(words[:-1], words[-1]) for words in lines]


def stages() -> list[str]:
    return re.split(
        r"^(?=FROM )", (PROJECT / "Dockerfile").read_text().replace("\\\n", " "), flags=re.MULTILINE
    )[1:]


def fill_as_the_image(project: Path) -> None:
    """What the image holds of ours: copied by the last stage of the Dockerfile, out of what .dockerignore lets through."""
    context = build_context()
    for sources, target in copied(stages()[-1]):
        for source in sources:
            for path in context:
                if path.is_relative_to(source):
                    place = project / target / path.relative_to(source)
                    place = project / target / path.name if path == Path(source) else place
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(PROJECT / path, place)
    # By a stage of its own, from the sources: the same files that `make` has made here.
    built = Path("web/static/web/built")
    shutil.copytree(PROJECT / built, project / built)


@contextmanager
def production(folder: Path) -> Iterator[Production]:
    """The folder, the servers and the roles; nothing is migrated, collected or started yet."""
    project = folder / "srv"
    project.mkdir()
    fill_as_the_image(project)
    (project / "state").mkdir()
    given = example()
    with ExitStack() as closing:
        data = folder / "data"
        data.mkdir()
        closing.enter_context(keep(data))
        postgres = Postgres(data, data / "postgres.log", durable=False)
        closing.enter_context(running(postgres))
        valkey = Valkey(data, data / "valkey.log")
        closing.enter_context(running(valkey))
        _make_roles(postgres, given)
        port = free_port()

        def settings(service: str) -> dict[str, str]:
            found = composed(service, given)
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                if name in found:
                    at = urlsplit(found[name])
                    found[name] = (
                        f"postgres://{at.username}:{at.password}@{at.path}?host={quote(str(postgres.sockets))}"
                    )
            # The compose file's volume, and a folder of the test's in its place.
            assert found["ERASURE_LIST"] == "/outside/erasures"
            return found | {"REDIS_URL": valkey.url(), "ERASURE_LIST": str(project / "state" / "erasures")}

        plain = {"PATH": f"{_PROGRAMS}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
        owner = settings("migrate")
        yield Production(project, plain | settings("web"), owner, port, given["PUBLIC_URL"])


def _make_roles(postgres: Postgres, given: dict[str, str]) -> None:
    environment = os.environ | {
        "PATH": f"{postgres.programs}:{os.environ['PATH']}", "PGHOST": str(postgres.sockets), "POSTGRES_USER": "postgres",
        "DATABASE_OWNER_PASSWORD": given["DATABASE_OWNER_PASSWORD"], "DATABASE_APP_PASSWORD": given["DATABASE_APP_PASSWORD"],
    }  # fmt: skip
    script = PROJECT / "deploy" / "postgres" / "make-roles.sh"
    subprocess.run(["/bin/sh", script], env=environment, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
