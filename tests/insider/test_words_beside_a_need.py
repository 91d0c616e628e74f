"""The words beside a need are for whoever arranges it: on the page and in the API, in lists and alone."""

from __future__ import annotations

from typing import Any

import pytest

from engage.contacts.links import Purpose, mint
from engage.readings.models import ContactRead
from engage.readings.recording import READINGS_AN_HOUR
from events.event.models import Event
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.insider.test_reading_names_and_addresses import read_so_many
from tests.makers.agencies import a_person
from tests.makers.api_clients import api_for, the_public
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import page, text_of
from tests.web.staff_clients import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WORDS = "Quechua from Cusco"


def a_need(event: Event | None = None) -> AccessRequest:
    rsvp = an_rsvp(event or an_event(), email="ana@mail.example", needs=[Need("interpreter", "es", WORDS)])
    return AccessRequest.objects.select_related("event__agency", "rsvp").get(rsvp=rsvp)


def ways_to_read(need: AccessRequest, reader: Any) -> list[str]:
    """All that can be asked for where needs are told, as this person gets it."""
    program = api_for(reader, need.agency, ["rsvps:read", "rsvps:write"])
    browser = signed_in(reader)
    below = f"/events/{need.event_id}"
    return [
        program.get(f"{below}/access-requests/").content.decode(),
        program.get(f"{below}/access-requests/{need.pk}/").content.decode(),
        program.get(f"{below}/rsvps/").content.decode(),
        program.get(f"{below}/rsvps/{need.rsvp_id}/").content.decode(),
        browser.get(page(need.event, "needs/")).content.decode(),
        browser.get(page(need.event, f"needs/{need.pk}/")).content.decode(),
        browser.get(page(need.event, f"rsvps/{need.rsvp_id}/")).content.decode(),
    ]


def test_nobody_but_whoever_arranges_it_reads_the_words() -> None:
    need = a_need()
    marco, dana = a_person(need.agency), a_person(need.agency)
    assert not any(WORDS in said for said in ways_to_read(need, marco))
    AccessRequest.objects.update(owner=dana)
    assert not any(WORDS in said for said in ways_to_read(need, marco))
    program = api_for(marco, need.agency, ["rsvps:read", "rsvps:write"])
    answer = program.patch(f"/events/{need.event_id}/access-requests/{need.pk}/", {"status": "arranging"})
    assert answer.status_code == 200
    assert answer.json()["detail"] is None
    assert not ContactRead.objects.exists()
    assert sum(WORDS in said for said in ways_to_read(need, dana)) == 3


def test_the_resident_is_told_once_who_reads_her_words() -> None:
    need = a_need()
    dana = a_person(need.agency, name="Dana Reyes")
    AccessRequest.objects.update(owner=dana)
    for _again in range(2):
        ways_to_read(need, dana)
    (read,) = ContactRead.objects.all()
    assert (read.what, read.reader, read.rsvp_id, read.purpose) == (
        "need",
        dana,
        need.rsvp_id,
        "arrange_need",
    )
    link = mint(Purpose.RSVP_MAIL, need.rsvp_id, need.rsvp.link_version)
    told = text_of(the_public().client.get(f"/r/{link}/data"))
    assert "Dana Reyes" in told
    assert "Your words about what you need" in told


def test_taking_all_needs_on_opens_no_more_than_twenty_in_an_hour() -> None:
    event = an_event()
    need, marco = a_need(event), a_person(event.agency)
    read_so_many(marco, event.agency, READINGS_AN_HOUR)
    AccessRequest.objects.update(owner=marco)
    assert not any(WORDS in said for said in ways_to_read(need, marco))


def test_an_rsvp_changed_for_a_caller_keeps_the_words_and_shows_them_to_nobody() -> None:
    need = a_need()
    browser = signed_in(a_person(need.agency))
    where = page(need.event, f"rsvps/{need.rsvp_id}/change")
    sent = {
        "party_size": "3",
        "language": "en",
        "remind": "email",
        "need_interpreter": "on",
        "interpreter_language": "es",
    }
    assert browser.post(where, sent).status_code == 302
    link = mint(Purpose.RSVP_MAIL, need.rsvp_id, need.rsvp.link_version)
    held = the_public().get(f"/rsvps/{link}/").json()
    assert (held["party_size"], held["access_requests"][0]["detail"]) == (3, WORDS)
    assert not ContactRead.objects.exists()
