"""The closed days of an agency: on their page, over the API, and in the days that checklists and boards count."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.agencies.closures import close_on
from engage.agencies.models import Closure
from engage.agencies.working_days import WorkingDays
from engage.local_time import local_day
from events.event.models import Event
from events.planning.checklist import usual_items
from events.planning.lifecycle import cancel as call_off
from events.rsvps.needs.asking import Need
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import DAY, a_plan, at_the_desk, desk, filled_in, page, said_yes, text_of
from web.desk.board_reading import board_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_administrator_puts_days_on_the_list_and_takes_them_off() -> None:
    agency = an_agency(region="Illinois")
    client, path = at_the_desk(agency, "admin"), desk(agency, "office/closed-days/")
    on = local_day(agency.timezone, timezone.now()) + dt.timedelta(days=20)
    assert "Christmas Day" in text_of(client.get(path))
    sent = {"on": on.isoformat(), "until": (on + dt.timedelta(days=1)).isoformat(), "name": "City holiday"}
    assert client.post(path, sent).status_code == 302
    assert text_of(client.get(path)).count("City holiday") > 2
    twice = client.post(path, sent)
    assert (twice.status_code, "on the list already" in text_of(twice)) == (409, True)
    wrong = client.post(path, {"on": "", "name": ""})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (400, {"on", "name"})
    first = Closure.objects.filter(agency=agency).order_by("on")[0]
    client.post(desk(agency, f"office/closed-days/{first.pk}/remove"))
    assert Closure.objects.filter(agency=agency).count() == 1
    # Another agency's administrator finds nothing there.
    left = Closure.objects.get(agency=agency)
    other = an_agency()
    stranger = at_the_desk(other, "admin")
    assert stranger.post(desk(other, f"office/closed-days/{left.pk}/remove")).status_code == 404


def test_which_holidays_count_is_chosen_on_a_page() -> None:
    agency = an_agency(region="Texas")
    client, path = at_the_desk(agency, "admin"), desk(agency, "office/holidays/")
    assert "The public holidays of Texas" in text_of(client.get(path))
    assert client.post(path, {"holiday_calendar": "none"}).status_code == 302
    agency.refresh_from_db()
    assert WorkingDays(agency).works(dt.date(2026, 12, 25))
    assert "No holidays count here." in text_of(client.get(desk(agency, "office/closed-days/")))


def test_programs_close_a_day_change_it_and_open_it_again() -> None:
    agency = an_agency()
    admin, liaison = api_of(agency, "admin"), api_of(agency, "liaison")
    made = admin.post("/closures/", {"on": "2027-10-13", "name": "City holiday"})
    assert (made.status_code, made.json()["on"]) == (201, "2027-10-13")
    path = f"/closures/{made.json()['id']}/"
    again = admin.post("/closures/", {"on": "2027-10-13", "name": "Twice"})
    assert (again.status_code, again.json()["code"]) == (409, "closed_already")
    changed = admin.send("PATCH", path, {"name": "Training"}, If_Match=made["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Training")
    assert admin.send("PATCH", path, {"name": "Stale"}, If_Match=made["ETag"]).status_code == 412
    admin.post("/closures/", {"on": "2027-12-24", "name": "Early close"})
    listed = liaison.get("/closures/?after=2027-11-01&before=2028-01-01").json()["results"]
    assert [one["on"] for one in listed] == ["2027-12-24"]
    assert admin.send("DELETE", path).status_code == 204
    assert liaison.get(path).status_code == 404


def test_the_usual_checklist_asks_for_nothing_at_the_office_on_a_day_off() -> None:
    agency = an_agency(region="Illinois")
    event = a_draft(agency, access_offered=["interpreter", "sign_language"])
    days, day = WorkingDays(agency), event.local_starts_at.date()
    close_on(
        agency,
        on=days.add(day, -3).day,
        until=day - dt.timedelta(days=1),
        name="Move",
        actor=None,
        now=timezone.now(),
    )
    days = WorkingDays(agency)
    early = timezone.now() - dt.timedelta(days=200)
    lines = {item.title: item.due_on for item in usual_items(event, now=early)}
    assert lines["Book the language interpreters"] == days.add(day, -10).day
    due = [on for on in lines.values() if on and on < day]
    assert len(due) > 6
    assert [on for on in due if not days.works(on)] == []


def test_a_need_without_a_day_is_due_four_working_days_before_the_event() -> None:
    agency = an_agency(region="Illinois")
    event = an_event(agency)
    an_rsvp(event, needs=[Need("wheelchair")])
    day = event.local_starts_at.date()

    def due() -> dt.date:
        return board_of(agency, a_person(agency), only_mine=False, now=timezone.now()).needs[0].first_due

    assert due() == WorkingDays(agency).add(day, -4).day
    close_on(agency, on=due(), name="City holiday", actor=None, now=timezone.now())
    assert due() == WorkingDays(agency).add(day, -4).day


def test_the_form_of_an_event_says_the_day_and_what_lies_between() -> None:
    agency = an_agency(region="Illinois")
    event = an_event(agency)
    off = WorkingDays(agency).add(event.local_starts_at.date(), -2).day
    close_on(agency, on=off, name="City holiday", actor=None, now=timezone.now())
    said = text_of(at_the_desk(agency).get(page(event, "edit")))
    assert "5 working days before, that is" in said
    assert "is a closed day (City holiday)" in said


def test_an_event_on_a_closed_day_is_asked_about_before_it_is_saved() -> None:
    agency = an_agency()
    close_on(agency, on=DAY, name="Staff training", actor=None, now=timezone.now())
    liaison, path = at_the_desk(agency), desk(agency, "events/new")
    asked = liaison.post(path, a_plan(venue="new", venue_name="Library"))
    assert "the agency is closed: Staff training." in text_of(asked)
    assert not Event.objects.filter(agency=agency).exists()
    # What was typed is all there again, with another day to choose.
    again = liaison.post(path, a_plan(venue="new", venue_name="Library") | {"change": "yes"})
    assert again.context["form"]["venue_name"].value() == "Library"
    said_yes(liaison, path, **a_plan())
    assert Event.objects.get(agency=agency).local_starts_at.date() == DAY


def test_an_event_reinstated_onto_a_closed_day_is_asked_about() -> None:
    agency = an_agency()
    event = call_off(an_event(agency), reason="No heating.", actor=None, now=timezone.now()).event
    close_on(agency, on=event.local_starts_at.date(), name="Staff training", actor=None, now=timezone.now())
    asked = at_the_desk(agency).get(page(event, "reinstate"))
    assert "the agency is closed: Staff training." in text_of(asked)


def test_a_move_to_a_public_holiday_is_asked_about_and_a_later_hour_on_that_day_is_not() -> None:
    agency = an_agency(region="Illinois")
    event, liaison = a_draft(agency), at_the_desk(agency)
    christmas = dt.date(timezone.now().year + 1, 12, 25)
    eve = christmas - dt.timedelta(days=1)
    moved = filled_in(liaison, page(event, "edit"), date=str(eve), ends_on=str(christmas), ends="14:00")
    asked = text_of(liaison.post(page(event, "edit"), moved))
    assert "is a public holiday: Christmas Day." in asked
    assert "Save and tell them" not in asked
    said_yes(liaison, page(event, "edit"), **moved)
    event.refresh_from_db()
    assert event.local_ends_at.date() == christmas
    later = filled_in(liaison, page(event, "edit"), ends="15:00")
    assert liaison.post(page(event, "edit"), later).status_code == 302


def test_a_program_is_not_asked_about_a_closed_day() -> None:
    agency = an_agency()
    close_on(agency, on=DAY, name="Staff training", actor=None, now=timezone.now())
    sent = {"title": "Town hall", "starts_at": f"{DAY}T18:00:00", "ends_at": f"{DAY}T19:00:00"}
    made = api_of(agency).post("/events/", sent | {"timezone": agency.timezone})
    assert made.status_code == 201
    moved = api_of(agency).send("PATCH", f"/events/{made.json()['id']}/", {"starts_at": f"{DAY}T17:00:00"})
    assert moved.status_code == 200
