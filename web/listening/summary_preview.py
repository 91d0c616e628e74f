"""A wording before it is public, as everybody will read it: its draft promises stand there as if they were confirmed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from copy import copy
from typing import Any, Final

from django.utils import translation

from engage.models import Commitment
from outreach.models import SummaryVersion
from outreach.summary_reading import promises_named
from web.language_names import language_name
from web.promises.promise_rows import counted, row_of
from web.promises.summary_words import words_of

_ORDER: Final = ("kept", "track", "late", "failed", "stopped")


def as_everybody_reads_it(version: SummaryVersion, today: dt.date, language: str = "") -> dict[str, Any]:
    """For outcomes/_summary.html. language: one of the version's; else that of the page. One query."""
    first, *others = version.languages or ["en"]
    chosen = language if language in {first, *others} else first
    with translation.override(chosen):
        words = words_of(version)
        rows = [row_of(_as_if_confirmed(one), today) for one in promises_named(version)]
    many = Counter(row.standing.mark for row in rows)
    return {
        "words": words,
        "rows": rows,
        "counts": [{"mark": mark, "words": counted(mark, many[mark])} for mark in _ORDER if many[mark]],
        "came": version.attendance.get("total") or 0,
        "tongues": [
            {"code": one, "name": language_name(one), "chosen": one == chosen} for one in (first, *others)
        ],
    }


def _as_if_confirmed(promise: Commitment) -> Commitment:
    seen = copy(promise)
    seen.draft = False
    return seen
