"""gunicorn's settings: ``gunicorn -c python:config.web_serving config.wsgi:application``."""

import logging
import os
import re
from typing import TYPE_CHECKING

from config.key_checking import end_if_keys_are_wrong
from config.parent_death import end_with_parent
from config.starting import fit_to_serve
from config.unreadable_requests import answer_with_problems

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# Before a port is opened: what is wrong with the settings is one sentence, not one a worker.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
fit_to_serve()
end_if_keys_are_wrong(remember=True)

workers = int(os.environ.get("WEB_PROCESSES") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
worker_class = "gthread"
# A request holds a thread, never a process; one that takes this long is lost.
timeout = 60
graceful_timeout = 8
keepalive = 15
backlog = 1024
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
    answer_with_problems()


class _WithoutRequests(logging.Filter):
    """gunicorn's own errors name the path, which may hold a token, and the address of whoever asked."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        said = re.sub(r"(Error handling request).*", r"\1", said)
        record.msg, record.args = said, ()
        # What is no HTTP is counted where it is answered (config.unreadable_requests); nobody can act on it.
        return not said.startswith("Invalid request from ")


def on_starting(server: "Arbiter") -> None:
    """Before the first worker: its log is ours from here on."""
    server.log.error_log.addFilter(_WithoutRequests())
