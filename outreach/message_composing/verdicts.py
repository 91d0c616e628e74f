"""Why a message is not composed after all, decided from the rows as they are at that moment."""

from __future__ import annotations

import datetime as dt


class Pointless(Exception):
    """It has lost its point; it is suppressed. ``reason``: at most 48 characters, never anybody's text."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TooLate(Exception):
    """It would come after what it is about."""

    def __init__(self, reason: str = "too_late") -> None:
        self.reason = reason
        super().__init__(reason)


class NotNow(Exception):
    """It waits for the end of the quiet hours."""

    def __init__(self, until: dt.datetime, reason: str = "quiet_hours") -> None:
        self.until = until
        self.reason = reason
        super().__init__(reason)
