"""Where mail is handed over. Alone in its file: the settings are read before Django, and this needs nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. ``security``: ``none``, ``starttls`` or ``tls``."""

    host: str
    port: int
    user: str
    password: str
    security: str
