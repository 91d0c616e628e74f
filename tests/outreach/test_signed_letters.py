"""Where a key is set, each letter arrives under a signature that holds (RFC 6376), over a real SMTP server."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.channels.signing import Signer, signing_key
from outreach.subscriptions import subscribing
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.dkim import holds, pem
from tests.makers.events import an_event
from tests.makers.letters import links_in
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp

# RFC 8463, appendix A: somebody else's letter, signature and key. What reads ours reads this one, too.
_OF_THE_RFC = """\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""
_ITS_RECORD = (
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/"
    "J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryO"
    "TIKT+l/K4w3QIDAQAB"
)


@cache
def signer() -> Signer:
    return Signer("engage", "harbor.example", signing_key(pem()))


def records() -> dict[str, str]:
    return dict([signer().record()])


def signed_headers(letter: bytes) -> list[str]:
    parts = letter.partition(b"bh=")[0].decode().split(";")
    (names,) = ("".join(part.split()) for part in parts if part.strip().startswith("h="))
    return names.removeprefix("h=").split(":")


def test_what_reads_signatures_here_reads_the_one_of_the_rfc() -> None:
    letter = _OF_THE_RFC.replace("\n", "\r\n").encode()
    dns = {"test._domainkey.football.example.com": _ITS_RECORD}
    assert holds(letter, dns)
    assert not holds(letter.replace(b"lost", b"won"), dns)
    assert not holds(letter.replace(b"dinner", b"supper"), dns)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_letters_arrive_under_a_signature_that_holds(post: Post, settings: Any) -> None:
    """A confirmation in Spanish with a calendar file and a QR code, and one to an address in another script."""
    settings.DKIM = signer()
    title = "¿Quién responde a la línea que no es de emergencia? " + "Una reunión con mucho que decir. " * 4
    event = an_event(title=title.strip(), languages=["en", "es"])
    an_rsvp(event, email="ana@mail.example", language="es", name="Ana Núñez")
    an_rsvp(event, email="josefa@exämple.example")
    go_round()
    assert len(post.received) == 2
    for _sender, letter in post.received:
        assert holds(letter, records())
        assert b"text/calendar" in letter
        assert max(len(line) for line in letter.split(b"\r\n")) <= 998
    spanish = next(letter for _, letter in post.received if b"Content-Language: es" in letter)
    names = signed_headers(spanish)
    assert {"from", "to", "subject", "date", "message-id", "content-type"} <= set(names)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_both_headers_of_one_click_are_under_it_and_nothing_can_be_put_in(post: Post, settings: Any) -> None:
    """RFC 8058 §4 wants them signed; a second From or Subject must not pass under ours."""
    settings.DKIM = signer()
    agency, now = an_agency(), timezone.now()
    subscribing.subscribe(
        agency=agency, target="agency", target_id=agency.pk, email="ana@mail.example", now=now
    )
    go_round()
    (token,) = links_in(post.letters[0], "/confirm")
    subscribing.confirm(token, now=now)
    an_event(agency)
    go_round()
    letter = next(content for _, content in post.received if b"List-Unsubscribe-Post" in content)
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(signed_headers(letter))
    head, _, rest = letter.partition(b"\r\nFrom:")
    for more in (
        b"From: somebody@else.example",
        b"Subject: Pay here",
        b"List-Unsubscribe: <https://else.example>",
    ):
        assert not holds(head + b"\r\n" + more + b"\r\nFrom:" + rest, records())
        assert not holds(letter.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n\r\n", 1), records())


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_without_a_key_letters_go_unsigned(post: Post) -> None:
    an_rsvp(an_event(), email="ana@mail.example")
    go_round()
    assert b"DKIM-Signature" not in post.received[0][1]


@settings(deadline=None)
@given(st.text(alphabet="ab \t\r\n.é", max_size=60), st.text(alphabet="ab \té:", max_size=80))
def test_whatever_blanks_and_lines_it_has_the_signature_holds(body: str, subject: str) -> None:
    letter = f"From: a@harbor.example\r\nSubject: x\r\n {subject}x\r\n\tand on\r\n\r\n{body}".encode()
    signed = signer().signed(letter, at=1_800_000_000)
    assert holds(signed, records())
    # As relays change blanks: folds elsewhere, and blanks at the ends of lines.
    assert holds(signed.replace(b"Subject: x\r\n ", b"Subject:   x "), records())
    assert holds(signed + b" \r\n\r\n", records())
