"""The public promises: one mark each, worked out here once more from its days, and its line in list and page."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any
from zoneinfo import ZoneInfo

from bench.truth.reading import rows, shown
from bench.truth.reading.findings import Findings
from bench.truth.reading.papers import read_plain_address
from bench.truth.reading.words import days_in

_LATE = {"en": r"^Late by (\d+) days?$", "es": r"^Con (\d+) días? de atraso$"}
_KEPT_LATE = {"en": r"^Kept, (\d+) days? late$", "es": r"^Cumplida, (\d+) días? tarde$"}
_FURTHER = re.compile(r'<a\s+class="more"\s+href="([^"]*)"|<a\s+href="([^"]*)"\s+rel="next"')
_PLAIN = {
    "on_track": {"en": "On track", "es": "En marcha"},
    "kept": {"en": "Kept on time", "es": "Cumplida a tiempo"},
    "kept_in_part": {"en": "Kept in part", "es": "Cumplida en parte"},
    "not_kept": {"en": "Not kept", "es": "No cumplida"},
    "will_not_do": {"en": "Stopped", "es": "No se hará"},
}


def public_commitments() -> list[dict[str, Any]]:
    return rows.ask(
        "SELECT c.*, a.timezone AS agency_zone, a.slug FROM engage_commitment c JOIN engage_agency a ON a.id = c.agency_id"
        " WHERE NOT c.draft ORDER BY c.number"
    )


def hold_mark(
    found: Findings, said: str, row: dict[str, Any], today: dt.date, language: str, where: str
) -> None:
    """said: the mark alone."""
    what = "how a promise stands"
    said = said.strip()
    if row["status"] == "kept" and row["closed_on"] > row["first_due_on"]:
        by = re.match(_KEPT_LATE[language], said)
        right = by is not None and int(by[1]) == (row["closed_on"] - row["first_due_on"]).days
    elif row["status"] in _PLAIN:
        right = said == _PLAIN[row["status"]][language]
    elif row["due_on"] < today:
        by = re.match(_LATE[language], said)
        right = by is not None and int(by[1]) == (today - row["due_on"]).days
    elif row["first_due_on"] < today:
        days = days_in(said, language)
        right = (
            len(days) == 2
            and days[0].is_(row["first_due_on"], today=today)
            and days[1].is_(row["due_on"], today=today)
        )
    else:
        right = said == _PLAIN["on_track"][language]
    found.hold(right, what, where, f"{said!r} on {today}", row)


def read_commitments(
    found: Findings, page: Any, now: dt.datetime, language: str, slug: str, *, whole: bool
) -> None:
    """The list, one page of it, and the numbers above it. page: fetches a path."""
    owed = public_commitments()
    where = f"promises list ({language})"
    read = _listed(page, f"/agencies/{slug}/promises/", language, whole=whole)
    for row in owed:
        today = now.astimezone(ZoneInfo(row["agency_zone"])).date()
        listed = read.get(row["number"])
        if listed is not None:
            hold_mark(found, shown.text_of(_mark(listed)), row, today, language, where)
        elif whole:
            found.hold(False, "every promise is in the list", where, sorted(read), row)
    if owed:
        row = owed[now.toordinal() % len(owed)]
        _one(found, page, row, now, language)


def _listed(page: Any, path: str, language: str, *, whole: bool) -> dict[int, str]:
    """Each promise's line by its number: of the first page, and where it is read whole of all that lie behind it."""
    read: dict[int, str] = {}
    ways, gone = [""], {""}
    while ways:
        markup = shown.main_of(page(path + ways.pop(), language=language).content.decode())
        for item in shown.parts(markup, "li", 'class="commitment"'):
            number = re.search(r"/promises/(\d+)/", item)
            read.setdefault(int(number[1]) if number else 0, item)
        further = [html.unescape(each[1] or each[2]) for each in _FURTHER.finditer(markup)] if whole else []
        ways += [each for each in further if each not in gone]
        gone.update(further)
    return read


def read_figures(found: Findings, told: dict[str, Any], now: dt.datetime) -> None:
    """Follow-through by the API: each mark counted here once more, all of them together, and the oldest late one."""
    owed = public_commitments()
    if not owed:
        return
    today = now.astimezone(ZoneInfo(owed[0]["agency_zone"])).date()
    right = dict.fromkeys(("on_track", "moved", "late", "kept", "kept_in_part", "not_kept", "will_not_do"), 0)
    for row in owed:
        right[_mark_of(row, today)] += 1
    counts, where = told["counts"], "follow-through"
    for name, number in right.items():
        found.hold(counts[name] == number, "how many promises stand so", where, counts, {name: number})
    found.hold(counts["total"] == len(owed), "how many promises there are", where, counts, len(owed))
    late = [(today - row["due_on"]).days for row in owed if _mark_of(row, today) == "late"]
    said = sorted(one["days"] for one in told["ageing"])
    found.hold(said == sorted(late), "how long promises are late", where, said, late)


def _mark_of(row: dict[str, Any], today: dt.date) -> str:
    if row["status"] not in {"open", "in_progress"}:
        return str(row["status"])
    if row["due_on"] < today:
        return "late"
    return "moved" if row["first_due_on"] < today else "on_track"


def _one(found: Findings, page: Any, row: dict[str, Any], now: dt.datetime, language: str) -> None:
    today = now.astimezone(ZoneInfo(row["agency_zone"])).date()
    where = f"promise {row['number']} ({language})"
    answer = page(f"/agencies/{row['slug']}/promises/{row['number']}/", language=language)
    found.hold(answer.status_code == 200, "a public promise has a page", where, answer.status_code, row)
    read_plain_address(found, page(f"/news/{row['id']}/", language=language), row)
    markup = shown.main_of(answer.content.decode())
    hold_mark(found, shown.text_of(_mark(markup)), row, today, language, where)
    due = {"en": "Due date", "es": "Fecha límite|Plazo|Vence"}[language]
    said = re.search(rf"(?:{due})\s*</dt>\s*<dd>(.*?)</dd>", markup, re.DOTALL)
    days = days_in(shown.text_of(said[1]), language) if said else []
    if found.hold(
        bool(days), "a promise's page says when it is due", where, said[1] if said else markup[:500], row
    ):
        found.hold(
            days[0].is_(row["due_on"], today=today), "when a promise is due", where, said and said[1], row
        )


def _mark(markup: str) -> str:
    return shown.part(markup, "span", 'class="status') or shown.part(markup, "p", 'class="status')
