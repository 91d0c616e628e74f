"""A resident's own page, behind the link of a place: the ticket, the line, the offer, and what became of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bench.truth.reading import rows, shown
from bench.truth.reading.event_times import hold_moment, hold_when
from bench.truth.reading.findings import Findings
from bench.truth.reading.papers import starts_before
from bench.truth.reading.words import days_in, times_in

_CODE = {"en": r"Your code:\s*(\w{5}) (\w{5})", "es": r"Su código:\s*(\w{5}) (\w{5})"}
_COME = {
    "en": r"come all the same|come anyway|may also come|show or say (?:your|the) code|Show this, or say|Take the place|Join online|You can come",
    "es": r"venga (?:de todos modos|igual)|También puede venir|[Mm]uestre (?:o diga|esto)|Aceptar el lugar|Participar en línea|Puede venir",
}
_LINE = {"en": r"You are number (\d+) in line", "es": r"Es el número (\d+) en la lista"}
_OFF = {"en": r"called off|cancel+ed", "es": r"cancel"}
_OVER = {"en": r"is over|what we heard|You came", "es": r"terminó|lo que escuchamos|Usted vino"}
_CAME = {"en": r"Welcome, you are checked in", "es": r"Le damos la bienvenida, su llegada está registrada"}
_UNTIL = {"en": r"It is yours if you take it by", "es": r"Es suyo si lo acepta antes de:"}


def read_ticket(
    found: Findings, answer: Any, event: dict[str, Any], rsvp: dict[str, Any], now: dt.datetime, asked: str
) -> None:
    """answer: the page; place: its row, with whether the party came."""
    where = f"ticket of {rsvp['id']} ({asked})"
    hold = found.hold
    if not hold(answer.status_code == 200, "a link opens its place", where, answer.status_code, rsvp):
        return
    page = answer.content.decode()
    language = re.search(r'<html[^>]*\blang="(\w\w)', page)[1]  # type: ignore[index]
    markup = shown.main_of(page)
    text = shown.text_of(markup)
    off, over = rows.is_off(event), rows.is_over(event, now)
    codes = [first + second for first, second in re.findall(_CODE[language], text)]
    row = event | {
        "place": {
            name: rsvp[name] for name in ("status", "party_size", "queue_number", "came", "offers_lapsed")
        }
    }
    hold(not codes or codes == [rsvp["checkin_code"]], "the code of a place", where, codes, row)
    hold(not (codes and rsvp["status"] != "confirmed"), "no code without a place", where, text, row)
    hold(not (codes and (off or over)), "no code for what is off or over", where, text, row)
    comes = re.search(_COME[language], text)
    if off or over:
        hold(
            comes is None,
            "nobody is asked to come to what is off or over",
            where,
            comes and f"{comes[0]} in: {text}",
            row,
        )
        marks = _OFF if off else _OVER
        if off or rsvp["status"] != "cancelled":
            hold(
                bool(re.search(marks[language], text[:300], re.IGNORECASE)),
                "that a meeting is off or over",
                where,
                text,
                row,
            )
    elif rsvp["status"] == "confirmed" and rsvp["came"]:
        # Who is in needs to show nothing more.
        hold(bool(re.search(_CAME[language], text)), "that a party is checked in", where, text, row)
    elif rsvp["status"] == "confirmed":
        hold(bool(codes) or event["format"] == "online", "a place that stands has its code", where, text, row)
    if rsvp["status"] == "cancelled":
        hold(not codes, "no code without a place", where, text, row)
        return
    when = re.search(r"<dt>(?:When|Cuándo)</dt>\s*<dd>(.*?)</dd>", markup, re.DOTALL)
    if when:
        _when(found, when[1], event, language, where, off=off)
    people = re.search(r"<dt>(?:People|Personas)</dt>\s*<dd>(\d+)", markup)
    if people:
        hold(int(people[1]) == rsvp["party_size"], "how many people", where, people[0], row)
    if not off and not over:
        _in_line(found, text, event, rsvp, language, where)


def _when(
    found: Findings, markup: str, event: dict[str, Any], language: str, where: str, *, off: bool
) -> None:
    """What is struck out is what it was, or the hour of what is off; what stands is what holds now."""
    struck = [shown.text_of(one) for one in re.findall(r"<s\s*>(.*?)</s\s*>", markup, re.DOTALL)]
    if off and struck:
        hold_when(found, struck[0], event, language, where, today=dt.date.min)
        return
    if struck:
        told = (
            {(day.month, day.day) for day in days_in(struck[0], language)[:1]},
            set(times_in(struck[0], language)[:1]),
        )
        before = starts_before(event)
        right = any(told == ({(one.month, one.day)}, {one.time()}) for one in before)
        found.hold(right, "when a moved meeting was", where, struck, {"before": before})
    stands = re.sub(
        r'(?:<span class="unseen">[^<]*</span>\s*)?<s\s*>.*?</s\s*>\s*(?:<br>)?', "", markup, flags=re.DOTALL
    )
    said = shown.text_of(re.split(r"<br>|</p>", stands)[0])
    found.hold(said not in struck, "a moved meeting is not moved to where it was", where, markup, event)
    hold_when(found, said, event, language, where, today=dt.date.min)


def _in_line(
    found: Findings, text: str, event: dict[str, Any], rsvp: dict[str, Any], language: str, where: str
) -> None:
    line = re.search(_LINE[language], text)
    most = event["capacity"] or 1000
    if rsvp["status"] == "waitlisted" and rsvp["party_size"] <= most:
        # A party larger than the room is in nobody's way.
        (before,) = rows.ask(
            "SELECT count(*) AS n FROM events_rsvp WHERE event_id = %s AND status = 'waitlisted' AND queue_number <= %s"
            " AND party_size <= %s", event["id"], rsvp["queue_number"], most,
        )  # fmt: skip
        said = int(line[1]) if line else 0
        found.hold(said == before["n"], "the place in line", where, text, rsvp)
    else:
        found.hold(line is None, "nobody who does not wait, or fits no room, is in line", where, text, rsvp)
    if rsvp["status"] == "offered":
        until = re.search(_UNTIL[language], text)
        if found.hold(until is not None, "an offer says until when", where, text, rsvp) and until:
            told = re.split(r"Take the place|Aceptar el lugar", text[until.end() :])[0]
            hold_moment(
                found, told, rsvp["offer_expires_at"], event, language, where, "until when an offer stands"
            )


def read_own_answer(found: Findings, told: Any, event: dict[str, Any], rsvp: dict[str, Any]) -> None:
    """The same by the API."""
    where = f"API-place of {rsvp['id']}"
    found.hold(told["status"] == rsvp["status"], "how a place stands", where, told, rsvp)
    found.hold(told["party_size"] == rsvp["party_size"], "how many people", where, told, rsvp)
    found.hold(
        dt.datetime.fromisoformat(told["event"]["starts_at"]) == event["starts_at"],
        "starts_at of a meeting",
        where,
        told,
        event,
    )
    said = told["offer_expires_at"] and dt.datetime.fromisoformat(told["offer_expires_at"])
    found.hold((said or None) == rsvp["offer_expires_at"], "until when an offer stands", where, told, rsvp)
