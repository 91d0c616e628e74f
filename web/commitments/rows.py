"""One commitment in a list: its title in the reader's language, how it stands, who answers for it, and its dates."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engage.agencies.languages import Worded, in_language
from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, has_ended, is_behind, public_day, standing_on
from web.commitments.words import in_words
from web.site.drawings import Marked
from web.site.languages.dates import date_in_words

LONGEST_WORDS: Final = 280
# Where somebody who looks over the list wants to know why.
_NEEDS_WORDS: Final = frozenset(
    {Standing.LATE, Standing.MOVED, Standing.KEPT_IN_PART, Standing.NOT_KEPT, Standing.WILL_NOT_DO}
)


@dataclass(frozen=True, slots=True)
class Row:
    """due, updated: sentences; ``updated`` is empty where nothing was said since it was made."""

    number: int
    title: str
    stands: Standing
    standing: Marked
    office: str
    due: str
    updated: str
    words: str


def row_of(commitment: Commitment, today: dt.date, words: str = "") -> Row:
    """today: the agency's own. words: what was said of it last; shown where it is late, stopped or not kept."""
    stands = standing_on(commitment, public_day(today))
    return Row(
        number=commitment.number or 0,
        title=title_of(commitment),
        stands=stands,
        standing=in_words(commitment, stands, today),
        office=commitment.owner_office,
        due=due_in_words(commitment, today),
        updated=_updated(commitment),
        words=_shortened(words) if stands in _NEEDS_WORDS else "",
    )


def late_first(row: Row) -> int:
    """The order of a short list: the longest overdue on top, then what was late on its first date; others as they are due.

    For rows that come by their due dates.
    """
    return {Standing.LATE: 0, Standing.MOVED: 1}.get(row.stands, 2)


def as_if_public(draft: Commitment) -> Commitment:
    """A copy of a draft, to show how it will stand."""
    seen = copy(draft)
    seen.draft = False
    return seen


def _shortened(words: str) -> str:
    # Most are short; finding that out by Django's own means takes longer than the rest of a row.
    return words if len(words) <= LONGEST_WORDS else Truncator(words).chars(LONGEST_WORDS)


def title_of(commitment: Commitment) -> Worded:
    """In the language that is spoken now, where it was translated."""
    return in_language(commitment.translations, get_language() or "", "title", commitment.title)


def due_in_words(commitment: Commitment, today: dt.date) -> str:
    """A sentence with the due date that holds."""
    day = date_in_words(commitment.due_on)
    if has_ended(commitment) or is_behind(commitment, today):
        return _("Was due {date}").format(date=day)
    return _("Due {date}").format(date=day)


def _updated(commitment: Commitment) -> str:
    if commitment.last_updated_on is None:
        return ""
    return _("Last update {date}").format(date=date_in_words(commitment.last_updated_on))
