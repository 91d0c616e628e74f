"""How an event stands × how an RSVP stands: its page, its letter and its calendar file say the same, in both languages.

Each cell of the table is made as it comes about, rendered, and read for what it must say and must not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from engage.contacts.links import Purpose, mint
from events.calendars.export import rsvp_calendar
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.lifecycle import end, start
from events.planning.scheduling import edit
from events.rsvps.changing import cancel
from events.rsvps.models import Rsvp
from events.rsvps.resident_record import resend_links
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import a_venue, an_event, begins_at
from tests.makers.letters import text_of
from tests.makers.mail_server import Post
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp, as_it_is
from tests.makers.summaries import a_published_summary

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

LINK: Final = "https://join.example/room"
WHO: Final = ("confirmed", "waitlisted", "offered", "came")
MINUTE: Final = dt.timedelta(minutes=1)


@dataclass
class Evening:
    """One event with a party of each kind, who all speak one language."""

    event: Event
    rsvps: dict[str, Rsvp]

    def again(self) -> Event:
        self.event = Event.objects.select_related("agency", "venue").get(pk=self.event.pk)
        return self.event


def an_evening(language: str, form: str) -> Evening:
    agency = an_agency(timezone="America/Chicago", languages=["en", "es"])
    fields: dict[str, Any] = {"capacity": 3, "format": form, "timezone": "America/Denver"}
    if form != "in_person":
        fields["online_url"] = LINK
    if form != "online":
        fields["venue"] = a_venue(agency).pk
    event = an_event(agency, **fields)

    def rsvp(who: str) -> Rsvp:
        return an_rsvp(event, email=f"{who}@mail.example", language=language)

    made = {who: rsvp(who) for who in ("confirmed", "came")}
    filler = an_rsvp(event)
    made |= {who: rsvp(who) for who in ("offered", "waitlisted")}
    cancel(filler.pk, by="resident", now=timezone.now())
    check_in(event, client_id="a" * 22, rsvp_id=made["came"].pk, now=timezone.now())
    go_round()
    return Evening(event, {who: as_it_is(one) for who, one in made.items()})


def _stays(_evening: Evening) -> None:
    return


def _closed(evening: Evening) -> None:
    Event.objects.filter(pk=evening.event.pk).update(rsvp_closes_at=timezone.now() - MINUTE)


def _moved(evening: Evening) -> None:
    event = evening.again()
    day = event.local_starts_at.date() + dt.timedelta(days=1)
    fields = {"starts_at": f"{day}T20:00:00", "ends_at": f"{day}T21:30:00"}
    edit(event.pk, actor=None, now=timezone.now() + MINUTE, fields=fields)


def _soon(evening: Evening) -> None:
    begins_at(evening.again(), timezone.now() + 10 * MINUTE)


def _live(evening: Evening) -> None:
    begins_at(evening.again(), timezone.now() - 10 * MINUTE)
    start(evening.event, now=timezone.now())


def _over(evening: Evening) -> None:
    _live(evening)
    end(evening.again(), now=timezone.now())


def _reported(evening: Evening) -> None:
    _over(evening)
    a_published_summary(evening.again())


def _cancelled(evening: Evening) -> None:
    call_off(evening.again(), reason="Burst pipe.", actor=None, now=timezone.now())


STATES: Final[dict[str, Callable[[Evening], None]]] = {
    "open": _stays, "closed": _closed, "moved": _moved, "soon": _soon, "live": _live, "over": _over,
    "reported": _reported, "cancelled": _cancelled,
}  # fmt: skip
AHEAD: Final = {"open", "closed", "moved", "soon"}
SAYS: Final = {
    ("ahead", "confirmed"): "Your place is saved",
    ("ahead", "waitlisted"): "You are on the waitlist",
    ("ahead", "offered"): "A place is free for you",
    ("ahead", "came"): "Welcome, you are checked in",
    ("live", "confirmed"): "It has begun: you have a place",
    ("live", "waitlisted"): "It has begun, and you are still on the waitlist",
    ("live", "offered"): "A place is free for you",
    ("live", "came"): "Welcome, you are checked in",
    ("over", "came"): "You came. Thank you",
    ("over", "other"): "This meeting is over",
    ("cancelled", "other"): "This meeting is called off",
}


def heading(state: str, who: str) -> str:
    when = "ahead" if state in AHEAD else "over" if state in {"over", "reported"} else state
    return SAYS.get((when, who)) or SAYS[when, "other"]


def in_language(words: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(words)


def page_of(client: Client, rsvp: Rsvp, language: str, more: str = "") -> Any:
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    return client.get(f"/r/{token}{more}?lang={language}")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("form", ["in_person", "online", "hybrid"])
@pytest.mark.parametrize("state", STATES)
def test_page_letter_and_calendar_say_what_is_so(
    client: Client, post: Post, state: str, form: str, language: str
) -> None:
    evening = an_evening(language, form)
    STATES[state](evening)
    event = evening.again()
    go_round()
    for who in WHO:
        rsvp = as_it_is(evening.rsvps[who])
        rsvp.event = event
        cell = f"{state} × {who} × {form} × {language}"
        _read_the_page(
            html_of(page_of(client, rsvp, language)), client, cell, state, who, form, rsvp, language
        )
        _read_the_calendar(rsvp, cell, state, who)
        _read_the_letter(post, cell, state, who, form, rsvp)


def _read_the_page(
    page: str, client: Client, cell: str, state: str, who: str, form: str, rsvp: Rsvp, language: str
) -> None:
    def said(words: str) -> str:
        return in_language(words, language)

    begun, ahead = state == "live", state in AHEAD
    code = f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}"
    due = who == "confirmed" and form != "online" and (ahead or begun)
    assert f"<h1>{said(heading(state, who))}</h1>" in page, cell
    assert (code in page) == due, cell
    assert ("ticket__code" in page) == due, cell
    assert ("/picture.png" in page) == due, cell
    assert (page_of(client, rsvp, language, "/picture.png").status_code == 200) == due, cell
    joins = who == "confirmed" and form != "in_person" and state in {"soon", "live"}
    assert (LINK in page) == joins, cell
    assert ("/calendars/rsvp/" in page) == (who == "confirmed" and ahead), cell
    changes = (ahead or begun) and who != "came"
    assert ("change-form" in page) == changes, cell
    assert ("/cancel" in page) == changes, cell
    assert ("/accept" in page) == (who == "offered" and changes), cell
    assert ("/keep" in page) == (state == "moved" and who != "came"), cell
    assert ("<s>" in page) == ((state == "moved" and who != "came") or state == "cancelled"), cell
    asks = (begun and who != "offered") or (who == "came" and ahead)
    assert (said("Send a question now") in page) == asks, cell
    come = (
        "Show this, or say the code. If you lose it, come all the same.",
        "You may come all the same: if seats stay empty, you are let in.",
        "Come in: show or say the code.",
    )
    if not (ahead or begun):
        assert not [words for words in come if said(words) in page], cell
    if state == "live" and who == "waitlisted":
        may_come = form != "online"
        assert (said(come[1]) in page) == may_come, cell
    if state == "cancelled":
        assert "Burst pipe." in page, cell
        assert "/ask" in page, cell
    assert ("/what-we-heard/" in page or "/summary" in page or "heard" in page) or state != "reported", cell
    if state == "over":
        tells = said("We write to you when it is out.") if who in {"confirmed", "came"} else "target=event"
        assert tells in page, cell
    assert "America/" not in page, cell


def _read_the_calendar(rsvp: Rsvp, cell: str, state: str, who: str) -> None:
    (entry,) = Calendar.from_ical(rsvp_calendar(rsvp)).events
    waits = who in {"waitlisted", "offered"}
    status = "CANCELLED" if state == "cancelled" else "TENTATIVE" if waits else "CONFIRMED"
    assert str(entry["STATUS"]) == status, cell
    called = in_language("Waitlist: {title}", rsvp.language).format(title="")
    assert (called in str(entry["SUMMARY"])) == (who == "waitlisted"), cell


def _read_the_letter(post: Post, cell: str, state: str, who: str, form: str, rsvp: Rsvp) -> None:
    """The one that anybody can ask for at any time: the link again."""
    before = len(post.to(f"{who}@mail.example"))
    resend_links(rsvp.event, f"{who}@mail.example", now=timezone.now())
    go_round()
    new = post.to(f"{who}@mail.example")[before:]
    if state in {"over", "reported", "cancelled"}:
        assert not new, cell
        return
    words = " ".join(text_of(new[-1]).split())
    code = f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}"
    assert (code in words) == (who == "confirmed" and form != "online"), cell
    assert (LINK in words) == (who in {"confirmed", "came"} and form != "in_person"), cell
    begun = in_language("The meeting has begun.", rsvp.language)
    assert (begun in words) == (state == "live" and who != "came"), cell
    come_in = in_language("The meeting has begun. You can still come in.", rsvp.language)
    assert (come_in in words) == (state == "live" and who != "came" and form != "online"), cell
    assert "America/" not in words, cell


@pytest.mark.parametrize("may", [True, False])
def test_who_waits_reads_on_the_evening_what_the_agency_decided(client: Client, may: bool) -> None:
    evening = an_evening("en", "in_person")
    evening.event.agency.waitlist_may_come = may
    evening.event.agency.save(update_fields=["waitlist_may_come"])
    before = html_of(page_of(client, evening.rsvps["waitlisted"], "en"))
    _live(evening)
    page = html_of(page_of(client, evening.rsvps["waitlisted"], "en"))
    words = ("You may come all the same", "Without a place you cannot come in this time.")
    assert [each in page for each in words] == [may, not may]
    assert not [each for each in words if each in before]


def test_a_move_is_told_until_its_holder_keeps_the_rsvp_and_again_after_the_next(client: Client) -> None:
    evening = an_evening("en", "in_person")
    rsvp = evening.rsvps["confirmed"]
    path = f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"
    was = html_of(client.get(path)).split("<dt>When</dt> <dd>")[1].split("</dd>")[0]
    assert "Mountain" in was
    _moved(evening)
    moved = html_of(client.get(path))
    # A day of this year is told without its year.
    assert moved.split("<s>")[1].split("</s>")[0] in {was.strip(), re.sub(r", \d{4},", ",", was.strip())}
    assert "I keep my place" in moved
    # After the move, which the test set a minute ahead.
    Rsvp.objects.filter(pk=rsvp.pk).update(kept_at=timezone.now() + 2 * MINUTE)
    assert "<s>" not in html_of(client.get(path))
    Rsvp.objects.filter(pk=rsvp.pk).update(kept_at=None)
    answer = client.post(f"{path}/keep", follow=True)
    assert answer.redirect_chain[0][0].endswith("?saved=1#saved")
    assert as_it_is(rsvp).kept_at is not None
    assert client.get(f"{path}/keep").status_code == 302
