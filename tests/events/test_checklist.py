"""What is still to do for an event: the usual list, and what people make of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engage.activity.models import Activity
from engage.refusals import Invalid, StaleEdit, Unknown
from events.event.models import Event
from events.planning.checklist import (
    add_item,
    edit_item,
    item_of,
    items_of,
    remove_item,
    save_ticks,
)
from events.planning.lifecycle import publish
from events.planning.models import ChecklistItem
from events.planning.scheduling import delete_draft, edit
from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of
from tests.makers.events import a_draft, an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now


def titles(event: Event) -> list[str]:
    return [item.title for item in items_of(event)]


def test_a_draft_starts_with_what_such_an_event_needs() -> None:
    plain = titles(a_draft())
    assert "Choose a place people trust" in plain
    assert not any("interpreters" in title for title in plain)
    asked = titles(a_draft(access_offered=["interpreter", "childcare"], format="online"))
    assert {
        "Book the language interpreters",
        "Book the childcare",
        "Test the link, the sound and the captions",
    } <= set(asked)
    assert "Print the sign-in sheets" not in asked


def test_no_day_before_the_event_lies_in_the_past() -> None:
    soon = (NOW() + dt.timedelta(days=2)).date()
    event = a_draft(starts_at=f"{soon}T18:00", ends_at=f"{soon}T19:00")
    assert (
        min(item.due_on for item in items_of(event) if item.due_on) >= (NOW() - dt.timedelta(days=1)).date()
    )


def test_what_is_not_done_moves_along_with_the_event() -> None:
    event = publish(a_draft(), actor=None, now=NOW()).event
    done, open_one = items_of(event)[:2]
    edit_item(done, actor=None, now=NOW(), fields={"done": True})
    starts = event.local_starts_at + dt.timedelta(days=7)
    edit(
        event, actor=None, now=NOW(), fields={"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1)}
    )
    moved = ChecklistItem.objects.get(pk=open_one.pk)
    assert moved.due_on
    assert open_one.due_on
    assert moved.due_on - open_one.due_on == dt.timedelta(days=7)
    assert ChecklistItem.objects.get(pk=done.pk).due_on == done.due_on


def test_a_second_tick_leaves_the_first_one_named() -> None:
    event = a_draft()
    dana, sam = a_person(event.agency), a_person(event.agency)
    item = items_of(event)[0]
    edit_item(item, actor=dana, now=NOW(), fields={"done": True})
    assert edit_item(item, actor=sam, now=NOW(), fields={"done": True}).done_by == dana
    assert edit_item(item, actor=sam, now=NOW(), fields={"done": False}).done_at is None
    verbs = Activity.objects.filter(object_id=item.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["checklist.item_done", "checklist.item_reopened"]


def test_only_lines_that_were_shown_are_saved() -> None:
    event = a_draft()
    first, second, third = items_of(event)[:3]
    edit_item(third, actor=None, now=NOW(), fields={"done": True})
    assert save_ticks(event, shown=[first.pk, second.pk], ticked=[second.pk], actor=None, now=NOW()) == 1
    assert ChecklistItem.objects.get(pk=third.pk).done_at
    other = items_of(a_draft())[0]
    assert save_ticks(event, shown=[other.pk], ticked=[other.pk], actor=None, now=NOW()) == 0


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "nul\x00"])
def test_a_line_says_what_is_to_be_done(title: str) -> None:
    event = a_draft()
    with pytest.raises(Invalid):
        add_item(event, actor=None, now=NOW(), title=title)
    with pytest.raises(Invalid):
        edit_item(items_of(event)[0], actor=None, now=NOW(), fields={"title": title})


def test_a_list_has_an_end() -> None:
    event = a_draft()
    for number in range(100 - len(items_of(event))):
        add_item(event, actor=None, now=NOW(), title=f"Line {number}")
    with pytest.raises(Invalid):
        add_item(event, actor=None, now=NOW(), title="One too many")


def test_a_stale_edit_and_a_line_that_is_gone_are_refused() -> None:
    event = a_draft()
    item = items_of(event)[0]
    edit_item(item, actor=None, now=NOW(), fields={"title": "New words"}, if_version=1)
    with pytest.raises(StaleEdit):
        edit_item(item, actor=None, now=NOW(), fields={"title": "Other words"}, if_version=1)
    remove_item(item, actor=None, now=NOW())
    with pytest.raises(Unknown):
        edit_item(item.pk, actor=None, now=NOW(), fields={"done": True})
    with pytest.raises(Unknown):
        remove_item(item.pk, actor=None, now=NOW())
    with pytest.raises(Unknown):
        item_of(a_draft(), items_of(event)[0].pk)


def test_a_deleted_draft_takes_its_list_along() -> None:
    event = a_draft()
    delete_draft(event, actor=None, now=NOW())
    assert not ChecklistItem.objects.filter(event_id=event.pk).exists()


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_database_refuses_a_line_of_another_agency_and_one_without_words() -> None:
    event = a_draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistItem.objects.create(agency=an_agency(), event=event, title="Not ours")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistItem.objects.create(agency=event.agency, event=event, title="")


def test_the_api_adds_ticks_and_refuses_a_stale_line() -> None:
    event = an_event()
    api = api_of(event.agency, "liaison")
    path = f"/events/{event.pk}/checklist/"
    made = api.send("POST", path, {"title": "Order chairs", "due_on": "2027-03-01"})
    assert made.status_code == 201
    line = made.json()
    assert (line["done"], line["due_on"]) == (False, "2027-03-01")
    tag = api.send("GET", f"{path}{line['id']}/", None)["ETag"]
    ticked = api.send("PATCH", f"{path}{line['id']}/", {"done": True})
    assert ticked.json()["done"]
    assert ticked.json()["done_by"]
    stale = api.send("PATCH", f"{path}{line['id']}/", {"title": "Order tables"}, If_Match=tag)
    assert stale.status_code == 412
    other = an_event(event.agency)
    assert api.send("GET", f"/events/{other.pk}/checklist/{line['id']}/", None).status_code == 404
