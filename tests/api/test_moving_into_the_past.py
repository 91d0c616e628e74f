"""A wrong year would begin and end an event at once: refused while anybody counts on it, whatever way the change comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from events.event.models import Event
from events.planning.lifecycle import advance_by_clock
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.api_clients import api_of
from tests.makers.events import a_draft, an_event, begins_at
from tests.makers.followers import a_follower
from tests.makers.mail_server import a_mail_server
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
HOUR = dt.timedelta(hours=1)


def at(event: Event, act: str = "") -> str:
    return f"/events/{event.pk}/{act}"


def as_stored(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


LAST_YEAR = {"starts_at": "2025-03-03T18:00:00", "ends_at": "2025-03-03T19:30:00"}


@really_saved
def test_a_wrong_year_is_refused_while_anybody_holds_an_rsvp_and_nothing_moves() -> None:
    for email in ("", "ana@mail.example"):
        event = an_event()
        an_rsvp(event, email=email)
        refused = api_of(event.agency).patch(at(event), LAST_YEAR)
        assert (refused.status_code, refused.json()["code"]) == (409, "moves_into_the_past")
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/starts_at"]
        assert as_stored(event).starts_at == event.starts_at


def test_where_nobody_counts_on_it_a_program_is_warned_and_a_draft_goes_anywhere() -> None:
    event = an_event()
    liaison = api_of(event.agency)
    moved = liaison.patch(at(event), LAST_YEAR)
    assert moved.status_code == 200
    assert "moves_into_the_past" in [one["code"] for one in moved.json()["warnings"]]
    # The clock ends it by itself; that closes nothing for good.
    advance_by_clock(now=timezone.now())
    assert as_stored(event).status == "ended"
    assert liaison.post(at(event, "undo-end/")).json()["status"] == "live"
    draft = liaison.patch(at(a_draft(event.agency)), LAST_YEAR)
    assert "moves_into_the_past" not in [one["code"] for one in draft.json()["warnings"]]


@really_saved
def test_the_end_of_one_that_is_on_is_not_moved_into_the_past_but_ended() -> None:
    event = an_event()
    an_rsvp(event)
    begins_at(event, timezone.now() - HOUR, lasting=3 * HOUR)
    advance_by_clock(now=timezone.now())
    liaison, past = api_of(event.agency), timezone.now() - dt.timedelta(minutes=5)
    refused = liaison.patch(at(event), {"ends_at": past.isoformat()})
    assert refused.json()["code"] == "moves_into_the_past"
    assert liaison.post(at(event, "end/")).json()["status"] == "ended"


def entry(day: str) -> bytes:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "SUMMARY:Talk", "LOCATION:Library",
        f"DTSTART:{day}T180000", f"DTEND:{day}T190000", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


@really_saved
def test_an_import_moves_into_the_past_no_more_than_anybody_else() -> None:
    agency = an_agency()
    liaison = api_of(agency)

    def imported(day: str) -> Any:
        path, body = "/events/import/", entry(day)
        (row,) = liaison.send("POST", path, body, media="text/calendar").json()["results"]
        return row

    made = imported("20280301")
    moved = imported("20250301")
    assert moved["outcome"] == "updated"
    assert any("Its time has passed now" in note for note in moved["notes"])
    imported("20280302")
    Event.objects.filter(pk=made["event"]).update(imported=False, rsvp_mode="open")
    event = Event.objects.get(pk=made["event"])
    an_rsvp(event)
    refused = imported("20250302")
    assert (refused["outcome"], refused["code"]) == ("faulty", "moves_into_the_past")
    assert as_stored(event).starts_at == event.starts_at


@really_saved
def test_whoever_was_told_by_mail_counts_on_it_too(settings: Any) -> None:
    agency = an_agency()
    a_follower(agency, "follows@mail.example")
    event = an_event(agency)
    liaison = api_of(agency)
    with a_mail_server() as post:
        settings.MAIL_SERVER = post.server
        settings.MAIL_FROM = "meetings@harbor.example"
        go_round()
        assert post.to("follows@mail.example")
    refused = liaison.patch(at(event), LAST_YEAR)
    assert (refused.status_code, refused.json()["code"]) == (409, "moves_into_the_past")
