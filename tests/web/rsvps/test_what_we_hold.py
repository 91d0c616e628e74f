"""What we hold about a resident is told in sentences, all of it, and nothing that is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from engage.readings.recording import record_read
from events.door.checking_in import check_in
from events.rsvps.models import Rsvp
from events.rsvps.needs import arranging
from events.rsvps.needs.asking import Need, needs_of
from events.rsvps.resident_record import what_we_hold
from tests.makers.agencies import a_person
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import a_full_event, an_rsvp, by_link

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def told(rsvp: Rsvp, purpose: Purpose = Purpose.RSVP_SCREEN, more: str = "") -> str:
    answer = Client().get(f"/r/{mint(purpose, rsvp.pk, rsvp.link_version)}/data{more}")
    main = html_of(answer).partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace(" .", ".")


def leaves(thing: Any, path: str = "") -> dict[str, Any]:
    if isinstance(thing, dict):
        return {
            name: one for key, value in thing.items() for name, one in leaves(value, f"{path}/{key}").items()
        }
    if isinstance(thing, list) and thing and isinstance(thing[0], dict):
        return leaves(thing[0], path)
    return {path: thing}


def test_a_full_record_is_told_whole_in_sentences() -> None:
    event = an_event()
    rsvp = an_rsvp(
        event, 2, name="Ana Flores", email="ana@mail.example", question="Who pays?", anonymous_question=False,
        needs=[Need("interpreter", "so", detail="She speaks Somali")],
    )  # fmt: skip
    liaison = a_person(event.agency, name="Marco Ruiz")
    arranging.arrange(
        needs_of(rsvp)[0], actor=liaison, status="arranged", outcome="A man comes.", now=timezone.now()
    )
    record_read(
        liaison, agency=event.agency, what="reveal", purpose="call_back", event_id=event.pk, rsvp_id=rsvp.pk,
        now=timezone.now(),
    )  # fmt: skip
    check_in(event, client_id="a", code=rsvp.checkin_code, now=timezone.now())
    said = told(rsvp, Purpose.RSVP_MAIL)
    for sentence in (
        "You gave the name Ana Flores.",
        "It is for 2 people.",
        "You have the place.",
        f"Your code at the door is {rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}.",
        "Our messages to you are in this language: English.",
        "We remind you by email.",
        "You asked for: Language interpreter (Somali). Your words: “She speaks Somali” It is arranged. Our answer: “A man comes.”",
        "By email: ana@mail.example",
        "“Who pays?” It waits until we have read it.",
        "Marco Ruiz was shown this: Your name and address. What for: To call or write back.",
    ):
        assert sentence in said
    assert re.search(r"You were checked in: \w+day", said)
    assert re.search(r"All of it is erased on \w+day", said)
    known = {
        "/rsvps/id", "/rsvps/name", "/rsvps/status", "/rsvps/waitlist_position", "/rsvps/party_size", "/rsvps/language",
        "/rsvps/remind", "/rsvps/source", "/rsvps/checkin_code", "/rsvps/created_at", "/rsvps/checked_in_at",
        "/rsvps/address_changed_at", "/rsvps/access_requests/kind", "/rsvps/access_requests/language",
        "/rsvps/access_requests/detail", "/rsvps/access_requests/status", "/rsvps/access_requests/outcome",
        "/contacts/channel", "/contacts/address", "/reads/at", "/reads/reader", "/reads/what", "/reads/purpose",
        "/reads/granted_alone", "/erase_after", "/questions/kind", "/questions/body", "/questions/said_on",
        "/questions/status",
    }  # fmt: skip
    held = leaves(what_we_hold(by_link(rsvp, Purpose.RSVP_MAIL)))
    assert set(held) == known, "what is kept besides needs its sentence in web/rsvps/held_words.py"


def test_what_is_empty_is_left_out() -> None:
    said = told(an_rsvp(an_event()))
    for word in ("–", "None", "name", "checked in", "asked for", "remind", "By email", "sent us"):
        assert word not in said
    assert "Who of our staff was shown it Nobody." in said


def test_who_waits_reads_the_number_in_line_in_either_language() -> None:
    _event, _holder, (_first, second) = a_full_event(2, 1)
    assert "You are on the waitlist, number 2 in line." in told(second)
    assert "número 2" in told(second, more="?lang=es")


def test_the_download_is_what_the_api_answers() -> None:
    rsvp = an_rsvp(an_event(), name="Ana")
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)
    page = html_of(Client().get(f"/r/{token}/data"))
    (path,) = re.findall(r'href="([^"]+)" download="what-we-hold.json"', page)
    # As a browser asks that follows a link.
    answer = Client().get(path, headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["rsvps"][0]["name"] == "Ana"
    assert "private" in answer["Cache-Control"]
