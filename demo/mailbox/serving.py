"""Shows the letters over HTTP, as pages for people and as JSON for programs. It changes nothing: GET and HEAD only."""

import json
import re
import socket
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

from demo.mailbox.pages import STYLE, framed_html, letter_page, list_page, missing_page
from demo.mailbox.reading import opened
from demo.mailbox.storing import LetterBox

_SHOWN = 200  # letters on the list page; the JSON has all
_LETTER = re.compile(r"/messages/([0-9a-f-]{1,40})(\.json|/raw|/html|/parts/(\d{1,3}))?")
_OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}
_PAGE = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class MailboxServer(ThreadingHTTPServer):
    """Serves ``box`` on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, box: LetterBox) -> None:
        super().__init__(listening.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.box = box


class Handler(BaseHTTPRequestHandler):
    """One request. The letters are strangers' text: no script runs, and no other site's page may read them."""

    server: MailboxServer
    timeout = 30

    def do_GET(self) -> None:
        # A page of the open web can point its own name at 127.0.0.1 and read us; it cannot choose the Host header.
        host = self.headers.get("Host", "")
        if host.rpartition(":")[0] not in _OWN_NAMES and host not in _OWN_NAMES:
            self._answer(
                "This mailbox answers to localhost only.", "text/plain", status=HTTPStatus.MISDIRECTED_REQUEST
            )
            return
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/":
            self._list(query)
        elif parts.path == "/messages.json":
            self._list_json(query)
        elif parts.path == "/style.css":
            self._answer(STYLE, "text/css")
        elif found := _LETTER.fullmatch(parts.path):
            self._letter(found)
        else:
            self._missing()

    do_HEAD = do_GET  # noqa: N815 - http.server finds it by this name

    def _list(self, query: dict[str, str]) -> None:
        to = query.get("to", "")
        self._answer(list_page(self.server.box.newest_first(to=to), to, _SHOWN))

    def _list_json(self, query: dict[str, str]) -> None:
        try:
            since = _moment(query.get("since", ""))
        except ValueError:
            self._json({"error": "since is an ISO 8601 time or seconds since 1970"}, HTTPStatus.BAD_REQUEST)
            return
        letters = self.server.box.newest_first(to=query.get("to", ""), since=since)
        self._json([letter.as_json() for letter in letters])

    def _letter(self, found: re.Match[str]) -> None:
        letter, raw = self.server.box.letter(found[1]), self.server.box.raw(found[1])
        if letter is None or raw is None:
            self._missing()
        elif found[2] == "/raw":
            self._answer(raw, "text/plain")
        elif found[2] == ".json":
            self._json(letter.as_json() | opened(raw).as_json())
        elif found[2] == "/html":
            self._framed(found[1], raw)
        elif found[3]:
            self._part(raw, int(found[3]))
        else:
            self._answer(letter_page(letter, opened(raw)))

    def _framed(self, letter_id: str, raw: bytes) -> None:
        # Said here too and not only on the frame: the address can be opened alone.
        own = f"http://{self.headers['Host']}"
        guard = (
            f"default-src 'none'; img-src data: {own}; style-src 'unsafe-inline'; form-action 'none'; "
            "sandbox allow-popups allow-popups-to-escape-sandbox"
        )
        self._answer(framed_html(letter_id, opened(raw)), guard=guard)

    def _part(self, raw: bytes, number: int) -> None:
        parts = opened(raw).parts
        if number >= len(parts):
            self._missing()
            return
        part = parts[number]
        picture = part.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        name = quote(part.filename.replace("/", "_"), safe="")
        self._answer(
            part.content,
            part.content_type
            if picture or part.content_type == "text/calendar"
            else "application/octet-stream",
            disposition="inline" if picture else f"attachment; filename*=UTF-8''{name}",
        )

    def _missing(self) -> None:
        self._answer(missing_page(), status=HTTPStatus.NOT_FOUND)

    def _json(self, content: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(json.dumps(content, ensure_ascii=False), "application/json", status=status)

    def _answer(
        self,
        content: str | bytes,
        content_type: str = "text/html",
        *,
        status: HTTPStatus = HTTPStatus.OK,
        guard: str = _PAGE,
        disposition: str = "",
    ) -> None:
        body = content.encode("utf-8", "replace") if isinstance(content, str) else content
        text = content_type.startswith("text/") or content_type == "application/json"
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8" if text else content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", guard)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: who read which letter is nobody's business."""


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        # A plus sign that was not escaped arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
