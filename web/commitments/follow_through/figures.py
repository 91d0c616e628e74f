"""Figures as the pages of leadership show them: one mark a commitment, the late ones said first, whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agencies.models import Community
from engage.commitments.figures import Figures, Row
from engage.commitments.models import FocusArea
from engage.commitments.standing import Standing
from web.commitments import words
from web.commitments.decisions_due import DecisionsDue
from web.commitments.words import AS_DRAWN, MARKS, marks, sentence
from web.site.drawings import Marked

# More marks than this are no longer counted by eye: a bar with the same parts stands for them.
MARKS_AT_MOST: Final = 150
_MARKS_IN_A_ROW: Final = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar, in percent of its width."""

    mark: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row: ``marks`` where they can be counted, else ``parts``. words: what a screen reader says instead."""

    name: str
    query: str
    counts: Mapping[str, int]
    marks: list[str]
    parts: list[Part]
    words: str
    row: Row | None = None

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each way to stand, by its mark, with how many do: together the row's total."""
        return [(MARKS[each], self.counts[each]) for each in AS_DRAWN]


def drawn(counts: Mapping[str, int], *, name: str = "", query: str = "", row: Row | None = None) -> Drawn:
    most = _MARKS_IN_A_ROW if row else MARKS_AT_MOST
    few = counts["total"] <= most
    return Drawn(
        name=name,
        query=query,
        counts=counts,
        marks=marks({each: counts[each] for each in AS_DRAWN}) if few else [],
        parts=[] if few else _parts(counts),
        words=" ".join(sentences(counts)),
        row=row,
    )


def heads() -> list[Marked]:
    """What stands above ``Drawn.cells``."""
    called = words.names()
    return [Marked(MARKS[each], called[each]) for each in AS_DRAWN]


def sentences(counts: Mapping[str, int]) -> list[str]:
    """A short sentence for each way to stand that any commitment stands in, in the order of the marks."""
    return [sentence(each, counts[each]) for each in AS_DRAWN if counts[each]]


def legend(counts: Mapping[str, int]) -> list[dict[str, str]]:
    """Each mark that stands anywhere, with its number in words; of those kept, how many were on time."""
    kept = ngettext(
        "%(n)d kept, %(on_time)d on time", "%(n)d kept, %(on_time)d of them on time", counts["kept"]
    )
    kept %= {"n": counts["kept"], "on_time": counts["kept_on_time"]}
    return [
        each | {"words": kept} if each["mark"] == MARKS[Standing.KEPT] else each
        for each in words.legend({each: counts[each] for each in AS_DRAWN})
    ]


def headline(figures: Figures, due: DecisionsDue) -> list[str]:
    """Whole sentences: how many are kept, how many are late now, and how many will be soon."""
    total, kept = figures.counts["total"], figures.counts["kept"]
    if not total:
        return [_("No promises were made in this time.")]
    said = [ngettext("%(kept)d of %(n)d promise is kept.", "%(kept)d of %(n)d promises are kept.", total)]
    said = [said[0] % {"kept": kept, "n": total}]
    if late := figures.counts["late"]:
        said.append(sentence(Standing.LATE, late))
    elif not figures.counts["at_risk"] and not figures.counts["moved"]:
        said.append(_("None is late."))
    if moved := figures.counts["moved"]:
        said.append(sentence(Standing.MOVED, moved))
    risk = figures.counts["at_risk"]
    if risk and due.last_risk_on:
        coming = ngettext(
            "%(n)d more will be late by %(day)s unless something changes.",
            "%(n)d more will be late by %(day)s unless something changes.",
            risk,
        )
        said.append(coming % {"n": risk, "day": date_format(due.last_risk_on, "DATE_FORMAT")})
    return said


def by_focus_area(figures: Figures) -> list[Drawn]:
    """All five, in the order of their list, also where nothing was promised."""
    rows = {row.key: row for row in figures.by_focus_area}
    none = dict.fromkeys(figures.counts, 0)
    found = []
    for code, name in FocusArea.choices:
        row = rows.get(code) or Row(code, str(name), none)
        found.append(drawn(row.counts, name=str(name), query=f"show=all&focus_area={code}", row=row))
    return found


def by_neighborhood(figures: Figures) -> list[Drawn]:
    """Neighborhoods, and first what names none at all."""
    rows = [row for row in figures.by_community if row.key is None or row.kind == Community.Kind.NEIGHBORHOOD]
    return [_community(row) for row in rows]


def by_group(figures: Figures) -> list[Drawn]:
    """Communities that are no neighborhood: languages, ages, faiths."""
    return [
        _community(row) for row in figures.by_community if row.key and row.kind != Community.Kind.NEIGHBORHOOD
    ]


def by_office(figures: Figures) -> list[Drawn]:
    """Who owns what is left, what is due first on top."""
    return [drawn(row.counts, name=row.name, query="", row=row) for row in figures.by_office]


def _community(row: Row) -> Drawn:
    name = row.name or _("For everyone")
    return drawn(row.counts, name=name, query=f"show=all&community={row.key or 'none'}", row=row)


def _parts(counts: Mapping[str, int]) -> list[Part]:
    parts, at = [], 0.0
    for each in AS_DRAWN:
        width = 100 * counts[each] / counts["total"]
        if counts[each]:
            parts.append(Part(MARKS[each], round(at, 2), round(width, 2)))
        at += width
    return parts
