"""Messages as mail servers and people send them to a return address."""

from __future__ import annotations

from typing import Final

_REPORT: Final = """\
Return-Path: <>
Received: by mx.mail.example (Postfix) id 4XyZ77; Sun, 29 Nov 2026 11:24:00 +0000 (UTC)
Date: Sun, 29 Nov 2026 11:24:00 +0000 (UTC)
From: MAILER-DAEMON@mx.mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ77.1/mx.mail.example"
Content-Transfer-Encoding: 8bit
Message-Id: <4XyZ78@mx.mail.example>

This is a MIME-encapsulated message.

--4XyZ77.1/mx.mail.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

Su mensaje no se pudo entregar. I'm sorry to have to inform you …

--4XyZ77.1/mx.mail.example
Content-Description: Delivery report
Content-Type: {kind}

Reporting-MTA: dns; mx.mail.example
X-Postfix-Queue-ID: 4XyZ77
Arrival-Date: Sun, 29 Nov 2026 11:23:58 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
{verdict}
--4XyZ77.1/mx.mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

{letter}

--4XyZ77.1/mx.mail.example--
"""


def a_report(
    to: str,
    status: str = "5.1.1",
    *,
    action: str = "failed",
    said: str = "",
    recipient: str = "ana@mail.example",
    letter: bytes = b"From: meetings@harbor.example\r\nSubject: Your place\r\n\r\nHello",
    kind: str = "message/delivery-status",
) -> bytes:
    """As Postfix writes one (RFC 3464). to: the return address of the letter."""
    lines = [f"Action: {action}"] if action else []
    lines += [f"Status: {status}"] if status else []
    lines += [f"Diagnostic-Code: smtp; {said}"] if said else []
    text = _REPORT.format(
        to=to,
        kind=kind,
        recipient=recipient,
        verdict="\n".join([*lines, ""]),
        letter=letter.decode("utf-8", "replace"),
    )
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def away(to: str) -> bytes:
    """Somebody is on holiday (RFC 3834)."""
    return (
        f"From: ana@mail.example\r\nTo: {to}\r\nSubject: I am away: 550 5.1.1\r\nAuto-Submitted: auto-replied\r\n\r\n"
        "Status: 5.1.1\r\nAction: failed\r\nI do not read mail until Monday.\r\n"
    ).encode()


def a_receipt(to: str) -> bytes:
    """It was read (RFC 8098): a report, but of no failure."""
    return (
        f"From: ana@mail.example\r\nTo: {to}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()


def by_words_alone(to: str) -> bytes:
    """As some old servers say it, in words for people: no report, so it says nothing here."""
    return (
        f"From: MAILER-DAEMON@old.example\r\nTo: {to}\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.\r\n"
        "<ana@mail.example>: 550 5.1.1 no such user\r\n"
    ).encode()


def nested(to: str, depth: int) -> bytes:
    """Parts within parts within parts."""
    head = f"To: {to}\r\nContent-Type: multipart/report; boundary=b0\r\n\r\n"
    return (
        head
        + "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(depth))
    ).encode()
