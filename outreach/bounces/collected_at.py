"""Where bounces are collected. Alone in its file: the settings are read before Django, and this needs nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectedAt:
    """A maildir's folder, or a mailbox of an IMAP server: host, port, user, password and its name (``INBOX``)."""

    folder: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    mailbox: str = ""
    has_tls: bool = True
