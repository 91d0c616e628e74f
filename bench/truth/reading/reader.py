"""Goes round after each step, reads what anybody could read, and keeps what was said before."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from bench.truth.reading import commitments, desk_pages, event_pages, new_rules, papers, rows, shown, tickets
from bench.truth.reading.calendars import CalendarsRead
from bench.truth.reading.findings import Findings
from bench.truth.reading.letters import LettersRead, plain
from bench.truth.reading.who_was_told import WhoWasTold

_MOST_TICKETS = 4
_LOOKS_AT_THE_DESK = 0.3


class Reader:
    """town: by its doors alone, and what its residents know. Reads in English and Spanish by turns."""

    def __init__(self, town: Any, findings: Findings) -> None:
        self._town = town
        self._found = findings
        self._letters = LettersRead(findings)
        self._calendars = CalendarsRead(findings)
        self._told = WhoWasTold(findings)
        self._turn = 0
        self._public_read_on: dt.datetime | None = None
        self._whole_read_on: dt.datetime | None = None

    def note(self, line: str) -> None:
        """What happened, to be told with whatever is found false next."""
        self._found.lately.append(line)

    def read_letters(self, came: list[Any]) -> None:
        for one in came:
            self.note(f"    letter {one.kind} to {one.to}: {one.letter['Subject']}")
            self._letters.read(one, self._town.now, stopped=self._town.stopped)
            where = f"letter:{one.kind} to {one.to}"
            self._hold_who_left(f"{one.letter['Subject']} {plain(one.letter)}", where)
            if one.to in self._town.left:
                last = one.kind == "access_ended"
                self._found.hold(last, "no letter to who has left", where, one.letter["Subject"])
        for event, (kind, most) in self._town.foretold.items():
            sent = [one.to for one in came if one.event == event and one.kind == kind]
            self._found.hold(
                len(sent) <= most, "how many are told", f"desk about {kind}", f"at most {most}, told {sent}"
            )
        self._town.foretold.clear()
        self._told.count(self._town.followers.keys() - self._town.stopped, self._town.arrived, self._town.now)

    def read_event(self, event_id: UUID) -> None:
        """The page, the file, the API's answer, and some of its tickets."""
        town, now = self._town, self._town.now
        found = rows.ask("SELECT 1 AS there FROM events_event WHERE id = %s", event_id)
        if not found:
            return
        event, held = rows.event_row(event_id), rows.rsvps_of(event_id)
        event_pages.hold_sums(self._found, event, held)
        event_pages.read_page(self._found, town.page, event, now, self._language())
        event_pages.read_answer(self._found, town.api("GET", f"/events/{event_id}/", who=""), event, now)
        if event["status"] != "draft" and event["audience"] == "public":
            content = town.page(f"/events/{event_id}/invite.ics").content
            self._calendars.read_file(content, event, "invite.ics")
        self._tickets(event, {one["id"]: one for one in held}, now)
        language = self._language()
        poster = town.page(f"/events/{event_id}/poster", language=language)
        papers.read_poster(self._found, poster, event, now, language)
        if told := town.no_room.pop(event_id, None):
            self._no_room(told, event)
        if town.random.random() < _LOOKS_AT_THE_DESK:
            self._desk(event, now)

    def _no_room(self, told: dict[str, Any], event: dict[str, Any]) -> None:
        """The answer to who wanted a place or nothing, of a moment ago: nothing has happened since."""
        free = rows.free(event)
        if "seats_left" in told and free is not None:
            said = told["seats_left"] + told["seats_kept"]
            self._found.hold(
                said == free, "how many places are left", f"event_full of {event['id']}", told, event
            )

    def _desk(self, event: dict[str, Any], now: dt.datetime) -> None:
        """As staff see it: its own page, the door, what people need and who answers for it."""
        town, path = self._town, f"/events/{event['id']}"
        workspace, door = town.desk(f"{path}/").content.decode(), town.door(event["id"]).content.decode()
        desk_pages.read_workspace(self._found, workspace, event, now)
        desk_pages.read_door(self._found, door, event, now)
        papers.read_wall(self._found, town.desk(f"{path}/wall"), event, now)
        needs = town.desk(f"{path}/needs").content.decode()
        for name, page in (("workspace", workspace), ("door", door), ("desk-needs", needs)):
            self._hold_who_left(shown.text_of(shown.main_of(page)), f"{name} of {event['id']}")
        told = town.api("GET", f"{path}/access-requests/").body["results"]
        desk_pages.hold_owners(self._found, told, "events_accessrequest", f"API-needs of {event['id']}")

    def _hold_who_left(self, text: str, where: str) -> None:
        desk_pages.hold_nobody_who_left(self._found, text, self._town.left, where)

    def what_stands(self) -> dict[Any, dict[str, Any]]:
        """Before a new law of a zone."""
        return new_rules.what_stands()

    def read_after_new_rules(self, before: dict[Any, dict[str, Any]], came: list[Any]) -> int:
        """What the law did, and each meeting that it touched. Returns how many have other instants now."""
        moved = new_rules.hold_new_rules(self._found, before, came)
        for event_id in before:
            self.read_event(event_id)
        return moved

    def _tickets(self, event: dict[str, Any], held: dict[UUID, dict[str, Any]], now: dt.datetime) -> None:
        town = self._town
        screens = town.screens.get(event["id"], [])
        if len(screens) > _MOST_TICKETS:
            screens = town.random.sample(screens, _MOST_TICKETS)
        for _who, link in screens:
            told = town.api("GET", f"/rsvps/{link.rpartition('/')[2]}/", who="")
            language = self._language()
            page = town.opened(link, language=language)
            if told.status == 404 and page.status_code in {404, 410}:
                continue
            rsvp = held.get(UUID(told.body["id"])) if told.ok else None
            if rsvp is None:
                self._found.hold(False, "a link opens its place", f"ticket {link}", told.body, event)
                continue
            tickets.read_ticket(self._found, page, event, rsvp, now, language)
            tickets.read_own_answer(self._found, told.body, event, rsvp)
            file = re.search(r'href="([^"]*/calendars/rsvp/[^"]*)"', page.content.decode())
            if file:
                content = town.opened(file[1]).content
                gone = rsvp["status"] == "cancelled"
                self._calendars.read_file(content, event, f"ticket.ics {rsvp['id']}", rsvp_gone=gone)

    def read_what_is_public(self) -> None:
        """The lists and the feed; at most once in two hours, since little of them changes."""
        town, now = self._town, self._town.now
        if self._public_read_on is not None and now - self._public_read_on < dt.timedelta(hours=2):
            return
        self._public_read_on = now
        self._calendars.read_feed(town.page(f"/calendars/{town.slug}.ics").content)
        event_pages.read_list(self._found, town.page, now, self._language(), town.slug)
        whole = self._whole_read_on is None or now - self._whole_read_on > dt.timedelta(days=1)
        self._whole_read_on = now if whole else self._whole_read_on
        commitments.read_commitments(self._found, town.page, now, self._language(), town.slug, whole=whole)
        board = town.desk("/").content.decode()
        desk_pages.read_board(self._found, board, now)
        commitments_page = town.desk("/commitments/").content.decode()
        for name, page in (("board", board), ("desk-promises", commitments_page)):
            self._hold_who_left(shown.text_of(shown.main_of(page)), name)
        desk_pages.read_event_list(self._found, town.desk("/events/").content.decode(), now)
        figures = town.api("GET", f"/insights/follow-through/?agency={town.slug}", who="").body
        commitments.read_figures(self._found, figures, now)
        told = town.api("GET", "/commitments/").body["results"]
        desk_pages.hold_owners(self._found, told, "engage_commitment", "API-promises")

    def _language(self) -> str:
        self._turn += 1
        return "en" if self._turn % 2 else "es"
