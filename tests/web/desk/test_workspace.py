"""One event's workspace: its head, its checklist, and the turns in its life."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from events.event.models import Event
from events.planning.checklist import add_item
from events.planning.lifecycle import start
from events.planning.models import ChecklistItem
from events.rsvps.needs.asking import Need
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, filled_in, page, said_yes, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
NOW = timezone.now


@really_saved
def test_the_overview_says_who_comes_what_they_need_and_ask() -> None:
    event = an_event(capacity=120, title="Town hall: stops")
    an_rsvp(
        event, 3, email="resident@mail.example", needs=[Need("interpreter", language="vi"), Need("captions")]
    )
    an_rsvp(event)
    a_contribution(event.agency, event=event)
    shown = text_of(at_the_desk(event.agency).get(page(event)))
    for words in ("Town hall: stops", "4 of 120 places", "1 party gets reminders by email.", "1 left no address.",
                  "Interpreter: Vietnamese", "Not arranged yet", "Not grouped yet", "RSVPs 4", "Needs 2", "Questions 1"):  # fmt: skip
        assert words in shown, words


def test_the_rail_and_the_tabs_say_where_one_is() -> None:
    event = an_event()
    shown = html_of(at_the_desk(event.agency).get(page(event)))
    assert '<li class="is-now" aria-current="step">Published' in shown
    assert shown.count('aria-current="page"') == 1
    assert shown.count("<h1") == 1


@really_saved
@pytest.mark.parametrize("number", [1, 12])
def test_the_overview_asks_as_few_questions_with_many_rows(
    number: int, django_assert_max_num_queries: object
) -> None:
    event = an_event()
    for _turn in range(number):
        an_rsvp(
            event,
            email=f"r{_turn}@mail.example",
            needs=[Need("captions"), Need("interpreter", language="vi")],
        )
        a_contribution(event.agency, event=event)
        add_item(event, actor=None, now=NOW(), title=f"Line {_turn}")
    liaison = at_the_desk(event.agency)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        liaison.get(page(event))


def test_the_checklist_is_saved_as_a_whole_without_javascript() -> None:
    event = a_draft()
    first, second = event.checklist_items.all()[:2]
    liaison = at_the_desk(event.agency)
    sent = {"shown": [str(first.pk), str(second.pk)], "done": [str(second.pk)]}
    answer = liaison.post(page(event, "checklist"), sent, follow=True)
    assert "1 line is changed." in text_of(answer)
    done = ChecklistItem.objects.get(pk=second.pk)
    assert done.done_at
    assert done.done_by
    liaison.post(
        page(event, "checklist"), {"shown": [str(first.pk), str(second.pk)], "done": [str(first.pk)]}
    )
    assert set(event.checklist_items.exclude(done_at=None)) == {first}


def test_a_line_that_somebody_added_meanwhile_is_left_alone() -> None:
    event = a_draft()
    later = add_item(event, actor=None, now=NOW(), title="Order chairs", done=True)
    liaison = at_the_desk(event.agency)
    shown = [str(item.pk) for item in event.checklist_items.exclude(pk=later.pk)]
    liaison.post(page(event, "checklist"), {"shown": shown, "done": []})
    assert ChecklistItem.objects.get(pk=later.pk).done_at


def test_htmx_gets_the_count_and_a_line_to_read_out() -> None:
    event = a_draft()
    first = event.checklist_items.all()[0]
    sent = {"shown": [str(first.pk)], "done": [str(first.pk)]}
    answer = at_the_desk(event.agency).post(page(event, "checklist"), sent, headers={"HX-Request": "true"})
    assert html_of(answer).count("hx-swap-oob") == 2
    assert "Saved." in text_of(answer)


def test_a_line_is_added_changed_and_removed() -> None:
    event = a_draft()
    liaison = at_the_desk(event.agency)
    liaison.post(page(event, "checklist/new"), {"title": "Order chairs", "due_on": "2027-03-01"})
    line = ChecklistItem.objects.get(event=event, title="Order chairs")
    assert line.due_on == dt.date(2027, 3, 1)
    where = page(event, f"checklist/{line.pk}")
    liaison.post(where, filled_in(liaison, where, title="Order 40 chairs"))
    line.refresh_from_db()
    assert line.title == "Order 40 chairs"
    stale = liaison.post(where, {"title": "Order 50 chairs", "edit_version": "1"})
    assert stale.status_code == 409
    assert "Somebody else changed this" in text_of(stale)
    refused = liaison.post(where, {"title": "", "edit_version": str(line.edit_version)})
    assert refused.context["form"].errors["title"]
    liaison.post(f"{where}/remove")
    assert not ChecklistItem.objects.filter(pk=line.pk).exists()
    verbs = Activity.objects.filter(object_id=line.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["checklist.item_added", "checklist.item_edited", "checklist.item_removed"]


def test_looking_at_a_line_changes_nothing() -> None:
    event = a_draft()
    line = event.checklist_items.all()[0]
    liaison = at_the_desk(event.agency)
    for more in ("checklist", f"checklist/{line.pk}", f"checklist/{line.pk}/remove", "checklist/start", "start", "end",
                 "cancel", "delete", "publish"):  # fmt: skip
        liaison.get(page(event, more))
        liaison.head(page(event, more))
    assert Event.objects.get(pk=event.pk).status == "draft"
    assert ChecklistItem.objects.filter(pk=line.pk, done_at=None).exists()


def test_an_event_without_a_checklist_gets_the_usual_one() -> None:
    event = a_draft()
    ChecklistItem.objects.filter(event=event).delete()
    liaison = at_the_desk(event.agency)
    assert "There is no checklist yet." in text_of(liaison.get(page(event)))
    liaison.post(page(event, "checklist/start"))
    number = event.checklist_items.count()
    liaison.post(page(event, "checklist/start"))
    assert number > 5
    assert event.checklist_items.count() == number


def test_publishing_lists_what_is_missing_and_then_publishes() -> None:
    event = a_draft()
    liaison = at_the_desk(event.agency)
    assert "the meeting has no place" in text_of(liaison.get(page(event, "publish")))
    assert Event.objects.get(pk=event.pk).status == "draft"
    liaison.post(page(event, "publish"))
    assert Event.objects.get(pk=event.pk).status == "published"
    assert liaison.post(page(event, "publish")).status_code == 409


def test_start_end_and_their_refusals() -> None:
    event = an_event()
    liaison = at_the_desk(event.agency)
    said_yes(liaison, page(event, "start"))
    assert Event.objects.get(pk=event.pk).status == "live"
    said_yes(liaison, page(event, "end"))
    assert Event.objects.get(pk=event.pk).status == "ended"
    assert liaison.post(page(event, "end")).status_code == 409


@really_saved
def test_cancelling_says_who_is_told_and_wants_a_reason() -> None:
    event = an_event()
    an_rsvp(event, email="resident@mail.example")
    liaison = at_the_desk(event.agency)
    assert "At most 1 person who holds a place and left an address" in text_of(
        liaison.get(page(event, "cancel"))
    )
    refused = liaison.post(page(event, "cancel"), {"reason": " "})
    assert refused.status_code == 400
    assert refused.context["form"].errors["reason"]
    shown = said_yes(liaison, page(event, "cancel"), reason="The hall has no heating.")
    assert "The hall has no heating." in text_of(shown)
    assert Event.objects.get(pk=event.pk).status == "cancelled"


def test_only_a_draft_is_deleted() -> None:
    draft = a_draft()
    liaison = at_the_desk(draft.agency)
    known = an_event(draft.agency, venue=a_venue(draft.agency))
    assert liaison.post(page(known, "delete")).status_code == 409
    assert liaison.get(page(known, "delete")).status_code == 409
    liaison.post(page(draft, "delete"))
    assert list(Event.objects.filter(agency=draft.agency)) == [known]


def test_what_is_over_can_neither_move_nor_be_cancelled() -> None:
    event = start(an_event(), now=NOW()).event
    liaison = at_the_desk(event.agency)
    said_yes(liaison, page(event, "end"))
    assert liaison.get(page(event, "cancel")).status_code == 409
    answer = liaison.post(page(event, "edit"), filled_in(liaison, page(event, "edit"), starts="12:00"))
    assert answer.status_code == 409
    assert "its time and place stand" in text_of(answer)
