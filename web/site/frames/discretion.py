"""A page that names a discreet meeting is kept by nothing: no cache on the way, no browser, however it came to name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.translation import get_language

from engage.agencies.languages import Worded, in_language
from events.event.models import Event


@dataclass(slots=True)
class Spoken:
    """What an answer that is being made has named so far."""

    something_discreet: bool = False


_now: ContextVar[Spoken | None] = ContextVar("spoken", default=None)


@contextmanager
def listening() -> Iterator[Spoken]:
    """Around the making of one answer: whether anything in it named a discreet meeting."""
    spoken = Spoken()
    token = _now.set(spoken)
    try:
        yield spoken
    finally:
        _now.reset(token)


def named(*, discreet: bool) -> None:
    """Something is named in the answer that is being made; said by whatever puts the name of a meeting into words."""
    spoken = _now.get()
    if discreet and spoken is not None:
        spoken.something_discreet = True


def title_of(event: Event) -> Worded:
    """A meeting's name, in the language of the page where it was translated."""
    named(discreet=event.discreet)
    return in_language(event.translations, get_language() or "", "title", event.title)
