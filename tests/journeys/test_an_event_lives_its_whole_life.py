"""One evening, from the first plan to the promise kept, through HTTP, a real worker and a real mailbox."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from typing import Any

import httpx
import pytest

from tests.journeys.running_demo import Demo, wait_for

pytestmark = pytest.mark.slow

logging.getLogger("httpx").setLevel(logging.WARNING)

MINUTE = dt.timedelta(minutes=1)


def soon(after: dt.timedelta) -> str:
    return (dt.datetime.now(dt.UTC) + after).isoformat(timespec="seconds")


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None


def an_event(liaison: httpx.Client, *, starts_in: dt.timedelta, **more: Any) -> dict[str, Any]:
    """A published meeting of one hour with a reminder five minutes before."""
    body = {
        "title": "Town hall: traffic stops and searches",
        "kind": "town_hall",
        "starts_at": soon(starts_in),
        "ends_at": soon(starts_in + 60 * MINUTE),
        "timezone": "America/Chicago",
    }
    event: dict[str, Any] = ok(liaison.post("/events/", json=body | more))
    ok(liaison.post("/reminder-rules/", json={"event": event["id"], "minutes_before": 5, "channel": "email"}))
    return ok(liaison.post(f"/events/{event['id']}/publish/", json={}))  # type: ignore[no-any-return]


def subject_has(demo: Demo, to: str, count: int) -> list[dict[str, Any]]:
    letters = demo.letters(to)
    return letters if len(letters) >= count else []


def sequence(calendar: str) -> int:
    found = re.search(r"^SEQUENCE:(\d+)", calendar, re.MULTILINE)
    assert found, calendar
    return int(found[1])


def test_a_reminder_comes_once_and_a_moved_event_reminds_again(demo: Demo) -> None:
    resident = "moved@mail.example"
    with demo.api("liaison") as liaison, demo.api() as public:
        event = an_event(liaison, starts_in=5 * MINUTE + dt.timedelta(seconds=25))
        ok(public.post(f"/events/{event['id']}/rsvps/", json={"email": resident}))
        (confirmation,) = wait_for(
            lambda: subject_has(demo, resident, 1), seconds=15, what="the confirmation"
        )
        first = demo.calendar(confirmation)
        assert "METHOD:REQUEST" in first

        # The rule falls due 25 seconds after the RSVP; the design allows 30 more.
        letters = wait_for(lambda: subject_has(demo, resident, 2), seconds=60, what="the reminder")
        due = dt.datetime.fromisoformat(event["starts_at"]) - 5 * MINUTE
        arrived = dt.datetime.fromisoformat(letters[1]["received_at"])
        assert dt.timedelta() <= arrived - due < dt.timedelta(seconds=30)

        moved = {"starts_at": soon(5 * MINUTE + dt.timedelta(seconds=35)), "ends_at": soon(90 * MINUTE)}
        ok(liaison.patch(f"/events/{event['id']}/", json=moved))
        letters = wait_for(lambda: subject_has(demo, resident, 3), seconds=15, what="word of the move")
        update = demo.calendar(letters[2])
        assert "METHOD:REQUEST" in update
        assert sequence(update) > sequence(first)
        letters = wait_for(
            lambda: subject_has(demo, resident, 4), seconds=75, what="the reminder of the new time"
        )

        ok(liaison.post(f"/events/{event['id']}/cancel/", json={"reason": "The hall is flooded."}))
        letters = wait_for(lambda: subject_has(demo, resident, 5), seconds=15, what="the cancellation")
        cancelled = demo.calendar(letters[4])
        assert "METHOD:CANCEL" in cancelled
        assert sequence(cancelled) > sequence(update)
        time.sleep(6)
        assert len(demo.letters(resident)) == 5
        assert len({letter["message_id"] for letter in demo.letters(resident)}) == 5


def test_from_what_was_said_to_the_commitment_kept(demo: Demo) -> None:
    asker, came = "asker@mail.example", "came@mail.example"
    with demo.api("liaison") as liaison, demo.api("leader") as leader, demo.api() as public:
        event = an_event(liaison, starts_in=30 * MINUTE, capacity=2)
        path = f"/events/{event['id']}"
        rsvp = ok(public.post(f"{path}/rsvps/", json={"email": came, "party_size": 2}))
        assert rsvp["status"] == "confirmed"
        waiting = ok(
            public.post(f"{path}/rsvps/", json={"email": asker, "question": "Who reads the videos?"})
        )
        assert (waiting["status"], waiting["waitlist_position"]) == ("waitlisted", 1)

        ok(liaison.post(f"{path}/start/", json={}))
        arrival = ok(
            liaison.post(f"{path}/check-ins/", json={"client_id": "d-1", "code": rsvp["checkin_code"]})
        )
        assert arrival["already_here"] is False
        again = liaison.post(f"{path}/check-ins/", json={"client_id": "d-1", "code": rsvp["checkin_code"]})
        assert (again.status_code, again.json()["already_here"]) == (200, True)

        theme = ok(liaison.post(f"{path}/themes/", json={"title": "Who reads the videos"}))
        commitment = ok(
            liaison.post(
                "/commitments/",
                json={
                    "title": "We publish who may read body camera videos",
                    "done_means": "The list is on the city's page.",
                    "owner_office": "Records",
                    "focus_area": "procedural_justice",
                    "event": event["id"],
                    "theme": theme["id"],
                    "due_on": "2027-06-30",
                },
            )
        )
        ok(liaison.post(f"{path}/end/", json={}))
        ok(liaison.post(f"{path}/summary/", json={}))
        ok(liaison.patch(f"{path}/summary/", json={"will_do": [commitment["id"]]}))
        early = liaison.post(f"{path}/summary/publish/", json={})
        assert (early.status_code, early.json()["code"]) == (409, "not_approved")
        ok(leader.post(f"{path}/summary/approve/", json={"reply": "I will answer for this."}))
        ok(liaison.post(f"{path}/summary/publish/", json={}))
        wait_for(
            lambda: [one for one in demo.letters(came) if commitment["title"] in (one["text"] or "")],
            seconds=20,
            what="the summary",
        )

        refused = leader.post(f"/commitments/{commitment['id']}/updates/", json={"status": "kept"})
        assert (refused.status_code, refused.json()["code"]) == (400, "evidence_required")
        evidence = [{"kind": "link", "url": "https://records.example/list", "title": "The list"}]
        ok(
            leader.post(
                f"/commitments/{commitment['id']}/updates/", json={"status": "kept", "evidence": evidence}
            )
        )
        assert ok(public.get(f"/commitments/{commitment['id']}/"))["status"] == "kept"


@pytest.mark.parametrize("method", ["get", "head"])
def test_no_link_in_any_mail_changes_anything_when_it_is_opened(demo: Demo, method: str) -> None:
    resident = f"scanned-{method}@mail.example"
    with demo.api("liaison") as liaison, demo.api() as public:
        event = an_event(liaison, starts_in=40 * MINUTE)
        rsvp = ok(public.post(f"/events/{event['id']}/rsvps/", json={"email": resident}))
        (letter,) = wait_for(lambda: subject_has(demo, resident, 1), seconds=15, what="the confirmation")
        links = re.findall(r"https?://[^\s\"<>)]+", (letter["html"] or "") + (letter["text"] or ""))
        assert links
        for link in set(links):
            if link.startswith(demo.credentials["base_url"]):
                answer = httpx.request(method, link, follow_redirects=True, timeout=20)
                assert answer.status_code < 400, link
        now = ok(public.get(f"/rsvps/{rsvp['manage_token']}/"))
        assert now["status"] == "confirmed"
