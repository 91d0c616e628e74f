"""Mail to a server that speaks TLS, as production is told to: with its certificate asked, and signed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.channels.channel import ChannelDown, Letter
from outreach.channels.email import SmtpChannel
from tests.makers.certificates import a_certificate
from tests.makers.mail_server import a_mail_server

_LETTER = Letter(
    "ana@mail.example", b"To: ana@mail.example\r\n\r\nSee you on Tuesday.\r\n", "<1@harbor.example>"
)
_SENDER = "meetings@harbor.example"
both_ways = pytest.mark.parametrize("security", ["starttls", "tls"])


@both_ways
def test_letters_go_over_tls_to_whoever_can_show_who_they_are(
    security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, trusted = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with a_mail_server(security=security, certificate=certificate) as post:
        with SmtpChannel(post.server, sender=_SENDER) as channel:
            channel.send(_LETTER)
            channel.send(_LETTER)
        assert len(post.to("ana@mail.example")) == 2


@both_ways
@pytest.mark.parametrize("why", ["nobody we know", "another host's"])
def test_no_letter_goes_to_whoever_cannot(
    security: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, trusted = a_certificate(
        tmp_path, host="localhost" if why == "nobody we know" else "mail.example"
    )
    if why != "nobody we know":
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with a_mail_server(security=security, certificate=certificate) as post:
        with (
            SmtpChannel(post.server, sender=_SENDER) as channel,
            pytest.raises(ChannelDown, match="smtp_tls"),
        ):
            channel.send(_LETTER)
        assert post.letters == []
