"""A hall behind one address: whoever has the code on its wall is counted apart from the rest of the network."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.api_settings import RATES
from events.event.models import Event
from events.planning import lifecycle
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.api_clients import the_public
from tests.makers.events import a_draft, an_event
from tests.makers.pages import html_of
from tests.makers.worlds import World
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WRONG = "CCCCCC"


def a_hall(**fields: Any) -> Event:
    """A meeting that begins in an hour; people come in and save places."""
    begins = timezone.now() + dt.timedelta(hours=1)
    when = {"timezone": "UTC", "starts_at": f"{begins:%Y-%m-%dT%H:%M:%S}"}
    when["ends_at"] = f"{begins + dt.timedelta(hours=2):%Y-%m-%dT%H:%M:%S}"
    return an_event(**(when | fields))


def save(event: Event, code: str = "", *, key: int = 0, path: str = "") -> int:
    form = {"party_size": 1, "contact": "none", "language": "en", "key": f"{key:0>32}", "room_code": code}
    return Client().post(path or f"/events/{event.pk}/rsvp", form).status_code


def small(settings: LazySettings, **rates: tuple[int, int]) -> None:
    """A thirtieth of what they are, so that a full hall takes no minute."""
    settings.RATES = settings.RATES | {"public_posts": (20, 600), "hall_posts": (100, 600)} | rates


def test_the_rates_are_those_that_were_promised() -> None:
    assert (RATES["public_posts"], RATES["hall_posts"]) == ((600, 600), (3000, 600))


def test_a_full_hall_gets_in_by_the_code_and_without_it_as_many_as_from_any_network(
    settings: LazySettings,
) -> None:
    small(settings)
    event = a_hall(capacity=30)
    with_code = [save(event, event.room_code, key=n) for n in range(24)]
    assert with_code == [303] * 24
    without = [save(event, key=1000 + n) for n in range(24)]
    # Six of thirty seats were left: the others are asked whether they wait, and each asking counts as a try.
    assert (without.count(303), without.count(429)) == (6, 4)
    assert Rsvp.objects.filter(event=event).count() == 30
    # Full for the network, and still the hall is answered.
    assert save(event, event.room_code, key=2000) != 429


def test_the_hall_has_an_end_too(settings: LazySettings) -> None:
    small(settings, hall_posts=(5, 600))
    event = a_hall()
    assert [save(event, event.room_code, key=n) for n in range(7)] == [303] * 5 + [429] * 2


def test_questions_and_rsvps_of_a_hall_are_counted_together(settings: LazySettings) -> None:
    small(settings, public_posts=(0, 600), hall_posts=(4, 600))
    event = a_hall()
    asked = {
        "kind": "question",
        "body": "Why?",
        "contact": "none",
        "key": "q" * 32,
        "room_code": event.room_code,
    }
    assert save(event, event.room_code, key=1) == 303
    assert Client().post(f"/events/{event.pk}/ask", asked).status_code == 303
    link = {"email": "a@mail.example", "room_code": event.room_code}
    assert Client().post(f"/events/{event.pk}/my-link", link).status_code == 200
    code = {"Room_Code": event.room_code}
    assert the_public(address="127.0.0.1").post(f"/events/{event.pk}/rsvps/", **code).status_code == 201
    assert save(event, event.room_code, key=2) == 429


def test_a_code_may_be_typed_as_people_type(settings: LazySettings) -> None:
    small(settings, public_posts=(0, 600))
    event = a_hall()
    assert save(event, f" {event.room_code[:3].lower()} - {event.room_code[3:]} ") == 303


def test_a_code_ends_with_its_event(settings: LazySettings) -> None:
    small(settings, public_posts=(0, 600))
    event = lifecycle.start(
        an_event(rsvp_closes_at=timezone.now() + dt.timedelta(days=40)), now=timezone.now()
    ).event
    code = event.room_code
    assert save(event, code) == 303
    lifecycle.end(event, now=timezone.now())
    assert Event.objects.get(pk=event.pk).room_code == ""
    asked = {"kind": "question", "body": "Why?", "contact": "none", "key": "q" * 32, "room_code": code}
    assert Client().post(f"/events/{event.pk}/ask", asked).status_code == 429


def test_a_code_of_another_event_or_of_one_that_is_weeks_ahead_counts_for_nothing(
    settings: LazySettings,
) -> None:
    small(settings, public_posts=(0, 600))
    hall, ahead = a_hall(), an_event()
    assert ahead.room_code
    assert save(ahead, ahead.room_code) == save(ahead, hall.room_code) == save(hall, ahead.room_code) == 429


def test_a_wrong_code_is_never_a_reason_to_refuse_and_its_tries_are_counted(settings: LazySettings) -> None:
    small(settings, room_code_guesses=(5, 600))
    event = a_hall()
    assert [save(event, wrong, key=n) for n, wrong in enumerate(["", "no code", "ÄÖÜ" * 40, WRONG])] == [
        303
    ] * 4
    assert [save(event, WRONG, key=10 + n) for n in range(10)] == [303] * 10
    small(settings, public_posts=(0, 600), room_code_guesses=(5, 600))
    # Whoever has tried so often from there is not listened to any more, whatever comes next.
    assert save(event, event.room_code, key=50) == 429


def test_codes_are_random_and_stand_in_nothing_that_is_public() -> None:
    events = [an_event() for _ in range(20)]
    assert len({event.room_code for event in events}) == 20
    assert all(re.fullmatch("[3479CDFHJKMNPQRTVWXY]{6}", event.room_code) for event in events)
    event = a_hall()
    for path in ("", "/ask", "/my-link", "/invite.ics", "/poster"):
        assert event.room_code not in html_of(Client().get(f"/events/{event.pk}{path}"))
    assert event.room_code not in html_of(the_public().get(f"/events/{event.pk}/"))


def test_the_code_goes_from_the_wall_through_every_form_and_no_cache_keeps_it() -> None:
    event = a_hall()
    hidden = f'<input type="hidden" name="room_code" value="{event.room_code}">'
    for path in ("", "/ask", "/my-link"):
        for language in ("", "/es"):
            address = f"{language}/events/{event.pk}{path}"
            opened = Client().get(f"{address}?room={event.room_code}")
            assert hidden in html_of(opened), address
            assert opened["Cache-Control"] == "no-store", address
            plain = Client().get(address)
            assert plain["Cache-Control"] == "public, max-age=60", address
            # Who has only the words types it.
            assert 'name="room_code" id="id_room_code"' in html_of(plain), address
    page = html_of(Client().get(f"/events/{event.pk}?room={event.room_code}"))
    assert f"/events/{event.pk}/ask?room={event.room_code}" in page
    assert f"/es/events/{event.pk}?room={event.room_code}" in page


def test_the_code_stays_in_a_form_that_comes_back_and_where_the_page_asks_once_more() -> None:
    event = a_hall()
    form = {"party_size": 1, "contact": "none", "language": "en", "room_code": event.room_code}
    asked_again = Client().post(f"/events/{event.pk}/rsvp", form)
    assert f'name="room_code" value="{event.room_code}"' in html_of(asked_again)
    mended = Client().post(f"/events/{event.pk}/rsvp", form | {"contact": "email", "key": "k" * 32})
    assert mended.status_code == 400
    assert f'value="{event.room_code}"' in html_of(mended)
    words = {"kind": "question", "body": "Why?", "contact": "none", "room_code": event.room_code}
    asked_again = Client().post(f"/events/{event.pk}/ask", words)
    assert f'name="room_code" value="{event.room_code}"' in html_of(asked_again)
    sent = Client().post(f"/events/{event.pk}/ask", words | {"key": "k" * 32})
    assert sent["Location"] == f"/events/{event.pk}/ask?sent&room={event.room_code}"


def test_an_event_that_is_not_on_asks_for_no_code() -> None:
    assert "room_code" not in html_of(Client().get(f"/events/{an_event().pk}"))


def test_a_code_costs_one_query_and_none_costs_nothing(settings: LazySettings) -> None:
    event, public = a_hall(), the_public()

    def queries(**more: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert public.post(f"/events/{event.pk}/rsvps/", **more).status_code == 201
        return len(asked)

    queries()
    settings.THROTTLES = "on"
    plain = queries()
    assert queries(Room_Code="no code at all") == plain
    assert queries(Room_Code=event.room_code) == plain + 1


def test_the_wall_shows_the_way_and_the_code_in_both_languages_and_nobody_s_data() -> None:
    agency = an_agency()
    event = a_hall(agency=agency, title="Town hall tonight")
    World(agency).rsvp()
    page = staff(agency).get(f"/desk/{agency.slug}/events/{event.pk}/wall")
    text = html_of(page)
    code = event.room_code
    assert f"<b>{code[:3]} {code[3:]}</b>" in text
    assert "Town hall tonight" in text
    assert '<section lang="es">' in text
    assert 'class="qr"' in text
    assert page["Cache-Control"] == "no-store"
    overview = html_of(staff(agency).get(f"/desk/{agency.slug}/events/{event.pk}/"))
    assert f"/desk/{agency.slug}/events/{event.pk}/wall" in overview


def test_a_discreet_event_is_not_named_on_the_wall() -> None:
    agency = an_agency()
    event = a_hall(agency=agency, title="Survivors", discreet=True)
    assert "Survivors" not in html_of(staff(agency).get(f"/desk/{agency.slug}/events/{event.pk}/wall"))


def test_an_event_from_before_there_were_codes_gets_one_by_a_button() -> None:
    agency = an_agency()
    event = a_hall(agency=agency)
    Event.objects.filter(pk=event.pk).update(room_code="")
    path, liaison = f"/desk/{agency.slug}/events/{event.pk}/wall", staff(agency)
    assert liaison.get(path).status_code == 200
    assert Event.objects.get(pk=event.pk).room_code == ""
    assert staff(agency, "leader").post(path).status_code == 403
    assert liaison.post(path).status_code == 302
    made = Event.objects.get(pk=event.pk).room_code
    liaison.post(path)
    assert Event.objects.get(pk=event.pk).room_code == made != ""


def test_a_draft_an_ended_event_and_a_stranger_have_no_wall() -> None:
    agency = an_agency()
    draft, ended = a_draft(agency), World(agency).ended()
    for event in (draft, ended):
        assert staff(agency).get(f"/desk/{agency.slug}/events/{event.pk}/wall").status_code == 409
    assert staff().get(f"/desk/{agency.slug}/events/{a_hall(agency=agency).pk}/wall").status_code == 404
