"""One promise in a list: its title in the reader's language, how it stands, who answers for it, and its dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engage.models import ENDED, Commitment
from outreach.letter_languages import in_language
from web.dates_in_words import date_in_words
from web.promise_words import Standing, standing_of

LONGEST_WORDS: Final = 280
# Where somebody who looks over the list wants to know why.
_NEEDS_WORDS: Final = frozenset({"late", "failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Row:
    """due, updated: sentences; ``updated`` is empty where nothing was said since it was made."""

    number: int
    title: str
    standing: Standing
    office: str
    due: str
    updated: str
    words: str


def row_of(promise: Commitment, today: dt.date, words: str = "") -> Row:
    """today: the agency's own. words: what was said of it last; shown where it is late, stopped or not kept."""
    standing = standing_of(promise, today)
    return Row(
        number=promise.number or 0,
        title=title_of(promise),
        standing=standing,
        office=promise.owner_office,
        due=due_in_words(promise, today),
        updated=_updated(promise),
        words=_shortened(words) if standing.mark in _NEEDS_WORDS else "",
    )


def _shortened(words: str) -> str:
    # Most are short; finding that out by Django's own means takes longer than the rest of a row.
    return words if len(words) <= LONGEST_WORDS else Truncator(words).chars(LONGEST_WORDS)


def title_of(promise: Commitment) -> str:
    """In the language that is spoken now, where it was translated."""
    return in_language(promise.translations, get_language() or "", "title", promise.title)


def due_in_words(promise: Commitment, today: dt.date) -> str:
    """A sentence with the due date that holds."""
    day = date_in_words(promise.due_on)
    if promise.status in ENDED or promise.due_on < today:
        return _("Was due {date}").format(date=day)
    return _("Due {date}").format(date=day)


def _updated(promise: Commitment) -> str:
    if promise.last_updated_on is None:
        return ""
    return _("Last update {date}").format(date=date_in_words(promise.last_updated_on))


def counted(mark: str, many: int) -> str:
    """How many promises stand so, for beside the mark."""
    words = {
        "kept": ngettext("%(many)d kept", "%(many)d kept", many),
        "track": ngettext("%(many)d on track", "%(many)d on track", many),
        "late": ngettext("%(many)d late", "%(many)d late", many),
        "failed": ngettext("%(many)d not kept", "%(many)d not kept", many),
        "stopped": ngettext("%(many)d stopped", "%(many)d stopped", many),
    }
    return words[mark] % {"many": many}
