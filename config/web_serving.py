"""gunicorn's settings: ``gunicorn -c python:config.web_serving config.asgi:application``."""

import logging
import os
import queue
import re
import signal
import time
from functools import partial
from typing import TYPE_CHECKING

from config.environment import SettingIsWrong, whole_number
from config.startup.keys import end_if_keys_are_wrong
from config.startup.refusing import end, fit_to_serve
from servers.parent_death import end_with_parent

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# Before a port is opened: what is wrong with the settings is one sentence, not one a worker.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
fit_to_serve()
end_if_keys_are_wrong(remember=True)
# Seconds in which we say "send me nobody new" before we shut the door: a proxy asks /readyz every two. Then those that whoever
# is still in may take. Both together are less than compose's stop_grace_period.
DRAIN_IN_PRODUCTION = 6
GRACE_IN_PRODUCTION = 20
_PRODUCTION = os.environ.get("ENGAGE_ENV", "production") == "production"
try:
    workers = whole_number("WEB_PROCESSES", 2, least=1, most=200)
    _DRAIN = whole_number("WEB_DRAIN_SECONDS", DRAIN_IN_PRODUCTION if _PRODUCTION else 0, least=0, most=600)
except SettingIsWrong as wrong:
    end(str(wrong))

# Heads, bodies and answers move on an event loop; a thread (WEB_THREADS) is held by Django's work alone.
worker_class = "config.serving.web_worker.WebWorker"
# Read once, by the process that starts the others: one that takes the place of another serves at once, and they share what
# was read. Nothing that the application makes before its first request (threads, connections) outlives a fork badly.
preload_app = True
# Fewer than the 1,024 files that a process may have open where nobody said otherwise.
worker_connections = 900
# A process whose event loop does not move for so long is lost.
timeout = 60
graceful_timeout = GRACE_IN_PRODUCTION if _PRODUCTION else 8
keepalive = 15
backlog = 1024
# What follows is about 1.5 times what a browser sends; a head as a whole has its own limit (config.serving.web_worker).
limit_request_fields = 64
# The server's remote control listens on a socket in the home folder; nobody here uses it.
control_socket_disable = True
# Paths hold tokens and lines hold addresses: what is logged of a request is the application's to say.
accesslog = None
loglevel = "warning"
# Workers say that they live by touching a file; a disk that hangs must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - gunicorn wants a string
# Who is asking is decided by TRUSTED_PROXIES alone (config.settings).
forwarded_allow_ips = ""


def post_fork(server: "Arbiter", worker: "Worker") -> None:
    """A worker goes when its arbiter goes, even when that one was killed."""
    end_with_parent()


class _WithoutRequests(logging.Filter):
    """gunicorn's own errors name the path, which may hold a token, and the address of whoever asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        said = re.sub(r"(Error handling request).*", r"\1", said)
        record.msg, record.args = said, ()
        # What is no HTTP is counted where it is answered (config.serving.unreadable_requests); nobody can act on it.
        return not said.startswith("Invalid request from ")


def on_starting(server: "Arbiter") -> None:
    """Before the first worker: its log is ours from here on, and SIGTERM begins with a drain."""
    server.log.error_log.addFilter(_WithoutRequests())
    server.handle_term = partial(_drain_and_end, server)


def _drain_and_end(server: "Arbiter") -> None:
    """Answer everybody and be not ready for ``WEB_DRAIN_SECONDS``; then end. A second signal ends the wait."""
    server.kill_workers(signal.SIGWINCH)
    until = time.monotonic() + _DRAIN
    while (left := until - time.monotonic()) > 0:
        try:
            number = server.SIG_QUEUE.get(timeout=left)
        except queue.Empty:
            break
        if number in {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}:
            break
        if number == signal.SIGCHLD:
            server.reap_workers()
    raise StopIteration
