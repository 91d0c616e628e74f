"""What staff do with meetings. Each act is one function that takes the town; it returns the meeting it touched, or None."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.db import connection

from bench.truth.town import Town

ELSEWHERE = ("America/Denver", "America/New_York", "America/Phoenix")
# The last but one is that of the law which the story changes.
_CHANGES = ((2027, 3, 14), (2027, 11, 7), (2027, 11, 28), (2028, 3, 12))
_TITLES = (
    "Traffic stops and searches",
    "Youth and patrol",
    "Body cameras",
    "Night noise",
    "Parks after dark",
)


def some_event(town: Town, where: str, *values: Any) -> UUID | None:
    """One of those that the condition names, by the story's chance."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM events_event WHERE {where} ORDER BY id", values)
        ids = [row[0] for row in cursor.fetchall()]
    return town.random.choice(ids) if ids else None


def plan(town: Town) -> UUID | None:
    """A draft, and most are published at once: days or weeks ahead, of every kind that there is."""
    chance = town.random
    body = _a_plan(town)
    made = town.api("POST", "/events/", body)
    if not made.ok:
        return None
    event = UUID(made.body["id"])
    if chance.random() < 0.4:
        rule = {"event": str(event), "minutes_before": chance.choice([60, 1440, 4320]), "channel": "email"}
        town.api("POST", "/reminder-rules/", rule)
    if chance.random() < 0.85:
        town.api("POST", f"/events/{event}/publish/")
    return event


def _a_plan(town: Town) -> dict[str, Any]:
    chance = town.random
    here = town.now.astimezone(dt.UTC).date()
    day = here + dt.timedelta(days=chance.choice([1, 2, 3, 5, 8, 13, 21, 34]))
    hour, minute = chance.choice([(9, 0), (12, 0), (17, 30), (18, 0), (18, 30), (23, 0), (0, 0)])
    starts = dt.datetime.combine(day, dt.time(hour, minute))
    length = chance.choice([60, 90, 120, 90, 60 * 26, 60 * 50])
    kind = chance.choice(["in_person", "in_person", "online", "hybrid"])
    body: dict[str, Any] = {
        "title": f"{chance.choice(_TITLES)} {chance.randrange(1000)}",
        "description": "Come and say what you think.",
        "kind": chance.choice(["town_hall", "listening_session", "public_qa"]),
        "format": kind,
        "discreet": chance.random() < 0.12,
        "timezone": chance.choice(ELSEWHERE) if chance.random() < 0.2 else "America/Chicago",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + dt.timedelta(minutes=length)).isoformat(),
        "capacity": chance.choice([None, 2, 3, 4, 6, 8, 12]),
    }
    if kind != "online":
        body["venue"] = chance.choice([*town.venues, None])
        body["doors_open_at"] = (
            (starts - dt.timedelta(minutes=30)).isoformat() if chance.random() < 0.5 else None
        )
    if kind != "in_person":
        body["online_url"] = f"https://meet.example/{chance.randrange(10_000)}"
    if chance.random() < 0.1:
        body["rsvp_mode"] = "none"
    if chance.random() < 0.15:
        body["rsvp_closes_at"] = (starts - dt.timedelta(hours=6)).isoformat()
    if chance.random() < 0.1:
        body["rsvp_opens_at"] = (starts - dt.timedelta(hours=30)).isoformat()
    return body


def plan_at_a_clock_change(town: Town) -> UUID | None:
    """On the night of the next change: the hour that comes twice is meant once as the first and once as the second."""
    changes = [dt.datetime(year, month, night, tzinfo=dt.UTC) for year, month, night in _CHANGES]
    day = next((one for one in changes if one > town.now + dt.timedelta(days=2)), None)
    if day is None or day > town.now + dt.timedelta(days=50):
        return None
    body = _a_plan(town) | {"timezone": "America/Chicago", "discreet": False, "doors_open_at": None}
    body |= {"rsvp_opens_at": None, "rsvp_closes_at": None}
    if day.month == 11:
        body |= {
            "starts_at": f"{day.date()}T01:30:00",
            "fold": town.random.randrange(2),
            "ends_at": f"{day.date()}T04:00:00",
        }
    else:
        body |= {"starts_at": f"{day.date()}T01:30:00", "ends_at": f"{day.date()}T04:00:00"}
    made = town.api("POST", "/events/", body)
    if not made.ok:
        return None
    town.api("POST", f"/events/{made.body['id']}/publish/")
    return UUID(made.body["id"])


def publish_a_draft(town: Town) -> UUID | None:
    event = some_event(town, "status = 'draft' AND starts_at > clock.now()")
    if event:
        town.api("POST", f"/events/{event}/publish/")
    return event


def move_in_time(town: Town) -> UUID | None:
    """To another day or hour; now and then back to where it was."""
    event = some_event(town, "status = 'published' AND starts_at > clock.now() + interval '3 hours'")
    if event is None:
        return None
    row = town.api("GET", f"/events/{event}/").body
    starts, ends = (
        dt.datetime.fromisoformat(row[name]).replace(tzinfo=None) for name in ("starts_at", "ends_at")
    )
    by = dt.timedelta(minutes=town.random.choice([30, 60, 1440, 2880, -60]))
    back = town.moved_back.pop(event, None)
    if back is not None and town.random.random() < 0.6:
        fields = {"starts_at": back[0], "ends_at": back[1]}
    else:
        town.moved_back[event] = (starts.isoformat(), ends.isoformat())
        fields = {"starts_at": (starts + by).isoformat(), "ends_at": (ends + by).isoformat()}
    town.api("PATCH", f"/events/{event}/", fields)
    return event


def move_elsewhere(town: Town) -> UUID | None:
    """To another place, or into another zone with the clock as it stands."""
    event = some_event(town, "status IN ('published', 'live') AND ends_at > clock.now() + interval '3 hours'")
    if event is None:
        return None
    if town.random.random() < 0.7:
        fields: dict[str, Any] = {"venue": town.random.choice(town.venues)}
    else:
        fields = {"timezone": town.random.choice(["America/Chicago", *ELSEWHERE])}
    town.api("PATCH", f"/events/{event}/", fields)
    return event


def change_capacity(town: Town) -> UUID | None:
    event = some_event(town, "status = 'published' AND starts_at > clock.now() AND capacity IS NOT NULL")
    if event:
        town.api(
            "PATCH",
            f"/events/{event}/",
            {"capacity": town.random.choice([1, 2, 3, 4, 5, 6, 8, 10, 14, None])},
        )
    return event


def cancel(town: Town) -> UUID | None:
    """By a program, or at the desk, which says before how many are told at most."""
    event = some_event(town, "status IN ('published', 'live') AND ends_at > clock.now()")
    if event is None:
        return None
    reason = "The hall has no heating."
    if town.random.random() < 0.5:
        town.api("POST", f"/events/{event}/cancel/", {"reason": reason})
        return event
    page = town.desk(f"/events/{event}/cancel").content.decode()
    digest = re.search(r'name="confirm"\s+value="(\w+)"', page)
    told = re.search(r"At most (\d+) (?:person|people)", page)
    town.desk(f"/events/{event}/cancel", {"reason": reason, "confirm": digest[1] if digest else ""})
    town.foretold[event] = ("event_cancelled", int(told[1]) if told else 0)
    return event


def reinstate(town: Town) -> UUID | None:
    """It takes place after all."""
    event = some_event(town, "status = 'cancelled' AND ends_at > clock.now()")
    if event:
        town.api("POST", f"/events/{event}/reinstate/", {"note": "The heating works again."})
    return event


def start_by_hand(town: Town) -> UUID | None:
    """Most within two hours of its hour; some much too early, by a slip, and most slips are taken back."""
    slips = town.random.random() < 0.25
    near = "" if slips else "AND starts_at < clock.now() + interval '90 minutes'"
    event = some_event(town, f"status = 'published' AND starts_at > clock.now() {near}")
    if event:
        town.asked(f"/events/{event}/start/")
    return event


def take_a_start_back(town: Town) -> UUID | None:
    event = some_event(town, "status = 'live' AND starts_at > clock.now()")
    if event:
        town.api("POST", f"/events/{event}/undo-start/")
    return event


def end_by_hand(town: Town) -> UUID | None:
    event = some_event(town, "status = 'live'")
    if event:
        town.api("POST", f"/events/{event}/end/")
    return event


def take_an_end_back(town: Town) -> UUID | None:
    event = some_event(town, "status = 'ended' AND ended_at > clock.now() - interval '12 hours'")
    if event:
        town.api("POST", f"/events/{event}/undo-end/")
    return event


def check_somebody_in(town: Town) -> UUID | None:
    """By the code of the ticket, or without one."""
    event = some_event(town, "status = 'live'")
    if event is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT checkin_code FROM events_rsvp WHERE event_id = %s AND status = 'confirmed' ORDER BY id",
            [event],
        )
        codes = [row[0] for row in cursor.fetchall()]
    client_id = f"d-{town.random.randrange(10**9)}"
    body: dict[str, Any] = {"client_id": client_id, "walk_in": True, "party": town.random.randrange(1, 4)}
    if codes and town.random.random() < 0.85:
        body = {"client_id": client_id, "code": town.random.choice(codes)}
    town.api("POST", f"/events/{event}/check-ins/", body)
    return event


def summarize(town: Town) -> UUID | None:
    """Drafted, approved and published, as they come."""
    event = some_event(town, "status = 'ended'")
    if event is None:
        return None
    path = f"/events/{event}/summary/"
    town.api("POST", path)
    town.api("PATCH", path, {"next_steps": "We meet again in a month."})
    town.api("POST", f"{path}approve/", {"reply": "I will answer for this."}, who="leader")
    town.api("POST", f"{path}publish/")
    return event
