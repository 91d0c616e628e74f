"""The door in a browser without scripts: find, check in, undo, walk in, count heads; each arrival once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from engage.readings.models import ContactRead
from events.door.attendance import attendance
from events.door.models import HeadCount
from events.planning.lifecycle import cancel as call_off
from events.rsvps.changing import cancel
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from tests.makers.agencies import a_person
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
from tests.web.door.doors import a_live_event, device_at, signed_in, staff_at, words_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def key_on(page: Any, path: str) -> dict[str, str]:
    """The hidden fields of the first form on the page that goes to ``path``."""
    form = re.search(rf'<form[^>]*action="[^"]*/{path}".*?</form>', html_of(page), re.DOTALL)
    assert form is not None, path
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))


@pytest.mark.parametrize("stand", [staff_at, device_at])
def test_somebody_found_by_the_name_is_let_in_with_one_button(stand: Any) -> None:
    event = a_live_event()
    rsvp = an_rsvp(event, 2, name="Đorđe Ñandú", needs=[Need("wheelchair")])
    an_rsvp(event, name="Bo Lind")
    screen = stand(event)
    page = screen.post("find", {"q": "nandu", "key": "k"})
    assert "<mark>Ñandú</mark>" in html_of(page)
    assert "Bo" not in words_of(page)
    assert f"2 people, {rsvp.checkin_code[:4]}" in words_of(page)
    assert rsvp.checkin_code not in html_of(page)
    assert "Wheelchair" not in words_of(page).partition("Needs, and where")[0]
    said = screen.tap("check-in", key_on(page, "check-in"))
    assert "Welcome, Đorđe Ñandú" in said
    assert "2 people are in." in said
    assert "Wheelchair" in said.partition("Needs, and where")[0]
    assert screen.numbers() == (2, 1)


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0} {1}", "HTTPS://HOST.EXAMPLE/C/{0}{1}", " {0}{1} "])
def test_a_whole_code_lets_in_at_once_however_it_is_typed(typed: str) -> None:
    event = a_live_event()
    code = an_rsvp(event, name="Ada Park").checkin_code
    for attempt in (str.lower, str.upper):
        said = staff_at(event).find(attempt(typed.format(code[:5], code[5:])), key=f"k-{attempt}")
    assert "Already here" in said
    assert CheckIn.objects.get().way == "code"


def test_an_outcome_in_staffs_words_says_where_to_go() -> None:
    event = a_live_event()
    rsvp = an_rsvp(event, needs=[Need("interpreter", "vi"), Need("childcare")])
    liaison, now = a_person(event.agency), timezone.now()
    request = AccessRequest.objects.get(rsvp=rsvp, kind="interpreter")
    arrange(request, actor=liaison, status="arranged", outcome="Table 4", now=now)
    screen = device_at(event)
    before = words_of(screen.get())
    assert "Interpreter: Vietnamese 0 of 1 Table 4" in before
    said = screen.find(rsvp.checkin_code)
    assert "Welcome 1 person is in. Interpreter: Vietnamese Table 4 Childcare Not arranged yet." in said
    assert "Interpreter: Vietnamese 1 of 1 Table 4" in said


def test_a_double_click_is_one_arrival_and_the_same_welcome() -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    screen = staff_at(event)
    page = screen.post("find", {"q": "ada", "key": "k"})
    fields = key_on(page, "check-in")
    first, second = screen.tap("check-in", fields), screen.tap("check-in", fields)
    assert "Welcome, Ada Park" in first
    assert "Welcome, Ada Park" in second
    assert CheckIn.objects.count() == 1


def test_on_another_screen_they_are_already_here() -> None:
    event = a_live_event()
    code = an_rsvp(event, name="Ada Park").checkin_code
    staff_at(event).find(code, key="one")
    answer = device_at(event).post("find", {"q": code, "key": "two"}, follow=True)
    assert answer.status_code == 200
    assert "Already here: Ada Park Checked in: " in words_of(answer)
    assert attendance(event)["checked_in"] == 1


def test_undo_takes_back_and_they_can_come_in_again() -> None:
    event = a_live_event()
    rsvp = an_rsvp(event, name="Ada Park")
    screen = staff_at(event)
    page = screen.post("find", {"q": rsvp.checkin_code, "key": "k"}, follow=True)
    fields = key_on(page, "undo")
    for _twice in range(2):
        assert "This arrival is not counted any more." in screen.tap("undo", fields)
    assert screen.numbers() == (0, 1)
    # The message of the first time, sent again, does not bring them back; a new one does.
    assert "not counted any more" in screen.find(rsvp.checkin_code, key="k")
    assert "Welcome, Ada Park" in screen.find(rsvp.checkin_code, key="k2")
    listed = screen.post("find", {"q": "ada", "key": "k3"})
    assert "1 person, here since" in words_of(listed)
    screen.tap("undo", key_on(listed, "undo"))
    assert attendance(event)["total"] == 0


def test_more_or_fewer_came_than_had_said_so() -> None:
    event = a_live_event()
    rsvp = an_rsvp(event, 3)
    screen = device_at(event)
    page = screen.post("find", {"q": rsvp.checkin_code, "key": "k"}, follow=True)
    fields = key_on(page, "people")
    assert "2 people are in." in screen.tap("people", fields | {"party": "2"})
    refused = screen.post("people", fields | {"party": "51"})
    assert refused.status_code == 400
    assert "At most 50 at once." in words_of(refused)
    assert 'value="51"' in html_of(refused)
    assert "<title>Error: " in html_of(refused)
    assert CheckIn.objects.get().party == 2


def test_a_walk_in_is_a_number_and_nothing_else() -> None:
    event = a_live_event()
    screen = staff_at(event)
    fields = key_on(screen.get(), "walk-in")
    for _twice in range(2):
        assert "Welcome 4 people are in." in screen.tap("walk-in", fields | {"party": "4"})
    assert attendance(event)["walk_ins"] == 4
    assert CheckIn.objects.get().rsvp is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "At least one person."),
        ("51", "At most 50 at once."),
        ("", "Say how many"),
        ("two", "Write a whole number"),
    ],
)
def test_a_walk_in_of_nobody_is_refused_beside_its_field(typed: str, why: str) -> None:
    screen = staff_at(a_live_event())
    refused = screen.post("walk-in", {"party": typed, "key": "k"})
    assert refused.status_code == 400
    assert words_of(refused).count(why) == 2
    assert f'value="{typed}"' in html_of(refused)
    assert '<details id="walk-in" open>' in html_of(refused)
    assert not CheckIn.objects.exists()


def test_heads_are_counted_by_screens_and_never_twice() -> None:
    event = a_live_event()
    one, two = staff_at(event), device_at(event)
    stale = key_on(one.get(), "heads")
    one.tap("heads", stale | {"step": "1"})
    assert "This page was behind" not in words_of(one.get())
    one.tap("heads", key_on(one.get(), "heads") | {"step": "1"})
    assert "This page was behind. The number is right now." in one.tap("heads", stale | {"step": "1"})
    two.tap("heads", key_on(two.get(), "heads") | {"step": "1"})
    assert "No name given: 3" in words_of(two.get())
    two.tap("heads", key_on(two.get(), "heads") | {"step": "-1"})
    assert "counted nobody whom it could take off" in two.tap(
        "heads", key_on(two.get(), "heads") | {"step": "-1"}
    )
    assert attendance(event)["head_count"] == 2
    assert sorted(HeadCount.objects.values_list("added", "removed")) == [(1, 1), (2, 0)]


def test_nobody_is_turned_away() -> None:
    event = a_live_event(capacity=1)
    an_rsvp(event, name="Ada Park")
    waiting = an_rsvp(event, name="Bo Lind")
    gone = an_rsvp(event, name="Cy Moss")
    cancel(gone.pk, by="resident", now=timezone.now())
    screen = staff_at(event)
    assert "Bo Lind" in (said := screen.find("bo"))
    assert "On the waitlist" in said
    assert "Cy Moss" not in screen.find("cy")
    assert "Welcome, Bo Lind" in screen.find(waiting.checkin_code, key="k1")
    assert "Welcome, Cy Moss" in screen.find(gone.checkin_code, key="k2")
    assert "No one matches “okon”" in (said := screen.find("okon"))
    assert "Nobody is turned away." in said


def test_a_code_of_another_event_says_only_that() -> None:
    event = a_live_event()
    other = an_rsvp(a_live_event(event.agency, title="Survivors' evening"), name="Ada Park")
    strange = an_rsvp(a_live_event())
    said = staff_at(event).find(other.checkin_code)
    assert "This code is for another meeting" in said
    assert "Survivors" not in said
    assert "Ada" not in said
    assert "No one matches" in staff_at(event).find(strange.checkin_code)
    assert not CheckIn.objects.exists()


def test_what_people_typed_is_text() -> None:
    event = a_live_event(title="<b>Hall</b>")
    an_rsvp(event, name="<script>alert(1)</script> Ada")
    page = html_of(staff_at(event).post("find", {"q": "ada", "key": "k"}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Hall" not in page
    nothing = html_of(staff_at(event).post("find", {"q": '"><script>', "key": "k"}))
    assert '"><script>' not in nothing


@pytest.mark.parametrize("path", ["check-in", "undo", "people", "walk-in", "find", "heads"])
def test_nonsense_changes_nothing_and_breaks_nothing(path: str) -> None:
    event = a_live_event()
    an_rsvp(event)
    screen = device_at(event)
    for fields in ({}, {"key": "\x00", "q": "\x00", "rsvp": "x", "arrival": "x", "party": "\x00", "added": "-1"},
                   {"key": "k" * 65, "rsvp": str(event.pk), "arrival": str(event.pk), "q": "9" * 5000}):  # fmt: skip
        assert screen.post(path, fields).status_code in {200, 302, 400, 404}
        assert screen.post(path, fields, headers={"HX-Request": "true"}).status_code in {200, 400, 422}
    assert not CheckIn.objects.exists()


def test_once_it_is_called_off_the_page_says_so() -> None:
    event = a_live_event()
    code = an_rsvp(event).checkin_code
    screen = staff_at(event)
    call_off(event, reason="Flood", actor=None, now=timezone.now())
    assert screen.post("find", {"q": code, "key": "k"}).status_code == 302
    part = screen.post("find", {"q": code, "key": "k"}, headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    assert "This meeting is cancelled" in words_of(screen.get())
    assert not CheckIn.objects.exists()


def test_the_list_is_opened_by_a_button_and_the_look_is_written_down_once() -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    screen = staff_at(event)
    for typed in ("a", "ad", "ada"):
        screen.post("matches", {"q": typed})
    read = ContactRead.objects.get()
    assert (read.what, read.event_id, read.purpose) == ("door", event.pk, "door")
    screen.get()
    assert ContactRead.objects.count() == 1


def test_before_the_button_no_name_is_shown() -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    client = signed_in(event.agency)
    page = client.get(f"/door/{event.pk}/")
    assert "Open the list of names?" in words_of(page)
    for path in ("find", "matches"):
        assert client.post(f"/door/{event.pk}/{path}", {"q": "ada", "key": "k"}).status_code == 302
    assert client.get(f"/door/{event.pk}/numbers").status_code == 302
    assert not ContactRead.objects.exists()


def test_without_rsvps_there_is_nothing_to_come() -> None:
    event = a_live_event(rsvp_mode="none")
    assert "still to come" not in words_of(staff_at(event).get())
    assert not Rsvp.objects.exists()
