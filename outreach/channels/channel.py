"""What every way of handing a message over has in common: a letter goes in, and each failure says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Letter:
    """One composed message. content: what goes on the wire, headers included. message_id: the same at each attempt.

    return_to: where it goes back to when it cannot be delivered; empty for the channel's own sender.
    """

    to: str
    content: bytes
    message_id: str
    return_to: str = ""


class DeliveryFailure(Exception):
    """The letter did not go, or nobody knows. ``code`` is ours: the provider's text may hold addresses.

    is_doubtful: the answer may be about us and not about this letter; a relay that no longer knows us says it to all.
    """

    def __init__(self, code: str, *, is_doubtful: bool = False) -> None:
        self.code = code
        self.is_doubtful = is_doubtful
        super().__init__(code)


class TemporaryFailure(DeliveryFailure):
    """Not now; try again later."""


class PermanentFailure(DeliveryFailure):
    """Never, for this recipient."""


class NoSuchMailbox(PermanentFailure):
    """Never, and nothing else will reach this address either."""


class UncertainFailure(DeliveryFailure):
    """The connection went after the last byte: it may have been taken (RFC 1047)."""


class ChannelDown(DeliveryFailure):
    """Nothing can be handed over now, whoever it is for: away, a login expired, our sender refused."""


class Channel(Protocol):
    """One connection, used for many letters; opened anew by ``send`` after a failure that cost it."""

    def open(self) -> None:
        """Connect, unless it is connected. Raises ChannelDown; nothing has been said of any message then."""

    def send(self, letter: Letter) -> str:
        """Hand it over; the provider's id for it, or an empty text. Raises a DeliveryFailure."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
