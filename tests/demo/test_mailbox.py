"""demo.mailbox: what is sent arrives, stays, and can be read without harm."""

import json
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

_PROJECT = Path(__file__).resolve().parents[2]


@dataclass
class Mailbox:
    """A running mailbox: its two ports."""

    smtp: int
    http: int

    def send(self, message: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as connection:
            connection.send_message(message)

    def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        """Status, body and headers of one answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers

    def json(self, path: str) -> Any:
        return json.loads(self.get(path)[1])


@contextmanager
def _running(folder: Path) -> Iterator[Mailbox]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    numbers = [listening.fileno() for listening in sockets]
    process = subprocess.Popen(
        [
            sys.executable, "-m", "demo.mailbox", "--folder", folder,
            "--smtp", str(numbers[0]), "--http", str(numbers[1]),
        ],
        cwd=_PROJECT, pass_fds=numbers,
    )  # fmt: skip
    try:
        yield Mailbox(*(listening.getsockname()[1] for listening in sockets))
    finally:
        process.kill()
        process.wait()
        for listening in sockets:
            listening.close()


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    with _running(tmp_path_factory.mktemp("mailbox")) as running:
        yield running


def _letter(to: str, subject: str = "Your place", text: str = "See you there.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Meetings <meetings@example.gov>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{subject.casefold().replace(' ', '-')}@example.gov>"
    message.set_content(text)
    return message


def test_a_letter_arrives_whole(mailbox: Mailbox) -> None:
    letter = _letter("whole@example.org", "Ayuntamiento: sesión", "Mañana a las 18:00.\n")
    letter.add_alternative("<p>Mañana</p>", subtype="html")
    letter.add_attachment(b"BEGIN:VCALENDAR\r\n", maintype="text", subtype="calendar", filename="event.ics")
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mailbox.send(letter)
    [line] = mailbox.json("/messages.json?to=WHOLE@example.org")
    assert (line["subject"], line["to"]) == ("Ayuntamiento: sesión", ["whole@example.org"])
    opened = mailbox.json(f"/messages/{line['id']}.json")
    assert opened["text"].strip() == "Mañana a las 18:00."
    assert opened["html"].strip() == "<p>Mañana</p>"
    assert ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"] in opened["headers"]
    assert [part["filename"] for part in opened["parts"] if part["content_type"] == "text/calendar"] == [
        "event.ics"
    ]
    number = next(part["number"] for part in opened["parts"] if part["content_type"] == "text/calendar")
    _, body, headers = mailbox.get(f"/messages/{line['id']}/parts/{number}")
    assert body == "BEGIN:VCALENDAR\r\n"
    assert headers["Content-Disposition"].startswith("attachment")
    assert f"/messages/{line['id']}/parts/{number}" in mailbox.get(f"/messages/{line['id']}")[1]


def test_the_newest_letter_stands_first_and_since_leaves_older_ones_out(mailbox: Mailbox) -> None:
    mailbox.send(_letter("order@example.org", "First"))
    time.sleep(0.01)
    between = datetime.now(UTC)
    time.sleep(0.01)
    mailbox.send(_letter("order@example.org", "Second"))
    path = "/messages.json?to=order@example.org"
    assert [line["subject"] for line in mailbox.json(path)] == ["Second", "First"]
    for since in (quote(between.isoformat()), between.isoformat(), str(between.timestamp())):
        assert [line["subject"] for line in mailbox.json(f"{path}&since={since}")] == ["Second"]


def test_letters_outlast_a_kill(tmp_path: Path) -> None:
    with _running(tmp_path) as before:
        before.send(_letter("kept@example.org"))
    with _running(tmp_path) as after:
        [line] = after.json("/messages.json")
        assert after.json(f"/messages/{line['id']}.json")["text"].strip() == "See you there."
    assert [path for path in tmp_path.iterdir() if path.stat().st_mode & 0o077] == []


def test_what_a_letter_says_is_shown_and_never_run(mailbox: Mailbox) -> None:
    letter = _letter("evil@example.org", "<script>alert(1)</script>", "<script>alert(2)</script>")
    letter.replace_header("Message-ID", "<evil@example.gov>")
    letter.add_alternative("<script>alert(3)</script><b>bold</b>", subtype="html")
    mailbox.send(letter)
    [line] = mailbox.json("/messages.json?to=evil@example.org")
    for path in ("/", f"/messages/{line['id']}"):
        _, page, headers = mailbox.get(path)
        assert "<script" not in page
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    _, page, headers = mailbox.get(f"/messages/{line['id']}/html")
    assert "<b>bold</b>" in page
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "sandbox" in headers["Content-Security-Policy"]


def test_another_sites_page_cannot_read_the_letters(mailbox: Mailbox) -> None:
    status, body, _ = mailbox.get("/messages.json", Host="attacker.example:8025")
    assert status == 421
    assert "[" not in body


@pytest.mark.parametrize(
    "path",
    ["/messages/../secrets.json", "/messages/0", "/messages/1.json", "/messages/%2e%2e/raw", "/nothing"],
)
def test_what_is_not_there_is_not_found(mailbox: Mailbox, path: str) -> None:
    assert mailbox.get(path)[0] == 404


def test_a_broken_letter_is_kept_and_can_be_opened(mailbox: Mailbox) -> None:
    raw = b"From: \xff\xfe<<>>\r\nTo: ,,@\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\x00 text\r\n"
    with smtplib.SMTP("127.0.0.1", mailbox.smtp, timeout=10) as connection:
        connection.sendmail("a@example.org", ["broken@example.org"], raw)
    [line] = mailbox.json("/messages.json?to=broken@example.org")
    assert "text" in mailbox.json(f"/messages/{line['id']}.json")["text"]
    assert mailbox.get(f"/messages/{line['id']}")[0] == 200
