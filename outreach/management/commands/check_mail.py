"""``manage.py check_mail``: what is set for mail, the records that belong in the DNS, and whether both servers let us in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outreach.bounces.boxes import BoxIsAway, box_at
from outreach.channels.channel import ChannelDown
from outreach.sending.batch import mail_channel

_A_TEXT: Final = 255  # characters in one text of a TXT record (RFC 1035 §3.3.14)


class Command(BaseCommand):
    help = (
        "Say what is set for mail, which records belong in the DNS, and whether the mail server and the mailbox of bounces "
        "let us in. Sends nothing, deletes nothing. docs/mail.md goes through it step by step."
    )

    def handle(self, *args: Any, **given: Any) -> None:
        troubles = [*self._handing_over(), *self._signing(), *self._bounces()]
        self._other_records()
        if troubles:
            raise CommandError(" ".join(troubles))

    def _handing_over(self) -> Iterator[str]:
        server = settings.MAIL_SERVER
        self._say("From", settings.MAIL_FROM)
        self._say("Handed over to", f"{server.host}:{server.port}, {server.security}")
        channel = mail_channel()
        try:
            channel.open()
        except ChannelDown as down:
            yield f"The mail server does not let us in: {down.code}."
        else:
            self._say("", "it lets us in")
        finally:
            channel.close()

    def _signing(self) -> Iterator[str]:
        if settings.DKIM is None:
            self._say(
                "Signed (DKIM)",
                "no; your mail server must do it, or set DKIM_SELECTOR, DKIM_DOMAIN and DKIM_KEY",
            )
            return
        name, text = settings.DKIM.record()
        self._say("Signed (DKIM)", f"yes, by {settings.DKIM.domain}")
        self._record(name, text)
        yield from ()

    def _bounces(self) -> Iterator[str]:
        address = settings.BOUNCE_ADDRESS
        if not address:
            self._say("Bounces", f"to {settings.MAIL_FROM}, and nobody reads them; set BOUNCE_ADDRESS")
            return
        local, _, domain = address.rpartition("@")
        self._say("Bounces", f"to {local}+…@{domain}")
        where = settings.BOUNCES_URL
        if where is None:
            self._say("", "read by a command: manage.py read_bounces --stdin or --maildir")
            return
        self._say(
            "",
            f"read from {where.folder or f'{where.host}:{where.port}, {where.mailbox}'}, every five minutes",
        )
        try:
            with box_at(where) as box:
                next(box.unread(most=1), None)
        except BoxIsAway as away:
            yield f"The mailbox of bounces cannot be read: {away}."
        else:
            self._say("", "it lets us in")

    def _other_records(self) -> None:
        domain = settings.MAIL_FROM.rpartition("@")[2]
        back = settings.BOUNCE_ADDRESS.rpartition("@")[2] or domain
        self.stdout.write("")
        self.stdout.write(
            textwrap.fill(
                "Two more records belong in the DNS. In the first, name what hands your mail to the world: the text that "
                "its provider gives you, or its addresses.",
                width=100,
            )
        )
        self._record(back, "v=spf1 include:WHAT-YOUR-MAIL-PROVIDER-NAMES -all")
        self._record(f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")

    def _record(self, name: str, text: str) -> None:
        texts = " ".join(
            f'"{part}"' for part in (text[at : at + _A_TEXT] for at in range(0, len(text), _A_TEXT))
        )
        self.stdout.write(f"{'':16}{name}. TXT {texts}")

    def _say(self, what: str, how: str) -> None:
        self.stdout.write(f"{what:16}{how}")
