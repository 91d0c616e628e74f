"""One checkout's side of ``bench.beside``: its own servers, and so many of one act, with the CPU that its web server took.

Started in the folder of that checkout, old or new: it uses only what both have. Reads "ACT NUMBER" lines, writes
milliseconds of CPU an act.
"""

from __future__ import annotations

import http.cookiejar
import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

sys.path[0] = str(Path.cwd())

_PASSWORD = "wide open windows in spring"
_TICK = os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return [pid, *(inner for one in found for inner in _family(int(one)))]


def _cpu(pids: list[int]) -> float:
    """Milliseconds of user and system time."""
    spent = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return 1000 * spent / _TICK


def _module(*names: str) -> Any:
    """The first that this checkout has: where a thing lies now, and where it lay before."""
    for name in names:
        if _has(name):
            return importlib.import_module(name)
    raise ImportError(f"This checkout has none of {', '.join(names)}.")


def _has(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class Side:
    def __init__(self, host: str, port: int) -> None:
        from django.utils import timezone

        from bench.made_events import agency, event
        from bench.people import invited_people

        people, roles, events, rsvps = (
            _module(f"{room}.models", f"{room.partition('.')[0]}.models")
            for room in ("engage.people", "engage.roles", "events.event", "events.rsvps")
        )
        scopes = _module("engage.roles.permissions", "engage.access").SCOPES_OF_ROLE
        issue = _module("engage.roles.tokens", "engage.token_issuing").issue

        self.root = f"http://{host}:{port}"
        self.host = agency()
        self.event, self.hall = event(self.host), event(self.host)
        invited_people(self.hall, 2000)
        events.Event.objects.filter(pk=self.hall.pk).update(status="live", started_at=timezone.now())
        self.codes = list(rsvps.Rsvp.objects.filter(event=self.hall).values_list("checkin_code", flat=True))
        person = people.Person.objects.create(email="bench@staff.example", name="Dana")
        person.set_password(_PASSWORD)
        person.save()
        roles.Role.objects.create(person=person, agency=self.host, kind="liaison")
        self.key = issue(
            person=person,
            agency=self.host,
            scopes=sorted(scopes["liaison"]),
            label="",
            now=timezone.now(),
        )[1]

    def rsvp(self) -> None:
        body = {"party_size": 1, "email": f"{uuid.uuid4().hex}@mail.example"}
        self._post(f"/api/v1/events/{self.event.pk}/rsvps/", body, {"Idempotency-Key": str(uuid.uuid4())})

    def check_in(self) -> None:
        body = {"client_id": str(uuid.uuid4()), "code": self.codes.pop()}
        self._post(f"/api/v1/events/{self.hall.pk}/check-ins/", body, {"Authorization": f"Bearer {self.key}"})

    def sign_in(self) -> None:
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = browser.open(f"{self.root}/accounts/login/").read().decode()
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = urllib.parse.urlencode(
            {"csrfmiddlewaretoken": token, "login": "bench@staff.example", "password": _PASSWORD}
        )
        request = urllib.request.Request(f"{self.root}/accounts/login/", form.encode(), {"Origin": self.root})
        browser.open(request).read()
        assert any("session" in cookie.name for cookie in jar), "not signed in"

    def _post(self, path: str, body: Any, headers: dict[str, str]) -> None:
        given = {"Content-Type": "application/json"} | headers
        urllib.request.urlopen(
            urllib.request.Request(self.root + path, json.dumps(body).encode(), given)
        ).read()


def main() -> None:
    from bench.ground import servers, web

    with servers(), web(workers=1) as (host, port):
        side = Side(host, port)
        family = [one for one in _family(os.getpid()) if _serves(one)]
        print("ready", flush=True)
        for line in sys.stdin:
            act, number = line.split()
            begun = _cpu(family)
            for _ in range(int(number)):
                getattr(side, act)()
            print((_cpu(family) - begun) / int(number), flush=True)


def _serves(pid: int) -> bool:
    return b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()


if __name__ == "__main__":
    main()
