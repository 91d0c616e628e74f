"""Planning an event at the desk, and changing one."""

from __future__ import annotations

import datetime as dt

import pytest

from engage.activity.models import Activity
from events.event.models import Event, Venue
from events.planning.models import AgendaItem
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import DAY, a_plan, at_the_desk, desk, filled_in, page, text_of
from web.desk.event_form import EventForm

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_title_day_and_time_make_a_draft_with_a_checklist() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    answer = liaison.post(desk(agency, "events/new"), a_plan())
    event = Event.objects.get(agency=agency)
    assert answer["Location"] == page(event)
    assert (event.status, event.title) == ("draft", "Town hall about stops")
    assert event.local_starts_at == dt.datetime.combine(DAY, dt.time(18))
    assert event.checklist_items.count() > 5
    assert "Nobody sees it until you publish it." in text_of(liaison.get(page(event)))


def test_everything_a_liaison_sets_is_kept_and_shown_again() -> None:
    agency = an_agency(languages=["en", "es"])
    liaison, talk, group, room = at_the_desk(agency), a_dialogue(agency), a_community(agency), a_venue(agency)
    sent = a_plan(
        description="Ask the chief.", kind="walk", format="hybrid", doors_open="17:30", venue=str(room.pk),
        online_url="https://meet.example/1", getting_there="Bus 4.", run_by="The library", capacity="80",
        rsvp_opens=f"{DAY - dt.timedelta(days=20)}T09:00", rsvp_closes=f"{DAY}T12:00", languages=["en", "vi"],
        access_offered=["sign_language", "step_free"], access_deadline_on=str(DAY - dt.timedelta(days=7)),
        agenda="Welcome (10)\nYour questions (45)\nWhat we take with us", dialogue=str(talk.pk),
        focus_area="procedural_justice", participation_level="involve", communities=[str(group.pk)],
        discreet="yes", title_es="Asamblea", getting_there_es="Autobús 4.",
    )  # fmt: skip
    assert liaison.post(desk(agency, "events/new"), sent).status_code == 302
    event = Event.objects.get(agency=agency)
    assert event.discreet
    assert event.translations == {"es": {"title": "Asamblea", "getting_there": "Autobús 4."}}
    assert event.doors_open_at
    assert event.starts_at - event.doors_open_at == dt.timedelta(minutes=30)
    assert [(item.title, item.minutes) for item in event.agenda_items.all()] == [
        ("Welcome", 10),
        ("Your questions", 45),
        ("What we take with us", None),
    ]
    again = filled_in(liaison, page(event, "edit"))
    assert {
        name: value for name, value in sent.items() if again.get(name) != value and [value] != again.get(name)
    } == {}


def test_every_field_of_the_form_stands_on_its_page() -> None:
    """One that does not would be emptied by whoever saves."""
    agency = an_agency()
    event, group = an_event(agency), a_community(agency)
    shown = html_of(at_the_desk(agency).get(page(event, "edit")))
    asked = {name for name in EventForm(agency, event=event).fields if f'name="{name}"' in shown}
    assert EventForm(agency, event=event).fields.keys() - asked == {"starts_fold", "ends_fold"}
    assert str(group.pk) in shown


def test_saving_a_form_in_which_nothing_was_changed_changes_nothing() -> None:
    agency = an_agency()
    liaison, event = at_the_desk(agency), an_event(agency, doors_open_at=f"{DAY}T17:30:17", starts_at=f"{DAY}T18:00:30",
                                                    ends_at=f"{DAY}T20:00:00", agenda=["Welcome"])  # fmt: skip
    liaison.post(page(event, "edit"), filled_in(liaison, page(event, "edit")))
    stands = Event.objects.get(pk=event.pk)
    assert (stands.edit_version, stands.starts_at) == (event.edit_version, event.starts_at)


def test_a_new_venue_is_added_with_the_event() -> None:
    agency = an_agency()
    sent = a_plan(venue="new", venue_name="Eastside Library", venue_address="410 Alder Street")
    at_the_desk(agency).post(desk(agency, "events/new"), sent)
    assert Event.objects.get(agency=agency).venue == Venue.objects.get(agency=agency, name="Eastside Library")


def test_a_new_venue_without_a_name_is_refused_beside_the_name_and_nothing_is_kept() -> None:
    agency = an_agency()
    answer = at_the_desk(agency).post(desk(agency, "events/new"), a_plan(venue="new", venue_room="B"))
    assert answer.status_code == 400
    assert answer.context["form"].errors["venue_name"]
    assert (Event.objects.filter(agency=agency).count(), Venue.objects.filter(agency=agency).count()) == (
        0,
        0,
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": None}, "title"),
        ({"date": "2027-02-30"}, "date"),
        ({"ends": "17:00"}, "ends"),
        ({"doors_open": "18:30"}, "doors_open"),
        ({"capacity": "0"}, "capacity"),
        ({"rsvp_opens": f"{DAY}T12:00", "rsvp_closes": f"{DAY}T11:00"}, "rsvp_closes"),
        ({"online_url": "not a link"}, "online_url"),
        ({"agenda": "x" * 201}, "agenda"),
        ({"date": "2027-03-14", "starts": "02:30", "ends": "04:00"}, "starts"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_is_kept(
    wrong: dict[str, str | None], field: str
) -> None:
    agency = an_agency()
    answer = at_the_desk(agency).post(desk(agency, "events/new"), a_plan(description="Kept words.", **wrong))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    shown = html_of(answer)
    assert "Kept words." in shown
    assert "<title>Error:" in shown
    assert not Event.objects.filter(agency=agency).exists()


def test_a_time_that_comes_twice_is_asked_for_with_both_choices() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    night = a_plan(date="2027-11-07", starts="01:30", ends="03:00", doors_open="01:15")
    asked = liaison.post(desk(agency, "events/new"), night)
    assert asked.status_code == 400
    assert 'name="starts_fold"' in html_of(asked)
    assert "The second, after it" in text_of(asked)
    for fold, hour in (("0", 6), ("1", 7)):
        liaison.post(desk(agency, "events/new"), night | {"starts_fold": fold})
        event = Event.objects.filter(agency=agency).latest("created_at")
        assert event.starts_at == dt.datetime(2027, 11, 7, hour, 30, tzinfo=dt.UTC)
        assert event.doors_open_at == event.starts_at - dt.timedelta(minutes=15)
        assert 'name="starts_fold"' in html_of(liaison.get(page(event, "edit")))


def test_a_past_event_is_copied_for_another_day() -> None:
    agency = an_agency()
    past = an_event(
        agency, title="Coffee and questions", run_by="The library", agenda=["Welcome"], capacity=24
    )
    form = at_the_desk(agency).get(desk(agency, f"events/new?copy={past.pk}")).context["form"]
    assert [form[name].value() for name in ("title", "run_by", "agenda", "capacity")] == [
        "Coffee and questions", "The library", "Welcome", 24,
    ]  # fmt: skip
    assert form["date"].value() is None


def test_another_agencys_event_cannot_be_copied() -> None:
    agency = an_agency()
    assert at_the_desk(agency).get(desk(agency, f"events/new?copy={an_event().pk}")).status_code == 404
    assert at_the_desk(agency).get(desk(agency, "events/new?copy=nonsense")).status_code == 404


@really_saved
def test_moving_a_published_event_says_first_who_is_told() -> None:
    agency = an_agency()
    event = an_event(agency)
    an_rsvp(event, email="resident@mail.example", needs=[Need("wheelchair")])
    an_rsvp(event)
    AccessRequest.objects.filter(event=event).update(status="arranged")
    liaison = at_the_desk(agency)
    sent = filled_in(liaison, page(event, "edit"), starts="17:00")
    asked = liaison.post(page(event, "edit"), sent)
    assert "At most 1 person is told at once" in text_of(asked)
    assert "1 need that was settled becomes work again" in text_of(asked)
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at
    again = dict(asked.context["sent"]) | {"confirmed": "yes"}
    assert liaison.post(page(event, "edit"), again).status_code == 302
    assert Event.objects.get(pk=event.pk).local_starts_at.hour == 17
    assert Activity.objects.filter(object_id=event.pk, verb="event.moved").exists()


def test_what_nobody_is_told_of_is_saved_at_once() -> None:
    agency = an_agency()
    event, draft = an_event(agency), a_draft(agency)
    liaison = at_the_desk(agency)
    for one, changes in ((event, {"run_by": "The library"}), (draft, {"starts": "17:00"})):
        sent = filled_in(liaison, page(one, "edit"), **changes)
        assert liaison.post(page(one, "edit"), sent).status_code == 302


def test_an_edit_of_what_somebody_else_has_changed_shows_both_and_keeps_what_was_typed() -> None:
    agency = an_agency()
    event = a_draft(agency, run_by="The desk")
    liaison = at_the_desk(agency)
    mine = filled_in(liaison, page(event, "edit"), title="My title")
    other = filled_in(liaison, page(event, "edit"), run_by="The library")
    liaison.post(page(event, "edit"), other)
    answer = liaison.post(page(event, "edit"), mine)
    assert answer.status_code == 409
    assert {"Title", "Who runs it"} <= {str(row["label"]) for row in answer.context["differences"]}
    assert answer.context["form"]["title"].value() == "My title"
    assert Event.objects.get(pk=event.pk).title == "Town hall"
    again = mine | {"edit_version": answer.context["form"]["edit_version"].value()}
    assert liaison.post(page(event, "edit"), again).status_code == 302
    assert Event.objects.get(pk=event.pk).title == "My title"


@really_saved
def test_a_capacity_below_what_is_taken_says_how_many_are_taken() -> None:
    agency = an_agency()
    event = an_event(agency, capacity=20)
    an_rsvp(event, 5)
    liaison = at_the_desk(agency)
    answer = liaison.post(page(event, "edit"), filled_in(liaison, page(event, "edit"), capacity="3"))
    assert answer.status_code == 409
    assert "5 places are taken already" in str(answer.context["form"].errors["capacity"])


def test_a_point_that_keeps_its_title_keeps_its_commitment() -> None:
    agency = an_agency()
    commitment = a_commitment(agency)
    event = a_draft(agency, agenda=[{"title": "Report back", "commitment": str(commitment.pk)}])
    liaison = at_the_desk(agency)
    sent = filled_in(liaison, page(event, "edit"), agenda="Welcome\nReport back (15)")
    liaison.post(page(event, "edit"), sent)
    kept = AgendaItem.objects.get(event=event, title="Report back")
    assert (kept.commitment_id, kept.minutes) == (commitment.pk, 15)


def test_a_listening_session_is_discreet_unless_said_otherwise() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    liaison.post(desk(agency, "events/new"), a_plan(kind="listening_session", title="One"))
    liaison.post(desk(agency, "events/new"), a_plan(kind="listening_session", title="Two", discreet="no"))
    assert dict(Event.objects.filter(agency=agency).values_list("title", "discreet")) == {
        "One": True,
        "Two": False,
    }


def test_texts_in_further_languages_that_came_over_the_api_stay() -> None:
    agency = an_agency()
    event = a_draft(agency, translations={"vi": {"title": "Họp"}, "es": {"title": "Reunión"}})
    liaison = at_the_desk(agency)
    liaison.post(page(event, "edit"), filled_in(liaison, page(event, "edit"), title_es="Asamblea"))
    assert Event.objects.get(pk=event.pk).translations == {
        "vi": {"title": "Họp"},
        "es": {"title": "Asamblea"},
    }


def test_what_was_typed_is_escaped() -> None:
    agency = an_agency()
    event = a_draft(agency, title="<script>alert(1)</script>", agenda=["</textarea><img src=x>"])
    liaison = at_the_desk(agency)
    for more in ("", "edit", "publish", "delete", "sign-in-sheet"):
        shown = html_of(liaison.get(page(event, more)))
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
