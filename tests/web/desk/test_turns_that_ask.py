"""At the desk: what would be read and who would be told stands there before it is done, and each turn has its way back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from events.event.models import Event
from events.planning.lifecycle import advance_by_clock, cancel, end, start
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, an_event, begins_at
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, filled_in, page, said_yes, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
HOUR = dt.timedelta(hours=1)


def status_of(event: Event) -> str:
    return Event.objects.get(pk=event.pk).status


@really_saved
def test_an_early_start_is_no_button_but_a_question_with_what_everyone_reads() -> None:
    event = an_event()
    an_rsvp(event)
    liaison = at_the_desk(event.agency)
    overview = html_of(liaison.get(page(event)))
    assert "Start it before its time" in overview
    assert "Start the event now" not in overview
    asked = text_of(liaison.get(page(event, "start")))
    assert "reads at once: “Happening now”" in asked
    assert "1 RSVP is for the planned time" in asked
    assert status_of(event) == "published"
    said_yes(liaison, page(event, "start"))
    assert status_of(event) == "live"


def test_near_its_hour_one_press_starts_it_and_from_its_planned_end_one_ends_it() -> None:
    event = an_event()
    begins_at(event, timezone.now() + HOUR)
    liaison = at_the_desk(event.agency)
    assert "Start the event now" in html_of(liaison.get(page(event)))
    assert liaison.post(page(event, "start")).status_code == 302
    assert status_of(event) == "live"
    begins_at(event, timezone.now() - 2 * HOUR)
    assert liaison.post(page(event, "end")).status_code == 302
    assert status_of(event) == "ended"


@really_saved
def test_a_yes_to_what_has_changed_meanwhile_is_asked_anew() -> None:
    event = an_event()
    liaison = at_the_desk(event.agency)
    asked = liaison.get(page(event, "start"))
    yes = {"confirm": asked.context["question"].digest}
    an_rsvp(event)
    again = liaison.post(page(event, "start"), yes)
    assert again.status_code == 409
    assert "has changed since you read it" in text_of(again)
    assert status_of(event) == "published"
    liaison.post(page(event, "start"), {"confirm": again.context["question"].digest})
    assert status_of(event) == "live"


def test_a_start_is_taken_back_by_one_press() -> None:
    event = an_event()
    start(event, now=timezone.now())
    liaison = at_the_desk(event.agency)
    assert "take the start back" in text_of(liaison.get(page(event)))
    shown = liaison.post(page(event, "undo-start"), follow=True)
    assert "The start is taken back." in text_of(shown)
    assert status_of(event) == "published"
    assert liaison.get(page(event, "undo-start")).status_code == 302
    refused = liaison.post(page(event, "undo-start"))
    assert refused.status_code == 409
    assert "This meeting is published" in text_of(refused)


def test_an_end_by_the_clock_is_taken_back_until_a_time_that_is_chosen() -> None:
    event = an_event(an_agency(timezone="America/Chicago"))
    begins_at(event, timezone.now() - 2 * HOUR)
    advance_by_clock(now=timezone.now())
    liaison = at_the_desk(event.agency)
    assert "It is not over: go on with it" in text_of(liaison.get(page(event)))
    sent = filled_in(liaison, page(event, "undo-end"))
    wrong = liaison.post(page(event, "undo-end"), sent | {"open_until": "2030-01-01T20:00"})
    assert wrong.status_code == 400
    assert "at the latest" in str(wrong.context["form"].errors["open_until"])
    assert 'value="2030-01-01T20:00"' in html_of(wrong)
    assert liaison.post(page(event, "undo-end"), {"open_until": ""}).status_code == 400
    assert status_of(event) == "ended"
    shown = liaison.post(page(event, "undo-end"), sent, follow=True)
    assert "The event is on again." in text_of(shown)
    row = Event.objects.get(pk=event.pk)
    assert row.status == "live"
    # By the clock at the place.
    assert row.open_until is not None
    assert abs(row.open_until - timezone.now() - HOUR) < dt.timedelta(minutes=2)


@really_saved
def test_a_cancelled_event_is_called_back_and_the_page_says_who_is_told() -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    cancel(event, reason="Flood.", actor=None, now=timezone.now())
    liaison = at_the_desk(event.agency)
    assert "It takes place after all" in text_of(liaison.get(page(event)))
    asked = liaison.get(page(event, "reinstate"))
    assert "1 person who holds a place and left an address is told" in text_of(asked)
    unread = liaison.post(page(event, "reinstate"), {"note": "It is <dry>."})
    assert unread.status_code == 409
    assert "It is &lt;dry&gt;." in html_of(unread)
    assert status_of(event) == "cancelled"
    yes = {"note": "It is dry.", "confirm": unread.context["question"].digest}
    assert liaison.post(page(event, "reinstate"), yes).status_code == 302
    row = Event.objects.get(pk=event.pk)
    assert (row.status, row.reinstated_note) == ("published", "It is dry.")


@really_saved
def test_a_cancellation_keeps_its_reason_while_it_is_asked() -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    liaison = at_the_desk(event.agency)
    assert "you can call it back" in text_of(liaison.get(page(event, "cancel")))
    unread = liaison.post(page(event, "cancel"), {"reason": "The hall has no heating."})
    assert unread.status_code == 409
    assert "The hall has no heating." in html_of(unread)
    assert status_of(event) == "published"


@really_saved
def test_what_was_typed_in_a_move_comes_back_unchanged_by_the_way_back_to_the_form() -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    liaison = at_the_desk(event.agency)
    sent = filled_in(liaison, page(event, "edit"), starts="17:00", getting_there="By the “side” door & up.")
    asked = liaison.post(page(event, "edit"), sent)
    assert "Change the time or the place?" in text_of(asked)
    again = liaison.post(page(event, "edit"), dict(asked.context["sent"]) | {"change": "yes"})
    assert again.status_code == 200
    assert again.context["form"]["getting_there"].value() == "By the “side” door & up."
    assert again.context["form"]["starts"].value() == "17:00"
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at


@really_saved
def test_a_wrong_year_is_refused_at_the_start_or_asked_about_where_nobody_counts_on_it() -> None:
    agency = an_agency()
    known, unknown = an_event(agency), an_event(agency)
    an_rsvp(known)
    liaison = at_the_desk(agency)
    last_year = "2025-03-03"
    refused = liaison.post(
        page(known, "edit"), filled_in(liaison, page(known, "edit"), date=last_year, capacity="77")
    )
    assert refused.status_code == 409
    assert "people count on this meeting" in str(refused.context["form"].errors["starts"])
    assert refused.context["form"]["capacity"].value() == "77"
    sent = filled_in(liaison, page(unknown, "edit"), date=last_year)
    asked = liaison.post(page(unknown, "edit"), sent)
    assert "begins and ends by itself at once" in text_of(asked)
    assert Event.objects.get(pk=unknown.pk).starts_at == unknown.starts_at
    said_yes(liaison, page(unknown, "edit"), **sent)
    assert Event.objects.get(pk=unknown.pk).starts_at.year == 2025


@pytest.mark.parametrize("act", ["start", "end", "cancel", "undo-start", "undo-end", "reinstate"])
def test_a_turn_that_the_state_does_not_allow_says_why_and_changes_nothing(act: str) -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    over = end(start(an_event(agency), now=timezone.now()).event, now=timezone.now()).event
    for event in (a_draft(agency), over):
        if (event.status, act) == ("ended", "undo-end"):
            continue
        before = Event.objects.values("status", "sequence").get(pk=event.pk)
        body: dict[str, Any] = {"reason": "Flood.", "open_until": "2030-01-01T20:00"}
        assert liaison.post(page(event, act), body).status_code == 409
        assert Event.objects.values("status", "sequence").get(pk=event.pk) == before


@pytest.mark.parametrize("kind", ["leader", "panelist", "admin"])
@pytest.mark.parametrize("act", ["undo-start", "undo-end", "reinstate"])
def test_only_a_liaison_takes_a_turn_back(act: str, kind: str) -> None:
    event = an_event()
    assert at_the_desk(event.agency, kind).post(page(event, act)).status_code == 403
