"""Messages and reminders of an event, its places to meet, its door devices, and its papers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events.door.links import link_behind
from events.door.models import DoorLink
from events.event.models import Event, Venue
from events.event.short_addresses import short_address
from events.planning.lifecycle import cancel, end, start
from outreach.ledger.models import Delivery
from outreach.reminders.models import ReminderRule
from outreach.reminders.setting import add_rule
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, filled_in, page, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
NOW = timezone.now


@really_saved
@pytest.mark.parametrize("number", [1, 30])
def test_messages_are_counted_by_kind_up_to_yesterday(
    number: int, django_assert_max_num_queries: Any
) -> None:
    event = an_event()
    two_days = dt.timedelta(days=2)
    for turn in range(number):
        rsvp = an_rsvp(event, email=f"ana{turn}@mail.example")
        for kind, when in (
            ("reminder", NOW() - two_days),
            ("event_moved", NOW()),
            ("confirmation", NOW() - two_days),
        ):
            Delivery.objects.create(
                agency=event.agency, event=event, contact=rsvp.email_contact, kind=kind,
                occasion=f"activity:{kind}{turn}", state="failed" if turn else "sent", created_at=when, settled_at=when,
            )  # fmt: skip
    liaison = at_the_desk(event.agency)
    with django_assert_max_num_queries(10):
        answer = liaison.get(page(event, "outreach/"))
    kinds = [(one.name, one.number) for one in answer.context["kinds"]]
    assert kinds == [("Reminder", number)]
    shown = text_of(answer)
    assert "Reminder" in shown
    assert "Confirmation" not in shown
    assert "ana0@mail" not in shown
    overview = liaison.get(page(event)).content.decode()
    sent = overview[overview.index('id="sent"') :]
    assert re.search(rf"Reminder\s+<.*?<td[^>]*>{number}</td>", sent, re.DOTALL)
    assert "Confirmation" not in sent


def test_reminders_of_an_event_are_added_changed_and_ended() -> None:
    event = an_event()
    add_rule(agency=event.agency, actor=None, now=NOW(), minutes_before=1440)
    liaison = at_the_desk(event.agency)
    assert "As for every event of your agency:" in text_of(liaison.get(page(event, "outreach/")))
    sent = {"minutes_before": "3", "unit": "hours", "wording_en": "Bring a question."}
    liaison.post(page(event, "reminders/new"), sent)
    rule = ReminderRule.objects.get(event=event)
    assert (rule.minutes_before, rule.wording) == (180, {"en": "Bring a question."})
    twice = liaison.post(page(event, "reminders/new"), sent)
    assert twice.status_code == 409
    assert "There is a reminder for this time already." in text_of(twice)
    where = page(event, f"reminders/{rule.pk}")
    liaison.post(where, filled_in(liaison, where, minutes_before="2"))
    rule.refresh_from_db()
    assert rule.minutes_before == 120
    liaison.post(f"{where}/end")
    rule.refresh_from_db()
    assert rule.ended_at
    assert liaison.get(where).status_code == 404


def test_reminders_of_the_agency_have_their_page_and_their_refusals() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    refused = liaison.post(desk(agency, "reminders/new"), {"minutes_before": "31", "unit": "days"})
    assert refused.status_code == 400
    assert refused.context["form"].errors["minutes_before"] == [
        "Between 5 minutes and 30 days before the start."
    ]
    liaison.post(desk(agency, "reminders/new"), {"minutes_before": "1", "unit": "days"})
    assert "1 day before" in text_of(liaison.get(desk(agency, "reminders/")))
    other = add_rule(agency=an_agency(), actor=None, now=NOW(), minutes_before=60)
    assert liaison.get(desk(agency, f"reminders/{other.pk}")).status_code == 404
    assert liaison.post(desk(agency, f"reminders/{other.pk}/end")).status_code == 404


def test_venues_are_added_corrected_and_removed() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    refused = liaison.post(desk(agency, "venues/new"), {"name": "Library", "latitude": "41.5"})
    assert refused.context["form"].errors["longitude"]
    liaison.post(
        desk(agency, "venues/new"), {"name": "Library", "access_features": ["step_free"], "capacity": "80"}
    )
    venue = Venue.objects.get(agency=agency)
    assert (venue.access_features, venue.capacity) == (["step_free"], 80)
    where = desk(agency, f"venues/{venue.pk}")
    liaison.post(where, filled_in(liaison, where, room="B"))
    venue.refresh_from_db()
    assert venue.room == "B"
    assert liaison.post(where, {"name": "Elsewhere", "edit_version": "1"}).status_code == 409
    assert "Library, B" in text_of(liaison.get(desk(agency, "venues/?q=libr")))
    liaison.post(f"{where}/remove")
    assert not Venue.objects.filter(pk=venue.pk).exists()


def test_a_venue_in_use_says_who_would_be_told_and_stays() -> None:
    agency = an_agency()
    room = a_venue(agency)
    an_event(agency, venue=room)
    liaison = at_the_desk(agency)
    assert "1 meeting is planned here" in text_of(liaison.get(desk(agency, f"venues/{room.pk}")))
    assert liaison.post(desk(agency, f"venues/{room.pk}/remove")).status_code == 409
    assert liaison.get(desk(agency, f"venues/{a_venue(an_agency()).pk}")).status_code == 404


def test_the_list_of_rsvps_goes_on_page_by_page(django_assert_max_num_queries: Any) -> None:
    agency = an_agency()
    for number in range(55):
        a_venue(agency, name=f"Hall {number:02}")
    liaison = at_the_desk(agency)
    with django_assert_max_num_queries(8):
        first = liaison.get(desk(agency, "venues/"))
    following = liaison.get(desk(agency, f"venues/?after={first.context['next']}"))
    assert len(first.context["venues"]) + len(following.context["venues"]) == 55
    assert liaison.get(desk(agency, "venues/?after=nonsense")).status_code == 200


def test_a_door_link_is_shown_once_and_works_until_it_is_closed() -> None:
    event = an_event()
    liaison = at_the_desk(event.agency)
    refused = liaison.post(page(event, "door-links/"), {"device": " "})
    assert refused.context["form"].errors["device"]
    shown = liaison.post(page(event, "door-links/"), {"device": "Main door"})
    secret = re.search(r"/door/open/([\w-]+)", shown.content.decode())
    assert secret
    link = link_behind(secret[1], now=NOW())
    again = liaison.get(page(event, "door-links/")).content.decode()
    assert secret[1] not in again
    assert "Main door" in again
    liaison.get(page(event, f"door-links/{link.pk}/close"))
    assert DoorLink.objects.get(pk=link.pk).revoked_at is None
    liaison.post(page(event, f"door-links/{link.pk}/close"))
    assert DoorLink.objects.get(pk=link.pk).revoked_at
    other = an_event(event.agency)
    assert liaison.post(page(other, f"door-links/{link.pk}/close")).status_code == 404


def test_no_door_is_opened_for_what_is_over() -> None:
    event = end(start(an_event(), now=NOW()).event, now=NOW()).event
    liaison = at_the_desk(event.agency)
    assert "This event is over or cancelled." in text_of(liaison.get(page(event, "door-links/")))
    assert liaison.post(page(event, "door-links/"), {"device": "Tablet"}).status_code == 409


def test_the_sign_in_sheet_says_in_six_languages_that_nobody_has_to_sign() -> None:
    event = an_event(venue=None)
    shown = at_the_desk(event.agency).get(page(event, "sign-in-sheet")).content.decode()
    for code in ("es", "vi", "zh-Hans", "ar", "so"):
        assert f'lang="{code}"' in shown
    assert "You do not have to sign in." in shown
    assert "anybody may ask to see it" in shown
    assert "style=" not in shown


def test_the_poster_is_public_and_claims_only_what_is_true() -> None:
    agency = an_agency(contact_phone="202 555 0123")
    room = a_venue(agency, access_features=["step_free"])
    event = an_event(agency, title="When can police search you?", venue=room, access_offered=["childcare"],
                      languages=["en", "es"], translations={"es": {"title": "¿Cuándo?"}})  # fmt: skip
    shown = text_of(Client().get(f"/events/{event.pk}/poster"))
    for words in (
        "When can police search you?",
        "Childcare",
        "Step-free entrance",
        "Se habla español",
        "202 555 0123",
        "Free",
        short_address(event).removeprefix("http://"),
    ):
        assert words in shown
    for claim in ("supper", "Sign language", "intérprete", "Có nói"):
        assert claim not in shown
    answer = Client().get(f"/events/{event.pk}/poster")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert "¿Cuándo?" in text_of(Client().get(f"/es/events/{event.pk}/poster"))


def test_only_what_is_public_has_a_poster() -> None:
    agency = an_agency()
    for event in (
        a_draft(agency),
        an_event(agency, audience="staff"),
        an_event(agency, audience="invited"),
    ):
        assert Client().get(f"/events/{event.pk}/poster").status_code == 404
    called_off = cancel(an_event(agency), reason="Flooded.", actor=None, now=NOW()).event
    shown = text_of(Client().get(f"/events/{called_off.pk}/poster"))
    assert "Cancelled" in shown
    assert "Flooded." in shown
    assert "Free" not in shown
    assert Event.objects.filter(agency=agency).count() == 4


def test_a_poster_says_who_runs_it_and_how_to_get_there_in_whole_sentences() -> None:
    agency = an_agency()
    run_by = (
        "The mediation center. "
        + "Chief Abara and three officers will be there; they will not be in uniform. " * 3
    )
    way = (
        "Buses 4 and 12. Free parking behind the library. " + "Then along the long way around the lake. " * 5
    )
    event = an_event(agency, venue=a_venue(agency, getting_there=way), run_by=run_by.strip())
    shown = text_of(Client().get(f"/events/{event.pk}/poster"))
    assert run_by.strip() in shown
    assert (
        "Buses 4 and 12. Free parking behind the library. Then along the long way around the lake." in shown
    )
    assert "…" not in shown


@pytest.mark.parametrize(
    ("fields", "changed", "said", "unsaid"),
    [
        ({}, {}, "Save a place, or send a question", "waitlist"),
        ({"capacity": 1}, {"seats_taken": 1}, "Full now: join the waitlist, or send a question", "Save a place"),
        ({"rsvp_mode": "none"}, {}, "Just come: no RSVP needed", "Save a place"),
        ({"rsvp_mode": "none", "format": "online"}, {}, "Join online: no RSVP needed", "Just come"),
        ({"walk_in_when_closed": True}, {"rsvp_closes_at": dt.timedelta(0)}, "You can still come", "Save a place"),
        ({"walk_in_when_closed": False}, {"rsvp_closes_at": dt.timedelta(0)}, "No more places can be saved. Send a question", "Save a place"),
        ({}, {"rsvp_opens_at": dt.timedelta(days=2)}, "Places can be saved from", "Save a place"),
        ({"rsvp_mode": "none"}, {"imported": True}, "Read more, or send a question", "Free"),
        ({}, {"status": "reported"}, "Read what came of it", "Save a place"),
    ],
)  # fmt: skip
def test_a_poster_tells_what_can_be_done_now(
    fields: dict[str, Any], changed: dict[str, Any], said: str, unsaid: str
) -> None:
    event = an_event(**fields)
    instants = {name: NOW() + by for name, by in changed.items() if isinstance(by, dt.timedelta)}
    Event.objects.filter(pk=event.pk).update(**(changed | instants))
    shown = text_of(Client().get(f"/events/{event.pk}/poster"))
    assert said in shown
    assert unsaid not in shown
    # What a camera reads leads to the same page, in the language of the paper.
    assert Client().get(f"/es/events/{event.pk}/poster").status_code == 200
