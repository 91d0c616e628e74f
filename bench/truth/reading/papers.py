"""A meeting's poster, what is struck out on its page, and the plain address of a promise."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bench.truth.reading import rows, shown
from bench.truth.reading.event_times import hold_when, hold_zone
from bench.truth.reading.findings import Findings
from bench.truth.reading.words import days_in, times_in

_TOP: dict[str, dict[str, Any]] = {
    "en": {"off": "Cancelled", "over": "This meeting is over", "moved": ("New time", "New place"), "plain": "Public meeting"},
    "es": {"off": "Cancelada", "over": "Esta reunión terminó", "moved": ("Nueva fecha u hora", "Nueva hora y nuevo sitio", "Nuevo sitio"), "plain": "Reunión pública"},
}  # fmt: skip
_SAVE = {"en": "Save a place", "es": "Reserve un lugar"}


def read_poster(found: Findings, answer: Any, event: dict[str, Any], now: dt.datetime, language: str) -> None:
    where = f"poster of {event['id']} ({language})"
    shows = event["audience"] == "public" and event["status"] != "draft"
    found.hold((answer.status_code == 200) == shows, "who finds a poster", where, answer.status_code, event)
    if answer.status_code != 200:
        return
    markup = shown.main_of(answer.content.decode())
    top, words = shown.text_of(shown.part(markup, "p", 'class="poster__top"')), _TOP[language]
    off, over = rows.is_off(event), rows.is_over(event, now)
    found.hold(top.startswith(words["off"]) == off, "that a meeting is off", where, top, event)
    found.hold(top.startswith(words["over"]) == over, "that a meeting is over", where, top, event)
    if event["schedules"] in ([], "[]") and not off and not over:
        found.hold(top.startswith(words["plain"]), "that a meeting stands as it did", where, top, event)
    day = shown.text_of(shown.part(markup, "p", 'class="poster__date"'))
    first = re.fullmatch(r"(\S+) (\d+) (\S+)", day)
    if found.hold(first is not None, "the day on a poster", where, day, event) and first:
        one = (
            f"{first[1]}, {first[3]} {first[2]}"
            if language == "en"
            else f"{first[1]}, {first[2]} de {first[3]}"
        )
        begins = event["local_starts_at"].date()
        said = days_in(one, language)
        same = len(said) == 1 and said[0].is_(begins, today=begins)
        found.hold(same, "the day on a poster", where, day, event)
    hours = shown.text_of(shown.part(shown.part(markup, "p", 'class="poster__venue"'), "b", ""))
    if rows.last_day(event) != event["local_starts_at"].date():
        hold_when(found, hours, event, language, where, today=dt.date.min)
    else:
        right = [event["local_starts_at"].time(), event["local_ends_at"].time()]
        told = times_in(hours, language)
        same = told == right or (not told and right == [dt.time(), dt.time()])
        found.hold(same, "the hours of a meeting", where, hours, event)
        hold_zone(found, hours, event, language, where)
    if event["venue_name"]:
        text = shown.text_of(markup)
        found.hold(event["venue_name"] in text, "the place of a meeting", where, text, event)
    if off or over or event["rsvp_mode"] == "none":
        go = shown.text_of(shown.part(markup, "p", 'class="poster__go"'))
        found.hold(_SAVE[language] not in go, "no place where none can be saved", where, go, event)


def read_wall(found: Findings, answer: Any, event: dict[str, Any], now: dt.datetime) -> None:
    """Thrown at the wall while somebody may come; with its code, and "save a place" only where one can be saved now."""
    where = f"wall of {event['id']}"
    stands = event["status"] in {"published", "live"} and not rows.is_over(event, now)
    shows = stands and event["audience"] == "public"
    found.hold((answer.status_code == 200) == shows, "who finds a wall", where, answer.status_code, event)
    if answer.status_code != 200:
        return
    text = shown.text_of(shown.main_of(answer.content.decode()))
    named = event["title"] in text
    found.hold(named != event["discreet"], "the title of a meeting", where, text, event)
    code = event["room_code"]
    if code:
        found.hold(f"{code[:3]} {code[3:]}" in text, "the code on a wall", where, text, event)
    opens, closes = event["rsvp_opens_at"], event["rsvp_closes_at"] or event["starts_at"]
    takes = event["rsvp_mode"] == "open" and not event["imported"]
    takes = takes and (opens is None or opens <= now) and now < closes
    if code:
        found.hold(("save a place" in text) == takes, "that a place can be saved", where, text, event)


def hold_was(found: Findings, markup: str, event: dict[str, Any], language: str, where: str) -> None:
    """The notice on a moved meeting's page: what is struck out was so once, and what stands beside it is so now."""
    notice = shown.part(markup, "section", 'aria-labelledby="moved"')
    for line in shown.parts(notice, "p", ""):
        was = shown.text_of(shown.part(line, "s", ""))
        stands = shown.text_of(shown.part(line, "b", ""))
        found.hold(was != stands, "a moved meeting is not moved to where it was", where, line, event)
        if not days_in(was, language):
            continue
        hold_when(found, stands, event, language, where, today=dt.date.min)
        before = starts_before(event)
        told = ({(one.month, one.day) for one in days_in(was, language)[:1]}, times_in(was, language)[:1])
        same = any(told == ({(one.month, one.day)}, [one.time()]) for one in before) or not told[1]
        found.hold(same, "when a moved meeting was", where, was, {"before": before})


def starts_before(event: dict[str, Any]) -> list[dt.datetime]:
    was = rows.ask(
        "SELECT data -> 'before' ->> 'starts' AS starts FROM engage_activity WHERE object_id = %s AND verb = 'event.moved'",
        event["id"],
    )
    return [dt.datetime.fromisoformat(row["starts"]) for row in was if row["starts"]]


def read_plain_address(found: Findings, answer: Any, row: dict[str, Any]) -> None:
    """``/news/…``: to the promise, and to no other."""
    where = f"news of promise {row['number']}"
    to = str(answer.headers.get("Location", ""))
    right = answer.status_code == 302 and to.endswith(f"/agencies/{row['slug']}/promises/{row['number']}/")
    found.hold(right, "where a promise's plain address leads", where, f"{answer.status_code} {to}", row)
