"""A sentence for the next page, in a cookie whose name no other host of the domain can set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _NamedCookie(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class SaidOnce(FallbackStorage):
    # Of the storages of Django that this one stands on; its type stubs do not know them.
    _queued_messages: list[Any]
    _loaded_messages: list[Any]
    storage_classes = (_NamedCookie, SessionStorage)

    def said_now(self) -> list[tuple[int, str]]:
        """The level and the words of what this request has said so far."""
        return [(message.level, str(message.message)) for message in self._queued_messages]

    def say_again(self, said: Iterable[tuple[int, str]]) -> None:
        """What an answer said that was given before; not twice, where nobody has read it yet."""
        waiting = [str(message.message) for message in self._loaded_messages]
        for level, words in said:
            if words not in waiting:
                self.add(level, words)

    def take_back(self) -> None:
        """Whatever this request has said was undone."""
        self._queued_messages.clear()
