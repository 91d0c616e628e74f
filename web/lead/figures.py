"""Figures as the pages of leadership show them: one mark a promise, the late ones said first, whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.decisions_due import DecisionsDue
from engage.models import Community, FocusArea
from engage.promise_matrices import Matrices, Row

# Each with its mark, in the order in which marks stand.
_MARKS: Final = (
    ("kept", "kept"), ("on_track", "track"), ("at_risk", "risk"), ("late", "late"), ("not_kept", "failed"),
    ("will_not_do", "stopped"),
)  # fmt: skip
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


def drawn(counts: Mapping[str, int], *, name: str = "", query: str = "", row: Row | None = None) -> Drawn:
    most = _MARKS_IN_A_ROW if row else MARKS_AT_MOST
    few = counts["total"] <= most
    return Drawn(
        name=name,
        query=query,
        counts=counts,
        marks=[mark for key, mark in _MARKS for _each in range(counts[key])] if few else [],
        parts=[] if few else _parts(counts),
        words=" ".join(sentences(counts)),
        row=row,
    )


def sentences(counts: Mapping[str, int]) -> list[str]:
    """A short sentence for each way to stand that any promise stands in, in the order of the marks."""
    words = {
        "kept": ngettext("%(n)d is kept.", "%(n)d are kept.", counts["kept"]),
        "on_track": ngettext("%(n)d is on track.", "%(n)d are on track.", counts["on_track"]),
        "at_risk": ngettext("%(n)d is at risk.", "%(n)d are at risk.", counts["at_risk"]),
        "late": ngettext("%(n)d is late.", "%(n)d are late.", counts["late"]),
        "not_kept": ngettext("%(n)d was not kept.", "%(n)d were not kept.", counts["not_kept"]),
        "will_not_do": ngettext("%(n)d was stopped.", "%(n)d were stopped.", counts["will_not_do"]),
    }
    return [words[key] % {"n": counts[key]} for key, _mark in _MARKS if counts[key]]


def legend(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Each mark that stands anywhere, with its number in words."""
    kept = ngettext(
        "%(n)d kept, %(on_time)d on time", "%(n)d kept, %(on_time)d of them on time", counts["kept"]
    )
    words = {
        "kept": kept % {"n": counts["kept"], "on_time": counts["kept_on_time"]},
        "on_track": _("{n} on track").format(n=counts["on_track"]),
        "at_risk": _("{n} at risk").format(n=counts["at_risk"]),
        "late": _("{n} late").format(n=counts["late"]),
        "not_kept": _("{n} not kept").format(n=counts["not_kept"]),
        "will_not_do": _("{n} stopped, with reasons").format(n=counts["will_not_do"]),
    }
    return [(mark, words[key]) for key, mark in _MARKS if counts[key]]


def headline(figures: Matrices, due: DecisionsDue) -> list[str]:
    """Whole sentences: how many are kept, how many are late now, and how many will be soon."""
    total, kept = figures.counts["total"], figures.counts["kept"]
    if not total:
        return [_("No promises were made in this time.")]
    said = [ngettext("%(kept)d of %(n)d promise is kept.", "%(kept)d of %(n)d promises are kept.", total)]
    said = [said[0] % {"kept": kept, "n": total}]
    if late := figures.counts["late"]:
        said.append(ngettext("%(n)d is late.", "%(n)d are late.", late) % {"n": late})
    elif not figures.counts["at_risk"]:
        said.append(_("None is late."))
    risk = figures.counts["at_risk"]
    if risk and due.last_risk_on:
        sentence = ngettext(
            "%(n)d more will be late by %(day)s unless something changes.",
            "%(n)d more will be late by %(day)s unless something changes.",
            risk,
        )
        said.append(sentence % {"n": risk, "day": date_format(due.last_risk_on, "DATE_FORMAT")})
    return said


def by_focus_area(figures: Matrices) -> list[Drawn]:
    """All five, in the order of their list, also where nothing was promised."""
    rows = {row.key: row for row in figures.by_focus_area}
    none = dict.fromkeys(figures.counts, 0)
    found = []
    for code, name in FocusArea.choices:
        row = rows.get(code) or Row(code, str(name), none)
        found.append(drawn(row.counts, name=str(name), query=f"show=all&focus_area={code}", row=row))
    return found


def by_neighborhood(figures: Matrices) -> list[Drawn]:
    """Neighborhoods, and first what names none at all."""
    rows = [row for row in figures.by_community if row.key is None or row.kind == Community.Kind.NEIGHBORHOOD]
    return [_community(row) for row in rows]


def by_group(figures: Matrices) -> list[Drawn]:
    """Communities that are no neighborhood: languages, ages, faiths."""
    return [
        _community(row) for row in figures.by_community if row.key and row.kind != Community.Kind.NEIGHBORHOOD
    ]


def by_office(figures: Matrices) -> list[Drawn]:
    """Who owns what is left, what is due first on top."""
    return [drawn(row.counts, name=row.name, query="", row=row) for row in figures.by_office]


def _community(row: Row) -> Drawn:
    name = row.name or _("For everyone")
    return drawn(row.counts, name=name, query=f"show=all&community={row.key or 'none'}", row=row)


def _parts(counts: Mapping[str, int]) -> list[Part]:
    parts, at = [], 0.0
    for key, mark in _MARKS:
        width = 100 * counts[key] / counts["total"]
        if counts[key]:
            parts.append(Part(mark, round(at, 2), round(width, 2)))
        at += width
    return parts
