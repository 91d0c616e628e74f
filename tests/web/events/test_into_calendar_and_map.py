"""An event in a resident's own calendar and map: true of how it stands, and no more than they want others to read."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from events.event.models import Event
from events.planning.lifecycle import cancel
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.events import a_venue, an_event, begins_at
from tests.makers.rsvps import a_full_event, an_rsvp
from tests.web.desk.at_the_desk import at_the_desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WHOSE = ("calendar.google.com", "outlook.live.com")


def links_of(path: str) -> dict[str, dict[str, str]]:
    """What the links to other sites on a page hold, by their hosts."""
    page = Client().get(path).content.decode()
    found = [urlsplit(unescape(each)) for each in re.findall(r'href="((?:https|geo):[^"]*)"', page)]
    return {
        each.hostname or each.scheme: {name: values[0] for name, values in parse_qs(each.query).items()}
        | {"": each.path}
        for each in found
    }


def ticket_of(rsvp: Rsvp) -> str:
    return f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}"


def entry_of(path: str) -> Any:
    return icalendar.Calendar.from_ical(Client().get(path).content).walk("VEVENT")[0]


def file_on(path: str) -> str:
    found = re.search(r'href="([^"]*\.ics[^"]*)"', Client().get(path).content.decode())
    assert found
    return unescape(found[1])


def test_google_and_outlook_are_told_the_day_the_hour_and_the_zone() -> None:
    agency = an_agency()
    event = an_event(agency, title="Streets after dark", venue=a_venue(agency), timezone="America/Chicago")
    for path in (f"/events/{event.pk}", ticket_of(an_rsvp(event))):
        links = links_of(path)
        google, outlook = (links[each] for each in WHOSE)
        day = event.local_starts_at
        assert google["text"] == outlook["subject"] == "Streets after dark"
        assert google["dates"] == f"{day:%Y%m%d}T180000/{day:%Y%m%d}T193000"
        assert google["ctz"] == "America/Chicago"
        assert outlook["startdt"] == event.starts_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert google["location"] == outlook["location"] == "Library, 12 Main St"
        assert google["details"].endswith(f"/m/{event.short_code}")


def test_who_likes_has_an_entry_that_says_only_when_and_where() -> None:
    agency = an_agency()
    event = an_event(agency, title="Streets after dark", description="Of fear.", venue=a_venue(agency))
    for path in (f"/events/{event.pk}", ticket_of(an_rsvp(event))):
        links = links_of(f"{path}?entry=private")
        google, outlook = (links[each] for each in WHOSE)
        assert google["text"] == outlook["subject"] == "Meeting"
        assert "details" not in google
        assert "body" not in outlook
        entry = entry_of(file_on(f"{path}?entry=private"))
        assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Meeting", "Library, 12 Main St")
        assert not {"DESCRIPTION", "URL", "CATEGORIES"} & set(entry)
        assert str(entry_of(file_on(path))["SUMMARY"]) == "Streets after dark"
        # And the way back.
        assert 'href="?#calendar"' in Client().get(f"{path}?entry=private").content.decode()
        assert 'href="?entry=private#calendar"' in Client().get(path).content.decode()


def test_a_discreet_event_is_named_to_no_calendar() -> None:
    agency = an_agency()
    event = an_event(agency, title="After an assault", venue=a_venue(agency), discreet=True)
    for path in (f"/events/{event.pk}", ticket_of(an_rsvp(event))):
        links = links_of(path)
        assert [links[WHOSE[0]]["text"], links[WHOSE[1]]["subject"]] == ["Meeting", "Meeting"]
        assert "assault" not in str(links)
        assert "entry=private" not in Client().get(path).content.decode()


def test_nobody_is_given_a_confirmed_entry_without_a_seat_or_for_what_is_off_or_over() -> None:
    _event, _holder, (waiting, _second) = a_full_event(4, 4)
    assert not set(WHOSE) & set(links_of(ticket_of(waiting)))
    calendar = mint(Purpose.CALENDAR, waiting.pk, waiting.link_version)
    entry = entry_of(f"/calendars/rsvp/{calendar}.ics?entry=private")
    assert (str(entry["STATUS"]), str(entry["SUMMARY"])) == ("TENTATIVE", "Waitlist: Meeting")
    off, over = an_event(), an_event()
    held = [an_rsvp(off), an_rsvp(over)]
    cancel(off, reason="Flooded.", actor=None, now=timezone.now())
    Event.objects.filter(pk=over.pk).update(status="ended")
    for path in (f"/events/{off.pk}", f"/events/{over.pk}", *map(ticket_of, held)):
        assert not set(WHOSE) & set(links_of(path)), path


def test_directions_lead_to_the_spot_and_without_one_a_map_looks_for_name_and_address() -> None:
    agency = an_agency()
    spot = {"latitude": Decimal("41.878100"), "longitude": Decimal("-87.629800")}
    exact = an_event(agency, venue=a_venue(agency, name="Eastside Library", **spot))
    vague = an_event(agency, venue=a_venue(agency, name="Eastside Library", room="Room B"))
    for path in (f"/events/{exact.pk}", ticket_of(an_rsvp(exact))):
        links = links_of(path)
        assert (
            links["maps.apple.com"]["daddr"]
            == links["www.google.com"]["destination"]
            == "41.878100,-87.629800"
        )
        assert links["geo"][""] == "41.878100,-87.629800"
        assert "Directions:" in Client().get(path).content.decode()
    for path in (f"/events/{vague.pk}", ticket_of(an_rsvp(vague))):
        links = links_of(path)
        assert links["maps.apple.com"]["q"].startswith("Eastside Library, 12 Main St")
        assert links["www.google.com"]["query"].startswith("Eastside Library, 12 Main St")
        assert "Room B" not in str(links["www.google.com"])
        page = Client().get(path).content.decode()
        assert "Map:" in page
        assert "Directions:" not in page
    nowhere = links_of(f"/events/{an_event(agency).pk}")
    assert not {"maps.apple.com", "www.google.com", "geo"} & set(nowhere)


def test_while_it_is_on_the_wall_and_the_page_lead_to_the_form_for_questions() -> None:
    agency = an_agency()
    event = an_event(agency)
    wall = f"/desk/{agency.slug}/events/{event.pk}/wall"
    staff = at_the_desk(agency)
    before = staff.get(wall)
    assert before.context["leads_to"].endswith(f"/events/{event.pk}?room={event.room_code}")
    begins_at(event, timezone.now() - dt.timedelta(minutes=5))
    Event.objects.filter(pk=event.pk).update(
        rsvp_closes_at=event.ends_at, local_rsvp_closes_at=event.local_ends_at
    )
    on = staff.get(wall)
    assert on.context["leads_to"].endswith(f"/events/{event.pk}/ask?room={event.room_code}")
    assert f"/m/{event.short_code}" in on.content.decode()
    page = Client().get(f"/events/{event.pk}").content.decode()
    bar = page[page.index('class="sticky') :]
    assert f'href="/events/{event.pk}/ask"' in bar
    ticket = Client().get(ticket_of(an_rsvp(event))).content.decode()
    assert f'href="/events/{event.pk}/ask"' in ticket
