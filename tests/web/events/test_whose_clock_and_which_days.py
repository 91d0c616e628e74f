"""Whoever reads a meeting's time knows whose clock is meant and on which days it is, wherever it stands, in both languages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from engage.agencies.models import Agency
from engage.contacts.links import Purpose, mint
from events.event.models import Event
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
_NO_FILE = re.compile(r"America/[A-Z]|America &gt;|On the clock of|el reloj de")


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def pages_for_everyone(agency: Agency, event: Event, prefix: str = "") -> Iterator[str]:
    """Home, list, the meeting's own page, its poster, and the ticket of somebody who comes."""
    rsvp = an_rsvp(event, email="ana@mail.example", language="es" if prefix else "en")
    yield from (f"{prefix}/agencies/{agency.slug}/", f"{prefix}/agencies/{agency.slug}/meetings/")
    yield from (f"{prefix}/events/{event.pk}", f"{prefix}/events/{event.pk}/poster")
    yield f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"


@pytest.mark.parametrize(
    ("prefix", "hours", "start"),
    [("", "6 p.m. to 7:30 p.m. Mountain Time", "6 p.m. Mountain Time"),
     ("/es", "6:00 p. m. a 7:30 p. m., hora de la montaña", "6:00 p. m., hora de la montaña")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["online", "in_person"])
def test_the_zone_is_named_in_words_on_every_page(
    client: Client, prefix: str, hours: str, start: str, kind: str
) -> None:
    agency = an_agency(languages=["en", "es"], timezone="America/Chicago")
    event = an_event(agency, timezone="America/Denver", format=kind)
    for path in pages_for_everyone(agency, event, prefix):
        words = read(client, path)
        assert hours in words, path
        assert not _NO_FILE.search(words), path
    # The bar that stays while one scrolls is short of room.
    assert f", {start} " in read(client, f"{prefix}/events/{event.pk}")


def test_in_a_hall_in_the_agencys_own_zone_nobody_needs_to_be_told(client: Client) -> None:
    agency = an_agency(timezone="America/Chicago")
    event = an_event(agency)
    for path in pages_for_everyone(agency, event):
        words = read(client, path)
        assert "6 p.m. to 7:30 p.m." in words, path
        assert "Central Time" not in words, path


DAYS = {
    "": "Friday, December 18, to Sunday, December 20, 2043",
    "/es": "viernes, 18 de diciembre, al domingo, 20 de diciembre de 2043",
}


def in_a_sentence(words: str) -> str:
    """A line begins with a capital; a day in Spanish does not."""
    return words.replace("Viernes", "viernes")


@pytest.mark.parametrize("prefix", DAYS)
def test_all_days_of_an_event_stand_on_every_page(client: Client, prefix: str) -> None:
    agency = an_agency(languages=["en", "es"])
    event = an_event(agency, starts_at="2043-12-18T09:00:00", ends_at="2043-12-20T17:00:00")
    for path in pages_for_everyone(agency, event, prefix):
        assert DAYS[prefix] in in_a_sentence(read(client, path)), path


@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("es", "/es")])
def test_staff_see_all_days_too_on_the_board_the_list_the_event_and_at_its_door(
    client: Client, language: str, prefix: str
) -> None:
    agency = an_agency(languages=["en", "es"])
    person = a_person(agency, language=language)
    client.force_login(person)
    event = an_event(agency, starts_at="2043-12-18T09:00:00", ends_at="2043-12-20T17:00:00")
    a_draft(agency, title="Next", starts_at="2043-12-18T09:00:00", ends_at="2043-12-20T17:00:00")
    for path in (
        f"/desk/{agency.slug}/", f"/desk/{agency.slug}/events/", f"/desk/{agency.slug}/events/{event.pk}/", f"/door/{event.pk}/",
    ):  # fmt: skip
        assert DAYS[prefix] in in_a_sentence(read(client, path)), path
