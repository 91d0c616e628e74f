"""The shipped Caddyfile before two real web servers: slow clients, one replica after another, and what the proxy writes."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.drills import Observed, drill
from bench.drills.standing import Site, a_site, an_event, ask
from bench.ground import ROOT, free_port
from bench.worker_group import wait_until
from tests.serving.bad_manners import KINDS, many

_NONE = "not run: there is no caddy here (apt-get install caddy)"


@dataclass
class Proxied:
    """Two web servers by port, and the proxy before them."""

    site: Site
    port: int
    log: Path
    webs: dict[int, subprocess.Popen[bytes]]

    def start(self, port: int) -> None:
        with (self.site.folder / "web.log").open("ab") as said:
            self.webs[port] = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "python:config.web_serving", "--bind", f"127.0.0.1:{port}",
                 "config.asgi:application"],
                cwd=ROOT, env=os.environ | {"WEB_DRAIN_SECONDS": "6"}, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        wait_until(
            lambda: ask(port, "GET", "/readyz", timeout=5)[0] == 200,
            seconds=60,
            what="web",
            child=self.webs[port],
            log=self.site.folder / "web.log",
        )

    def end(self, port: int, number: int = signal.SIGTERM) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.webs[port].pid, number)
        self.webs[port].wait(timeout=60)


def caddyfile(first: int, second: int) -> str:
    """As it is shipped, but for the addresses of web, and the older words of a Caddy before 2.7."""
    text = (ROOT / "deploy" / "proxy" / "Caddyfile").read_text()
    text = text.replace("to web:8000 web2:8000", f"to 127.0.0.1:{first} 127.0.0.1:{second}")
    version = subprocess.run(["caddy", "version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    if numbers < [2, 7]:
        text = re.sub(r"request_buffers (\S+)", r"buffer_requests\n\t\tmax_buffer_size \1", text)
    return text.replace("{\n", "{\n\tadmin off\n", 1)


@contextlib.contextmanager
def proxied() -> Iterator[Proxied]:
    """Everything but the worker, and the proxy; both web servers are ready."""
    with a_site("postgres", TRUSTED_PROXIES="127.0.0.0/8") as site:
        first, second, port = (free_port() for _ in range(3))
        (site.folder / "Caddyfile").write_text(caddyfile(first, second))
        log = site.folder / "proxy.log"
        proxied = Proxied(site, port, log, {})
        proxied.start(first)
        proxied.start(second)
        with log.open("ab") as said:
            proxy = subprocess.Popen(
                ["caddy", "run", "--config", str(site.folder / "Caddyfile"), "--adapter", "caddyfile"],
                env=os.environ | {"PUBLIC_URL": f"http://127.0.0.1:{port}", "XDG_DATA_HOME": str(site.folder)},
                stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        try:
            wait_until(
                lambda: ask(port, "GET", "/healthz", timeout=5)[0] == 200,
                seconds=30,
                what="the proxy",
                child=proxy,
                log=log,
            )
            yield proxied
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)
            for web in proxied.webs.values():
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(web.pid, signal.SIGKILL)
                web.wait()


@drill("proxy_slow_clients", fault="40 slow, silent or rude clients of each of ten kinds, through the shipped proxy", expected="`/healthz`, a page and an RSVP of a good client ≤ 2 s all the while")  # fmt: skip
def proxy_slow_clients() -> Observed:
    if not shutil.which("caddy"):
        return Observed(False, _NONE)
    with proxied() as through:
        event = an_event()
        took: dict[str, float] = {}
        for kind in ("nobody", *KINDS):
            crowd = (
                many(through.port, kind, f"/events/{event.pk}/rsvp")
                if kind in KINDS
                else contextlib.nullcontext()
            )
            with crowd:
                time.sleep(1)
                asked = [_good(through.port, event) for _ in range(5)]
            statuses = {status for answers in asked for status, _ in answers}
            if not statuses <= {200, 201}:
                return Observed(False, f"{kind}: {statuses}")
            took[kind] = max(seconds for answers in asked for _, seconds in answers)
    worst = max(took, key=lambda kind: took[kind])
    return Observed(
        took[worst] <= 2, f"slowest {took[worst]:.2f} s (beside {worst}); alone {took['nobody']:.2f} s"
    )


def _good(port: int, event: Any) -> list[tuple[int, float]]:
    body = {"email": "ana@mail.example"}
    found = [
        ask(port, "GET", "/healthz"),
        ask(port, "POST", f"/api/v1/events/{event.pk}/rsvps/", body),
        ask(port, "GET", f"/events/{event.pk}"),
    ]
    return [(status, seconds) for status, _, _, seconds in found]


@drill("proxy_rolling_restart", fault="SIGTERM to one of two web servers behind the shipped proxy, then to the other, under load", expected="no request lost, none answered 5xx")  # fmt: skip
def proxy_rolling_restart() -> Observed:
    if not shutil.which("caddy"):
        return Observed(False, _NONE)
    with proxied() as through:
        event = an_event()
        seen, over = Counter[Any](), threading.Event()
        people = [
            threading.Thread(target=_go_on_asking, args=(through.port, event, seen, over, n))
            for n in range(8)
        ]
        for person in people:
            person.start()
        for port in list(through.webs):
            time.sleep(2)
            through.end(port)
            through.start(port)
            # As long as the proxy needs to hear that it is back, on a busy machine too (docs/deploying.md).
            time.sleep(8)
        over.set()
        for person in people:
            person.join()
    bad = {status: number for status, number in seen.items() if status not in {200, 201}}
    return Observed(not bad, f"{sum(seen.values())} requests; not 2xx: {bad or 'none'}")


def _go_on_asking(port: int, event: Any, seen: Counter[Any], over: threading.Event, number: int) -> None:
    while not over.is_set():
        if number % 2:
            status, headers, answer, _ = ask(port, "POST", f"/api/v1/events/{event.pk}/rsvps/", {})
        else:
            status, headers, answer, _ = ask(port, "GET", f"/events/{event.pk}")
        said_by = "web" if "retry-after" in headers or "x-request-id" in headers else "proxy"
        seen[
            status
            if status in {200, 201}
            else f"{status} of {said_by} {(answer or {}).get('code', '')}".strip()
        ] += 1


@drill("proxy_writes_nothing", fault="links, addresses and browsers through the shipped proxy: with web there, with web away, and with web cut off in the middle", expected="none of them in any log of proxy and web")  # fmt: skip
def proxy_writes_nothing() -> Observed:
    if not shutil.which("caddy"):
        return Observed(False, _NONE)
    link, browser, address = (
        "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu",
        "Canary-Browser/7.7",
        "canary@mail.example",
    )
    with proxied() as through:

        def go_through() -> set[int]:
            found = set()
            for method, path in (
                ("GET", f"/r/{link}?new"),
                ("POST", f"/r/{link}/change"),
                ("GET", f"/?q={address}"),
            ):
                connection = http.client.HTTPConnection("127.0.0.1", through.port, timeout=30)
                with contextlib.suppress(OSError, http.client.HTTPException):
                    connection.request(method, path, b"email=" + address.encode(), {"User-Agent": browser})
                    found.add(connection.getresponse().status)
                connection.close()
            return found

        there = go_through()
        with (
            many(through.port, "half a head", f"/r/{link}", number=5),
            many(through.port, "a body that trickles", f"/r/{link}", number=5),
        ):
            time.sleep(1)
            for port in through.webs:
                through.end(port, signal.SIGKILL)
        away = go_through()
        text = through.log.read_text() + through.site.log_of("web")
    told = [
        word
        for word in (link, browser, address, '"remote_ip"', '"uri"', "127.0.0.1:5", "/r/")
        if word in text
    ]
    came = 502 in away or 503 in away
    return Observed(
        not told and came,
        f"answers {sorted(there)} and, with web away, {sorted(away)}; {len(text)} bytes of logs; in them: {told or 'nothing'}",
    )
