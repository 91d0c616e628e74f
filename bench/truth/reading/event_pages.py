"""A meeting as everybody sees it: its page, its row in the list, what it says to machines, and the API's answer."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from bench.truth.reading import rows, shown
from bench.truth.reading.event_times import hold_when
from bench.truth.reading.findings import Findings
from bench.truth.reading.papers import hold_was
from bench.truth.reading.words import days_in, one_line

_OFF = {"en": r"called off|cancel+ed", "es": r"cancel"}
_OVER = {"en": r"is over|what we heard", "es": r"terminó|lo que escuchamos"}
_ON = {"en": r"happening now", "es": r"ahora mismo"}
# What invites somebody: none of it stands beside a meeting that is off or over.
_INVITES = {
    "en": r"Save my place|Save a place|Join the waitlist|Walk in\b|You can still come|[Cc]ome as you are|places? left|room for everyone|Add to calendar|RSVP needed|How many people are coming",
    "es": r"Reservar mi lugar|Reservar un lugar|Entrar en la lista de espera|Venga y entre|Venga; no hace falta|Todavía puede (?:entrar|venir)|Venga tal como|Quedan? \d+(?: de \d+)? lugar|Hay lugar para todas|Agregar al calendario|hace falta reservar|Cuántas personas vienen",
}
_LEFT = {"en": r"(\d+)(?: of (\d+))? places? left", "es": r"[Qq]uedan? (\d+)(?: de (\d+))? lugar"}
_ALL_TAKEN = {"en": r"All (\d+) (?:seats|places) are taken", "es": r"Los (\d+) lugares están ocupados"}
_FULL = {
    "en": r"This meeting is full|Full\. You can join",
    "es": r"Esta reunión está llena|No quedan lugares",
}


def read_page(found: Findings, fetch: Any, event: dict[str, Any], now: dt.datetime, language: str) -> None:
    where = f"page of {event['id']} ({language})"
    answer = fetch(f"/events/{event['id']}", language=language)
    shows = event["audience"] == "public" and event["status"] != "draft"
    if not found.hold(
        (answer.status_code == 200) == shows, "who finds a meeting's page", where, answer.status_code, event
    ):
        return
    if not shows:
        return
    page = answer.content.decode()
    markup = shown.main_of(page)
    markup = _without_others(found, markup, event, language, where)
    text = shown.text_of(markup)
    facts = re.search(r"<time\s+datetime=\"([^\"]+)\"\s*>(.*?)</time>", markup, re.DOTALL)
    found.hold(
        facts is not None and dt.datetime.fromisoformat(facts[1]) == event["starts_at"],
        "the start for machines",
        where,
        facts and facts[0],
        event,
    )
    if facts:
        hold_when(found, shown.text_of(facts[2]), event, language, where, today=dt.date.min)
    _state(found, text, event, now, language, where)
    hold_was(found, markup, event, language, where)
    hold_counts(found, text, event, language, where)
    _for_machines(found, shown.structured(page), event, where)


def _without_others(found: Findings, markup: str, event: dict[str, Any], language: str, where: str) -> str:
    """The page without what it says of another meeting, which is held against that one."""
    other = re.compile(
        r'<(li|p)>\s*<a\s+href="(?:/es)?/events/([0-9a-f-]{36})"\s*>(.*?)</a>(.*?)</\1>', re.DOTALL
    )
    for offered in other.finditer(markup):
        if offered[2] != str(event["id"]):
            row, said = rows.event_row(UUID(offered[2])), shown.text_of(offered[0])
            told, right = days_in(said, language), row["local_starts_at"]
            if told:
                same = (told[0].month, told[0].day) == (right.month, right.day)
                found.hold(same, "the days of another meeting", where, said, row)
            hold_counts(found, said, row, language, f"offer on {where}")
            stands = row["status"] in {"published", "live"}
            found.hold(stands, "another meeting that is offered stands", where, said, row)
    return other.sub(lambda one: one[0] if one[2] == str(event["id"]) else " ", markup)


def _state(
    found: Findings, text: str, event: dict[str, Any], now: dt.datetime, language: str, where: str
) -> None:
    hold = found.hold
    head = text[:600]
    invites = re.search(_INVITES[language], text)
    if rows.is_off(event):
        hold(
            bool(re.search(_OFF[language], head, re.IGNORECASE)), "that a meeting is off", where, text, event
        )
        hold(
            invites is None,
            "nobody is asked to come to what is off or over",
            where,
            invites and f"{invites[0]} in: {text}",
            event,
        )
    elif rows.is_over(event, now):
        hold(
            bool(re.search(_OVER[language], head, re.IGNORECASE)),
            "that a meeting is over",
            where,
            text,
            event,
        )
        hold(
            invites is None,
            "nobody is asked to come to what is off or over",
            where,
            invites and f"{invites[0]} in: {text}",
            event,
        )
    elif rows.is_on(event, now):
        hold(bool(re.search(_ON[language], head, re.IGNORECASE)), "that a meeting is on", where, text, event)
    else:
        hold(
            not re.search(
                rf"This meeting is (?:called|over|cancel)|{_ON['en']}|Esta reunión (?:se canceló|terminó)|{_ON['es']}",
                text,
                re.IGNORECASE,
            ),
            "that a meeting is ahead",
            where,
            text,
            event,
        )


def hold_counts(found: Findings, text: str, event: dict[str, Any], language: str, where: str) -> None:
    """ "N places left", "all taken", "full": each against the counters, and the counters against the places."""
    free = rows.free(event)
    left = None if free is None else 0 if rows.in_line(event) else free
    for number, of in re.findall(_LEFT[language], text):
        right = int(number) == left and (not of or int(of) == event["capacity"])
        found.hold(right, "how many places are left", where, text, event)
    for number in re.findall(_ALL_TAKEN[language], text):
        found.hold(
            int(number) == event["capacity"] and free == 0, "that all seats are taken", where, text, event
        )
    if re.search(_FULL[language], text):
        found.hold(free == 0, "that a meeting is full", where, text, event)
    if re.search(r"room for everyone|Hay lugar para todas", text):
        found.hold(
            free is None and not rows.in_line(event), "that there is room for everyone", where, text, event
        )


def hold_sums(found: Findings, event: dict[str, Any], rsvps: list[dict[str, Any]]) -> None:
    """What the counters say is what the places say; else every page would be wrong together."""
    sums = [
        sum(one["party_size"] for one in rsvps if one["status"] == "confirmed"),
        sum(one["party_size"] for one in rsvps if one["status"] == "offered"),
        sum(1 for one in rsvps if one["status"] == "waitlisted"),
    ]
    counters = [event["seats_taken"], event["seats_held"], event["waiting"]]
    # Once a meeting is in the record its places are erased; its numbers stay.
    gone = event["totals_frozen_at"] is not None and all(
        one <= counter for one, counter in zip(sums, counters, strict=True)
    )
    right = sums == counters or gone
    found.hold(right, "the counters are the places' sums", f"rows of {event['id']}", sums, event)
    if event["capacity"] is not None:
        found.hold(
            sums[0] + sums[1] <= event["capacity"], "never oversold", f"rows of {event['id']}", sums, event
        )


def _for_machines(found: Findings, told: Any, event: dict[str, Any], where: str) -> None:
    if told is None:
        found.hold(event["discreet"], "a public meeting is told to machines", where, None, event)
        return
    where = f"JSON-LD {where}"
    found.hold(
        dt.datetime.fromisoformat(told["startDate"]) == event["starts_at"],
        "the start for machines",
        where,
        told,
        event,
    )
    found.hold(
        dt.datetime.fromisoformat(told["endDate"]) == event["ends_at"],
        "the end for machines",
        where,
        told,
        event,
    )
    off = told["eventStatus"].endswith("EventCancelled")
    found.hold(off == rows.is_off(event), "that a meeting is off", where, told, event)
    if "remainingAttendeeCapacity" in told:
        free = rows.free(event)
        left = None if free is None else 0 if rows.in_line(event) else free
        found.hold(told["remainingAttendeeCapacity"] == left, "how many places are left", where, told, event)


def read_list(found: Findings, fetch: Any, now: dt.datetime, language: str, slug: str) -> None:
    """Each row of what is coming, against the meeting it leads to."""
    page = fetch(f"/agencies/{slug}/meetings/", language=language).content.decode()
    listed = {}
    for item in shown.parts(shown.main_of(page), "li", 'class="event[ "]'):
        (event_id,) = re.findall(r"/events/([0-9a-f-]{36})", item)[:1]
        listed[event_id] = item
    for event_id, item in listed.items():
        event = rows.event_row(event_id)
        where = f"list row of {event_id} ({language})"
        said = re.search(r"<time\s+datetime=\"([^\"]+)\"\s*>(.*?)</time>", item, re.DOTALL)
        found.hold(
            said is not None and dt.datetime.fromisoformat(said[1]) == event["starts_at"],
            "the start for machines",
            where,
            item,
            event,
        )
        if said:
            today = now.astimezone(dt.UTC).date()
            hold_when(found, shown.text_of(said[2]), event, language, where, today=today)
        words = shown.text_of(shown.part(item, "p", 'class="event__seats'))
        hold_counts(found, words, event, language, where)
        found.hold(not rows.is_over(event, now), "what is over is not coming", where, item, event)
        off = bool(re.search(_OFF[language], words, re.IGNORECASE))
        found.hold(off == rows.is_off(event), "that a meeting is off", where, words, event)
        on = bool(re.search(_ON[language], words, re.IGNORECASE))
        found.hold(
            on == (rows.is_on(event, now) and not rows.is_off(event)),
            "that a meeting is on",
            where,
            words,
            event,
        )
        if not event["discreet"]:
            found.hold(
                event["title"] in one_line(shown.text_of(item)), "the title of a meeting", where, item, event
            )
    soon = rows.ask(
        "SELECT id FROM events_event WHERE audience = 'public' AND status IN ('published', 'live') AND ends_at > %s"
        " ORDER BY starts_at, id LIMIT 10", now,
    )  # fmt: skip
    missing = [str(row["id"]) for row in soon if str(row["id"]) not in listed]
    found.hold(
        not missing, "what is coming stands in the list", f"list ({language})", missing, sorted(listed)
    )


def read_answer(found: Findings, answer: Any, event: dict[str, Any], now: dt.datetime) -> None:
    """The API's answer to everybody."""
    where = f"API of {event['id']}"
    shows = event["audience"] == "public" and event["status"] != "draft"
    if (
        not found.hold(
            (answer.status == 200) == shows, "who finds a meeting's page", where, answer.status, event
        )
        or not shows
    ):
        return
    told = answer.body
    for name in ("starts_at", "ends_at", "doors_open_at"):
        right = event[name]
        said = dt.datetime.fromisoformat(told[name]) if told[name] else None
        found.hold(said == right, f"{name} of a meeting", where, told[name], event)
        if said is not None:
            found.hold(
                said.replace(tzinfo=None) == rows.there(event, right),
                f"{name} on its clock",
                where,
                told[name],
                event,
            )
    for name in ("status", "sequence", "timezone", "capacity", "cancelled_reason"):
        found.hold(told[name] == event[name], f"{name} of a meeting", where, told[name], event)
    free = rows.free(event)
    left = None if free is None or event["discreet"] else 0 if rows.in_line(event) else free
    found.hold(told["seats_left"] == left, "how many places are left", where, told["seats_left"], event)
    if "standing" in told:
        _standing(found, told, event, now, where)


def _standing(
    found: Findings, told: dict[str, Any], event: dict[str, Any], now: dt.datetime, where: str
) -> None:
    said, free = told["standing"], rows.free(event)
    if rows.is_off(event):
        right = said == "cancelled"
    elif event["status"] == "reported":
        right = said == "reported"
    elif rows.is_over(event, now):
        right = said == "over"
    elif rows.is_on(event, now):
        right = said == "live"
    elif event["status"] == "published" and not event["imported"] and event["rsvp_mode"] == "none":
        right = said == "walk_in"
    elif said == "full":
        right = free == 0
    elif said == "open":
        right = free is None or (free > 0 and not rows.in_line(event))
    else:
        right = said in {"listed", "walk_in", "not_yet", "closed", "held_for_group"}
    found.hold(
        right,
        "how a meeting stands",
        where,
        {name: told[name] for name in ("standing", "taking") if name in told},
        event,
    )
