"""How a commitment stands, in words: beside its mark, counted, in a legend, in a sentence. Every page reads them here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, public_day, staff_day, standing_on
from engage.commitments.words import word_of
from web.site.drawings import Marked

# In the order in which marks stand in a picture: what is well first. Addresses of the public list name them so too.
MARKS: Final = {
    Standing.KEPT: "kept",
    Standing.KEPT_IN_PART: "part",
    Standing.ON_TRACK: "track",
    Standing.AT_RISK: "risk",
    Standing.MOVED: "moved",
    Standing.LATE: "late",
    Standing.NOT_KEPT: "failed",
    Standing.WILL_NOT_DO: "stopped",
    Standing.DRAFT: "draft",
}
AS_DRAWN: Final = tuple(each for each in MARKS if each is not Standing.DRAFT)


def standing_of(commitment: Commitment, today: dt.date, *, staff: bool = False) -> Marked:
    """today: the agency's own. Whether it is at risk is for staff; the public sees the dates behind it.

    With ``staff`` it looks at ``commitment.agency``: select it together where there are many.
    """
    day = staff_day(commitment.agency, today) if staff else public_day(today)
    return in_words(commitment, standing_on(commitment, day), today)


def in_words(commitment: Commitment, standing: Standing, today: dt.date) -> Marked:
    """A few words for one that is known to stand so, with their mark."""
    return Marked(MARKS[standing], word_of(commitment, standing, today))


def names() -> dict[Standing, str]:
    """The word that a heading, a filter or a picture's description gives it; drafts are in none of them."""
    return {
        Standing.LATE: _("Late"),
        Standing.MOVED: _("Late on the first date, moved"),
        Standing.AT_RISK: _("At risk"),
        Standing.ON_TRACK: _("On track"),
        Standing.NOT_KEPT: _("Not kept"),
        Standing.WILL_NOT_DO: _("Stopped, with reasons"),
        Standing.KEPT_IN_PART: _("Kept in part"),
        Standing.KEPT: _("Kept"),
    }


def word_below(standing: Standing) -> str:
    """The word under a large number."""
    return {
        Standing.KEPT: _("kept"),
        Standing.KEPT_IN_PART: _("kept in part"),
        Standing.ON_TRACK: _("on track"),
        Standing.AT_RISK: _("at risk"),
        Standing.MOVED: _("late on the first date, moved"),
        Standing.LATE: _("late"),
        Standing.NOT_KEPT: _("not kept"),
        Standing.WILL_NOT_DO: pgettext("promises", "stopped"),
    }[standing]


def counted(standing: Standing, many: int) -> str:
    """How many stand so, for beside the mark."""
    words = {
        Standing.KEPT: ngettext("%(many)d kept", "%(many)d kept", many),
        Standing.KEPT_IN_PART: ngettext("%(many)d kept in part", "%(many)d kept in part", many),
        Standing.ON_TRACK: ngettext("%(many)d on track", "%(many)d on track", many),
        Standing.AT_RISK: ngettext("%(many)d at risk", "%(many)d at risk", many),
        Standing.MOVED: ngettext(
            "%(many)d late on its first date, moved", "%(many)d late on their first date, moved", many
        ),
        Standing.LATE: ngettext("%(many)d late", "%(many)d late", many),
        Standing.NOT_KEPT: ngettext("%(many)d not kept", "%(many)d not kept", many),
        Standing.WILL_NOT_DO: ngettext("%(many)d stopped", "%(many)d stopped", many),
    }
    return words[standing] % {"many": many}


def more(standing: Standing, left: int) -> str:
    """How many of a list's part are not shown yet, as the link to them says it."""
    words = {
        Standing.KEPT: ngettext("%(many)d more that was kept", "%(many)d more that were kept", left),
        Standing.KEPT_IN_PART: ngettext(
            "%(many)d more that was kept in part", "%(many)d more that were kept in part", left
        ),
        Standing.ON_TRACK: ngettext("%(many)d more on track", "%(many)d more on track", left),
        Standing.MOVED: ngettext(
            "%(many)d more that was late on its first date",
            "%(many)d more that were late on their first date",
            left,
        ),
        Standing.LATE: ngettext("%(many)d more that is late", "%(many)d more that are late", left),
        Standing.NOT_KEPT: ngettext(
            "%(many)d more that was not kept", "%(many)d more that were not kept", left
        ),
        Standing.WILL_NOT_DO: ngettext(
            "%(many)d more that was stopped", "%(many)d more that were stopped", left
        ),
    }
    return words[standing] % {"many": left}


def sentence(standing: Standing, many: int) -> str:
    """A short sentence of its own."""
    words = {
        Standing.KEPT: ngettext("%(n)d is kept.", "%(n)d are kept.", many),
        Standing.KEPT_IN_PART: ngettext("%(n)d is kept in part.", "%(n)d are kept in part.", many),
        Standing.ON_TRACK: ngettext("%(n)d is on track.", "%(n)d are on track.", many),
        Standing.AT_RISK: ngettext("%(n)d is at risk.", "%(n)d are at risk.", many),
        Standing.MOVED: ngettext(
            "%(n)d was late on its first date and has a new one.",
            "%(n)d were late on their first date and have a new one.",
            many,
        ),
        Standing.LATE: ngettext("%(n)d is late.", "%(n)d are late.", many),
        Standing.NOT_KEPT: ngettext("%(n)d was not kept.", "%(n)d were not kept.", many),
        Standing.WILL_NOT_DO: ngettext("%(n)d was stopped.", "%(n)d were stopped.", many),
    }
    return words[standing] % {"n": many}


def marks(counts: Mapping[Standing, int]) -> list[str]:
    """One mark for each, as they stand in a picture."""
    return [MARKS[each] for each in AS_DRAWN for _one in range(counts.get(each, 0))]


def legend(counts: Mapping[Standing, int]) -> list[dict[str, str]]:
    """Each mark that stands anywhere, with its number in words."""
    return [
        {"mark": MARKS[each], "words": counted(each, counts[each])} for each in AS_DRAWN if counts.get(each)
    ]


def marks_in_words(standings: Iterable[Standing]) -> str:
    """What a screen reader says for a row of marks, one a commitment."""
    called, counts = names(), Counter(standings)
    total = counts.total()
    said = [
        _("{name}: {number}").format(name=called[each], number=number)
        for each, number in counts.items()
        if each in called
    ]
    sentence = ngettext("%(number)d promise.", "%(number)d promises.", total) % {"number": total}
    return " ".join([sentence, *(f"{one}." for one in said)])
