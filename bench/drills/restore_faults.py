"""A dump restored into an empty database, word for word as docs/deploying.md says: who was erased, and what is mailed."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, ask, residents
from bench.ground import ROOT
from bench.worker_group import wait_until

_QUIET = 25  # seconds in which a worker that would mail again has done so: it looks every few


def _program(site: Site, name: str, *words: str | Path) -> None:
    """One of PostgreSQL's own programs, as its superuser. Raises CalledProcessError."""
    reach = ["--host", str(site.postgres.sockets), "--username", "postgres"]
    subprocess.run([site.postgres.programs / name, *reach, *words], check=True, stdout=subprocess.DEVNULL)


def _manage(*words: str) -> str:
    """What a command of the project says. Raises CalledProcessError."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def _restore(site: Site, dump: Path) -> None:
    """From "stop web worker beat" to the migration. Raises CalledProcessError."""
    from django.db import connections

    for name in ("web", "worker", "beat"):
        site.kill(name, signal.SIGTERM)
    connections.close_all()
    for statement in (
        "ALTER DATABASE engage RENAME TO engage_before",
        "CREATE DATABASE engage OWNER engage_owner",
        "REVOKE ALL ON DATABASE engage FROM PUBLIC",
        "GRANT CONNECT ON DATABASE engage TO engage_app",
    ):
        _program(site, "psql", "--command", statement)
    into = ("--role", "engage_owner", "--dbname", "engage", "--exit-on-error", "--single-transaction")
    _program(site, "pg_restore", *into, dump)
    _manage("migrate", "--database", "owner", "--verbosity", "0")


def _some_rsvps(site: Site, event: Any, many: int) -> list[str]:
    """So many more, each with an address; their ids."""
    with residents(site, event, many=2, pause=0.05) as seen:
        wait_until(lambda: len(seen.rsvps) >= many, seconds=60, what="rsvps")
    return list(seen.rsvps.values())


def _erase(site: Site, rsvps: list[str]) -> set[int]:
    """Each by the link from its mail; the answers."""
    from engage.contacts.links import Purpose, mint
    from events.rsvps.models import Rsvp

    answers = set()
    for rsvp in Rsvp.objects.filter(pk__in=rsvps):
        token = mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)
        answers.add(ask(site.port, "POST", f"/api/v1/rsvps/{token}/erase/", {})[0])
    return answers


def _twice(site: Site) -> int:
    whom = Counter(str(letter["To"]).strip("<>") for letter in site.mail.letters)
    return sum(whom.values()) - len(whom)


def _there(rsvps: list[str]) -> int:
    from events.rsvps.models import Rsvp

    return Rsvp.objects.filter(pk__in=rsvps).count()


@drill("restore", fault="people erased and letters sent after a dump; the dump restored into an empty database as documented", expected="erased again; nothing mailed again before a person decides, nor after they drop it; then mail goes on")  # fmt: skip
def restore() -> Observed:
    with (
        tempfile.TemporaryDirectory(prefix="engage-outside-") as outside,
        a_site(ERASURE_LIST=str(Path(outside) / "erasures")) as site,
    ):
        event = an_event()
        early = _some_rsvps(site, event, 12)
        wait_until(lambda: len(site.mail.letters) >= len(early), seconds=60, what="letters")
        # Due in the dump, and sent after it: what a restored database would send a second time.
        site.kill("worker")
        late = _some_rsvps(site, event, 8)
        dump = site.folder / "engage.dump"
        _program(site, "pg_dump", "--format", "custom", "--file", dump, "engage")
        site.start("worker")
        wait_until(lambda: len(site.mail.letters) >= len(early) + len(late), seconds=90, what="late letters")
        erased = early[:3]
        answers = _erase(site, erased)
        gone = not _there(erased)
        _restore(site, dump)
        back = _there(erased)
        replayed = _manage("replay_erasures").strip()
        shown = _manage("restore_check", "--hold").strip().splitlines()[-1]
        seen = _after(site, event, before=len(site.mail.letters))
        still, kept = _there(erased), _there(early[3:] + late)
        twice = _twice(site)
    whole = kept == len(early) + len(late) - len(erased)
    held = gone and back == len(erased) and not still and whole and not twice and seen.held
    return Observed(
        held,
        f"erased {sorted(answers)}, {back} of {len(erased)} back with the dump, {still} after `{replayed}`; "
        f"{'all others there' if whole else 'others missing'}; {shown} {seen.said}; {twice} letters twice",
    )


def _after(site: Site, event: Any, *, before: int) -> Observed:
    """Everything is started again, a person drops what is in doubt, and somebody new saves a place."""
    for name in ("web", "worker", "beat"):
        site.start(name)
    time.sleep(_QUIET)
    unasked = len(site.mail.letters) - before
    _manage("restore_check", "--drop")
    time.sleep(5)
    dropped = len(site.mail.letters) - before - unasked
    new = _some_rsvps(site, event, 1)
    wanted = before + unasked + dropped + len(new)
    began = time.monotonic()
    try:
        wait_until(lambda: len(site.mail.letters) >= wanted, seconds=60, what="a new letter")
        went_on = f"a new letter after {time.monotonic() - began:.0f} s"
    except TimeoutError:
        went_on = "no new letter"
    held = not unasked and not dropped and went_on != "no new letter"
    return Observed(held, f"{unasked} mailed while held, {dropped} after --drop, {went_on}")
