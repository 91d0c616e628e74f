"""What the office reads: the board, an event's own page, the list at the door, and who answers for what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bench.truth.reading import rows, shown
from bench.truth.reading.event_pages import hold_counts
from bench.truth.reading.event_times import hold_when, with_years
from bench.truth.reading.findings import Findings
from bench.truth.reading.words import days_in, times_in

_LANES = {
    "plan": "status = 'draft'",
    "published": "status = 'published'",
    "live": "status = 'live'",
    "wrap_up": "status = 'ended' AND NOT imported",
    "follow": "status = 'reported' AND starts_at >= clock.now() - interval '365 days' AND EXISTS (SELECT FROM engage_commitment c"
    " WHERE c.event_id = events_event.id AND NOT c.draft AND c.status IN ('open', 'in_progress'))",
}
# What somebody who is asked to act finds as a button, by how the event stands: on this page, and nowhere else.
_BUTTONS = {
    "Publish it": {"draft"},
    "End the event now": {"live"},
    "Cancel the event": {"published", "live"},
    "It takes place after all": {"cancelled"},
    "It is not over: go on with it": {"ended"},
    "Delete the draft": {"draft"},
}
_WORKS_HERE = (
    "EXISTS (SELECT FROM engage_role r JOIN engage_person p ON p.id = r.person_id WHERE r.person_id = {0}"
    " AND r.agency_id = {1} AND r.until IS NULL AND p.is_active)"
)


def hold_nobody_who_left(found: Findings, text: str, left: Mapping[str, str], where: str) -> None:
    """left: names by address."""
    named = [name for name in left.values() if re.search(rf"{re.escape(name)}\b", text)]
    found.hold(not named, "nobody is named who has left", where, named and f"{named} in: {text}")


def read_board(found: Findings, page: str, now: dt.datetime) -> None:
    markup, where = shown.main_of(page), "board"
    for key, condition in _LANES.items():
        lane = shown.part(markup, "div", f'id="lane-{key}"')
        (right,) = rows.ask(f"SELECT count(*) AS n FROM events_event WHERE {condition}")
        said = re.search(r'<h3>.*?<span class="num">(\d+)</span>', lane, re.DOTALL)
        if lane or right["n"]:
            same = said is not None and int(said[1]) == right["n"]
            found.hold(same, "how many events are in a stage", where, f"{key}: {said and said[1]}", right)
        for card in shown.parts(lane, "li", 'class="run"'):
            _card(found, card, key, now)
    (agency,) = rows.ask("SELECT timezone FROM engage_agency")
    today = now.astimezone(ZoneInfo(agency["timezone"])).date()
    ahead = rows.ask("SELECT * FROM events_event WHERE status IN ('published', 'live')")
    said = re.search(r"(No|\d+) events? today", shown.text_of(markup))
    right_number = sum(one["local_starts_at"].date() <= today <= rows.last_day(one) for one in ahead)
    # More are not shown, and not counted.
    if said and len(ahead) <= 6:
        same = said[1] == (str(right_number) if right_number else "No")
        found.hold(same, "how many events there are today", where, said[0], {"right": right_number})


def read_event_list(found: Findings, page: str, now: dt.datetime) -> None:
    """Its first page: the newest first, each with its days and how it stands."""
    markup, where = shown.main_of(page), "event-list"
    read = list(dict.fromkeys(re.findall(r'/events/([0-9a-f-]{36})/"', markup)))
    owed = rows.ask("SELECT id FROM events_event ORDER BY starts_at DESC, id DESC LIMIT 25")
    right = [str(row["id"]) for row in owed]
    found.hold(read == right, "which events are listed", where, read, {"right": right})
    for item in shown.parts(markup, "tr", ""):
        named = re.search(r'/events/([0-9a-f-]{36})/"', item)
        if named is None:
            continue
        event, text = rows.event_row(UUID(named[1])), shown.text_of(item)
        found.hold(event["title"] in text, "the title of a meeting", where, text, event)
        cells = {
            name: shown.text_of(shown.part(item, "td", f'data-label="{name}"')) for name in ("When", "State")
        }
        hold_when(found, cells["When"], event, "en", where, today=dt.date.min)
        state = cells["State"]
        found.hold(("Cancelled" in state) == rows.is_off(event), "that a meeting is off", where, text, event)
        found.hold(
            ("Happening now" in state) == rows.is_on(event, now), "that a meeting is on", where, text, event
        )
        hold_counts(found, state, event, "en", where)


def _card(found: Findings, card: str, lane: str, now: dt.datetime) -> None:
    named = re.search(r'id="card-([0-9a-f-]{36})"', card)
    if named is None:
        return
    event = rows.event_row(named[1])  # type: ignore[arg-type]
    text, where = shown.text_of(card), f"board-card of {event['id']}"
    stages = {"draft": "plan", "ended": "wrap_up", "reported": "follow"}
    stage = stages.get(event["status"], event["status"])
    found.hold(stage == lane, "the stage of an event", where, f"{lane}: {text}", event)
    first = shown.text_of(shown.part(card, "p", ""))
    days = with_years(days_in(first, "en"), now.date())
    right = [event["local_starts_at"].date()]
    right += [rows.last_day(event)] if rows.last_day(event) != right[0] else []
    same = len(days) == len(right) and all(
        one.is_(day, today=now.date()) for one, day in zip(days, right, strict=True)
    )
    found.hold(same, "the days of a meeting", where, first, event)
    hold_distance(found, first, event, now, where)
    _seats(found, text, event, where)
    (left,) = rows.ask(
        f"SELECT created_by_id IS NOT NULL AND NOT {_WORKS_HERE.format('e.created_by_id', 'e.agency_id')} AS nobodys"
        " FROM events_event e WHERE id = %s",
        event["id"],
    )
    if lane in {"plan", "published"}:
        said = "Whoever planned it has left" in text
        found.hold(said == left["nobodys"], "whether who planned it has left", where, text, event)
    said = "The rules of its time zone changed" in text
    right_rules = event["followed_rules_at"] is not None
    found.hold(said == right_rules, "that a zone's rules changed", where, text, event)


def hold_distance(found: Findings, said: str, event: dict[str, Any], now: dt.datetime, where: str) -> None:
    told = re.search(r"\bin (\d+) days?\b|\b(\d+) days? ago\b|\btoday\b", said)
    if told:
        days = int(told[1]) if told[1] else -int(told[2]) if told[2] else 0
        right = (event["local_starts_at"].date() - rows.there(event, now).date()).days
        found.hold(days == right, "how far away a meeting is", where, said, event)


def _seats(found: Findings, text: str, event: dict[str, Any], where: str) -> None:
    told = re.search(r"(\d+) of (\d+) places?(?:, (\d+) part(?:y|ies) waits?)?\.", text)
    if told:
        right = (event["seats_taken"], event["capacity"], rows.in_line(event))
        same = (int(told[1]), int(told[2]), int(told[3] or 0)) == right
        found.hold(same, "how many places are taken", where, text, event)
    for number in re.findall(r"(\d+) places? saved\.", text):
        same = int(number) == event["seats_taken"] and event["capacity"] is None
        found.hold(same, "how many places are taken", where, text, event)
    if "No RSVP needed" in text:
        found.hold(event["rsvp_mode"] == "none", "that nobody has to save a place", where, text, event)


def read_workspace(found: Findings, page: str, event: dict[str, Any], now: dt.datetime) -> None:
    markup, where = shown.main_of(page), f"workspace of {event['id']}"
    text, hold = shown.text_of(markup), found.hold
    head = shown.text_of(shown.part(shown.part(markup, "div", 'class="titlebar"'), "p", ""))
    hold_when(found, head.split(" · ")[0], event, "en", where, today=dt.date.min)
    hold_distance(found, head.split(" · ")[1], event, now, where)
    hold(
        ("This event is cancelled" in text) == rows.is_off(event), "that a meeting is off", where, text, event
    )
    for words, statuses in _BUTTONS.items():
        hold(
            words not in text or event["status"] in statuses, "what can be done with it", where, words, event
        )
    hold("Start the event now" not in text or event["status"] == "published", "what can be done with it", where, text, event)  # fmt: skip
    rules = event["followed_rules_at"] is not None and event["status"] in {"draft", "published", "live"}
    hold(("time zone changed" in text) == rules, "that a zone's rules changed", where, text, event)

    come = shown.text_of(shown.part(markup, "section", 'aria-labelledby="come"'))
    if event["rsvp_mode"] == "none":
        hold("No RSVP needed" in come, "that nobody has to save a place", where, come, event)
    else:
        taken = re.search(r"(\d+) (?:of (\d+) places?\.|places? saved\. There is no limit)", come)
        same = taken is not None and int(taken[1]) == event["seats_taken"]
        same = same and (int(taken[2]) if taken and taken[2] else None) == event["capacity"]
        hold(same, "how many places are taken", where, come, event)
        waits = re.search(r"(\d+) part(?:y|ies) waits?\.", come)
        hold((int(waits[1]) if waits else 0) == rows.in_line(event), "how many wait", where, come, event)
        larger = re.search(r"(\d+) part(?:y|ies) that waits? (?:is|are) larger than the room\.", come)
        right = event["waiting"] - rows.in_line(event)
        hold(
            (int(larger[1]) if larger else 0) == right,
            "how many are larger than the room",
            where,
            come,
            event,
        )
    came = re.search(r"(\d+) (?:person is|people are) here or came", come)
    if came:
        hold(int(came[1]) == _came(event), "how many came", where, come, event)
    _tabs(found, markup, event, where)


def _tabs(found: Findings, markup: str, event: dict[str, Any], where: str) -> None:
    (right,) = rows.ask(
        "SELECT (SELECT count(*) FROM events_accessrequest n JOIN events_rsvp r ON r.id = n.rsvp_id"
        "         WHERE n.event_id = e.id AND r.status <> 'cancelled') AS needs,"
        "       (SELECT count(*) FROM engage_contribution c WHERE c.event_id = e.id AND c.kind <> 'note') AS questions,"
        "       e.seats_taken AS rsvps FROM events_event e WHERE e.id = %s",
        event["id"],
    )
    tabs = shown.text_of(shown.part(markup, "ul", 'class="tabs"'))
    for name, key in (("RSVPs", "rsvps"), ("Needs", "needs"), ("Questions", "questions")):
        said = re.search(rf"\b{name} (\d+)", tabs)
        if said:
            same = int(said[1]) == right[key]
            found.hold(
                same, f"how many {name.lower()} there are", where, tabs, right | {"event": event["id"]}
            )
    table = shown.part(markup, "section", 'aria-labelledby="needed"')
    numbers = [int(one) for one in re.findall(r'<td class="n">(\d+)</td>', table)]
    same = sum(numbers) == right["needs"]
    found.hold(
        same, "how many requests there are", where, shown.text_of(table), right | {"event": event["id"]}
    )
    states = re.findall(r"(\d+) of (\d+) arranged", shown.text_of(table))
    (arranged,) = rows.ask(
        "SELECT count(*) FILTER (WHERE status IN ('arranged', 'met')) AS n FROM events_accessrequest WHERE event_id = %s",
        event["id"],
    )
    if len(numbers) == 1 and states:
        same = [int(one) for one in states[0]] == [arranged["n"], numbers[0]]
        found.hold(same, "how many requests are arranged", where, states, event)


def _came(event: dict[str, Any]) -> int:
    """By the totals once they are frozen, else by the rows."""
    frozen = event["totals_frozen_at"] and rows.ask(
        "SELECT came_people + walk_ins + head_count AS n FROM events_eventtotals WHERE event_id = %s", event["id"]
    )  # fmt: skip
    if frozen:
        return int(frozen[0]["n"])
    (counted,) = rows.ask(
        "SELECT coalesce((SELECT sum(party) FROM events_checkin WHERE event_id = %s AND undone_at IS NULL), 0)"
        "     + coalesce((SELECT sum(added - removed) FROM events_headcount WHERE event_id = %s), 0) AS n",
        event["id"],
        event["id"],
    )
    return int(counted["n"])


def read_door(found: Findings, page: str, event: dict[str, Any], now: dt.datetime) -> None:
    where, hold = f"door of {event['id']}", found.hold
    bar = shown.part(page, "header", 'class="door-bar"')
    when = shown.text_of(shown.part(bar, "p", ""))
    if when.startswith("Today"):
        begins = event["local_starts_at"]
        same = begins.date() == rows.there(event, now).date() and times_in(when, "en") == [begins.time()]
        hold(same, "when it is at the door", where, when, event)
    else:
        hold_when(found, when, event, "en", where, today=dt.date.min)
    text = shown.text_of(shown.main_of(page))
    open_ = event["status"] in {"published", "live"}
    hold(("This meeting is cancelled" in text) == rows.is_off(event), "that a meeting is off", where, text, event)  # fmt: skip
    hold(("This meeting is a draft" in text) == (event["status"] == "draft"), "a draft's door", where, text, event)  # fmt: skip
    if open_:
        hold("The door is closed" not in text, "whether the door is open", where, text, event)
    if "The door is closed" in text:
        together = re.search(r"All together (\d+)", text)
        same = together is not None and int(together[1]) == _came(event)
        hold(same, "how many came", where, text, event)
        return
    here = re.search(r"<dt>\s*here\s*</dt>\s*<dd>(\d+)</dd>", page)
    if here:
        hold(int(here[1]) == _came(event), "how many are here", where, here[0], event)
    expected = re.search(r"of (\d+) RSVPs? still to come\s*</dt>\s*<dd>(\d+)</dd>", page)
    if expected:
        held = [one for one in rows.rsvps_of(event["id"]) if one["status"] == "confirmed"]
        right = [len(held), sum(not one["came"] for one in held)]
        said = [int(expected[1]), int(expected[2])]
        hold(said == right, "how many are still to come", where, said, {"right": right} | event)


def hold_owners(found: Findings, told: Any, table: str, where: str) -> None:
    """The API's answers to staff: whoever is named works here; who has left is nobody. told: rows with id and owner."""
    for one in told:
        (row,) = rows.ask(
            f"SELECT t.owner_id, {_WORKS_HERE.format('t.owner_id', 't.agency_id')} AS works FROM {table} t WHERE t.id = %s",
            one["id"],
        )
        right = str(row["owner_id"]) if row["works"] else None
        found.hold(one["owner"] == right, "who answers for something", where, one, row)
