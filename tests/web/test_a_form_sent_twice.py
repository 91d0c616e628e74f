"""A double press, a press after the way back, and other words under a key that is spent: at every kind of form of staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency, Community
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.contacts.links import Purpose, mint
from engage.kept_answers.keeping import forget_expired
from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import Contribution, Dialogue
from engage.roles.models import AccessToken, Invitation
from events.door.models import DoorLink
from events.event.models import Event, Venue
from events.planning.models import ChecklistItem
from outreach.reminders.models import ReminderRule
from outreach.summaries.models import SummaryVersion
from tests.attackers.reading_forms import forms_of
from tests.events.crowd import all_at_once
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.summaries import an_event_that_is_over
from tests.web.desk.at_the_desk import DAY
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
DUE = str(timezone.now().date() + dt.timedelta(days=90))


@dataclass(frozen=True)
class Form:
    """One kind of form. at: its page below the agency's desk. to: how its action ends. made: what it makes."""

    at: str
    typed: dict[str, Any]
    made: Callable[[], QuerySet[Any]]
    other: dict[str, Any]
    to: str = ""
    kind: str = "liaison"


def lines_of(verb: str) -> Callable[[], QuerySet[Any]]:
    return lambda: Activity.objects.filter(verb=verb)


KINDS = {
    "a meeting": Form(
        "events/new",
        {"title": "Town hall", "date": str(DAY), "starts": "18:00", "ends": "19:30", "languages": "en"},
        Event.objects.filter(title__startswith="Town hall").all,
        {"title": "Town hall on stops"},
    ),
    "a venue": Form(
        "venues/new",
        {"name": "Old mill"},
        Venue.objects.filter(name__contains="mill").all,
        {"name": "New mill"},
    ),
    "a dialogue": Form(
        "dialogues/new",
        {"title": "Stops"},
        Dialogue.objects.filter(title="Stops").all,
        {"purpose": "To hear"},
    ),
    "a promise": Form(
        "commitments/new",
        {
            "title": "Say the reason",
            "owner_office": "Traffic",
            "due_on": DUE,
            "focus_area": "policy_and_practice",
        },
        Commitment.objects.filter(title="Say the reason").all,
        {"owner_office": "Patrol"},
    ),
    "a note": Form(
        "events/{event}/notes/", {"body": "More light"}, Contribution.objects.all, {"body": "Less light"}
    ),
    "a question on paper": Form(
        "contributions/write", {"body": "When?"}, Contribution.objects.all, {"body": "Who?"}
    ),
    "a line of the checklist": Form(
        "events/{event}/checklist/new",
        {"title": "Bring water"},
        ChecklistItem.objects.filter(title__contains="water").all,
        {"title": "Bring more water"},
    ),
    "a reminder": Form("reminders/new", {}, ReminderRule.objects.all, {}),
    "a link for the door": Form(
        "events/{event}/door-links/", {"device": "Tablet"}, DoorLink.objects.all, {"device": "Phone"}
    ),
    "a person asked in": Form(
        "office/people/",
        {"email": "new@agency.example", "kind": "liaison"},
        Invitation.objects.all,
        {"email": "newer@agency.example"},
        kind="admin",
    ),
    "a neighborhood": Form(
        "office/communities/",
        {"name": "Riverside"},
        Community.objects.filter(name__contains="Riverside").all,
        {"name": "Riverside North"},
        kind="admin",
    ),
    "a key for programs": Form(
        "office/tokens/",
        {"label": "lobby", "scopes": "events:read"},
        AccessToken.objects.all,
        {"label": "hall"},
        kind="admin",
    ),
    "an update of a promise": Form(
        "commitments/{commitment}/update",
        {"note": "The order is written."},
        CommitmentUpdate.objects.filter(note__contains="order is").all,
        {"note": "The order is signed."},
    ),
    "a meeting published": Form("events/{draft}/publish", {}, lines_of("event.published"), {}),
    "a meeting cancelled": Form(
        "events/{event}/cancel", {"reason": "Snow."}, lines_of("event.cancelled"), {"reason": "Ice."}
    ),
    "a summary drafted": Form(
        "events/{past}/summary/", {}, SummaryVersion.objects.all, {}, to="summary/draft"
    ),
    "a dialogue opened": Form("dialogues/{dialogue}/", {}, lines_of("dialogue.opened"), {}, to="/open"),
}


MAKERS: dict[str, Callable[[Agency], Any]] = {
    "event": lambda agency: an_event(agency, title="Evening"),
    "draft": a_draft,
    "past": an_event_that_is_over,
    "commitment": a_commitment,
    "dialogue": lambda agency: a_dialogue(agency, stage="planning", title="Parks"),
}


@dataclass
class Desk:
    """Somebody at their desk with one form in front of them."""

    browser: Client
    form: Form
    at: str

    def open(self) -> tuple[str, dict[str, Any]]:
        """Where the form goes, and what is sent: a key of its own among it."""
        page = self.browser.get(self.at)
        assert page.status_code == HTTPStatus.OK
        forms = [one for one in forms_of(self.at, page.content.decode()) if one.method == "post"]
        ours = [
            one
            for one in forms
            if one.action.endswith(self.form.to or self.at) and "logout" not in one.action
        ]
        sent = {name: value for name, value in ours[0].fields.items() if value}
        assert len(sent["key"]) > 22
        return ours[0].action, sent | self.form.typed

    def press(self, to: str, sent: dict[str, Any]) -> Any:
        return self.browser.post(to, sent)


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest) -> Desk:
    form, agency = KINDS[request.param], an_agency()
    made = next((make for name, make in MAKERS.items() if f"{{{name}}}" in form.at), None)
    at = form.at.format_map(dict.fromkeys(MAKERS, made(agency).pk)) if made else form.at
    return Desk(staff(agency, form.kind), form, f"/desk/{agency.slug}/{at}")


def what_it_says(answer: Any) -> tuple[int, str, str]:
    page = "" if answer.status_code == HTTPStatus.FOUND else answer.content.decode()
    return answer.status_code, answer.get("Location", ""), page


def test_pressed_twice_at_once_it_makes_one_thing_and_both_presses_see_it(desk: Desk) -> None:
    to, sent = desk.open()
    before = desk.form.made().count()
    presses = [lambda: desk.press(to, sent)] * 2
    first, second = all_at_once(presses, threads=2)
    assert what_it_says(first) == what_it_says(second)
    assert first.status_code in {HTTPStatus.FOUND, HTTPStatus.OK}
    assert desk.form.made().count() == before + 1


def test_pressed_again_after_the_way_back_it_shows_what_it_made(desk: Desk) -> None:
    to, sent = desk.open()
    first, before = desk.press(to, sent), desk.form.made().count()
    again = desk.press(to, sent)
    assert what_it_says(first) == what_it_says(again)
    assert desk.form.made().count() == before
    if again.status_code == HTTPStatus.FOUND:
        assert desk.browser.get(again["Location"]).content.decode().count("notice--good") == 1


def test_with_other_words_it_is_asked_whether_they_are_to_be_sent_as_well(desk: Desk) -> None:
    if not desk.form.other:
        pytest.skip("nothing is typed in this form")
    to, sent = desk.open()
    desk.press(to, sent)
    made = desk.form.made().count()
    answer = desk.press(to, sent | desk.form.other)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "was sent before" in page or "That was not possible" in page
    assert desk.form.made().count() == made


def test_a_form_that_was_not_whole_keeps_its_key_for_the_next_try(desk: Desk) -> None:
    required = [
        name
        for name, typed in desk.form.typed.items()
        if name in {"title", "name", "body", "reason", "email", "label", "note"}
    ]
    if not required:
        pytest.skip("nothing can be missing in this form")
    to, sent = desk.open()
    before = desk.form.made().count()
    assert desk.press(to, sent | {required[0]: " "}).status_code == HTTPStatus.BAD_REQUEST
    assert desk.form.made().count() == before
    assert desk.press(to, sent).status_code in {HTTPStatus.FOUND, HTTPStatus.OK}
    assert desk.form.made().count() == before + 1


def test_a_key_is_good_for_whoever_was_given_it_and_nobody_else() -> None:
    agency = an_agency()
    for each in (staff(agency), staff(agency)):
        each.post(f"/desk/{agency.slug}/venues/new", {"name": "Old mill", "key": "k" * 32})
    assert Venue.objects.filter(name="Old mill").count() == 2


def test_a_key_is_forgotten_after_a_day() -> None:
    agency = an_agency()
    liaison, sent = staff(agency), {"name": "Old mill", "key": "k" * 32}
    liaison.post(f"/desk/{agency.slug}/venues/new", sent)
    kept = IdempotentAnswer.objects.get()
    assert dt.timedelta(hours=23) < kept.expires_at - timezone.now() <= dt.timedelta(hours=24)
    forget_expired(now=kept.expires_at)
    liaison.post(f"/desk/{agency.slug}/venues/new", sent)
    assert Venue.objects.filter(name="Old mill").count() == 2


def test_nothing_that_was_typed_can_be_read_where_keys_are_kept() -> None:
    agency = an_agency()
    staff(agency).post(f"/desk/{agency.slug}/venues/new", {"name": "Old mill", "key": "k" * 32})
    kept = IdempotentAnswer.objects.get()
    held = bytes(kept.key_sha256) + bytes(kept.body_mark) + bytes(kept.sealed or b"")
    assert b"mill" not in held
    assert b"k" * 32 not in held


def test_what_broke_down_on_the_way_may_be_pressed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = an_agency()
    liaison, sent = staff(agency, raise_request_exception=False), {"name": "Old mill", "key": "k" * 32}
    with monkeypatch.context() as broken:
        broken.setattr("web.desk.venues.go_on", lambda *_given, **_more: 1 / 0)
        assert liaison.post(f"/desk/{agency.slug}/venues/new", sent).status_code == 500
    assert not Venue.objects.exists()
    assert liaison.post(f"/desk/{agency.slug}/venues/new", sent).status_code == HTTPStatus.FOUND
    assert Venue.objects.count() == 1


def test_the_same_form_on_two_pages_is_two_acts() -> None:
    agency = an_agency()
    liaison, notes = staff(agency), [an_event(agency), an_event(agency)]
    for event in notes:
        at = f"/desk/{agency.slug}/events/{event.pk}/checklist/new"
        liaison.post(at, {"title": "Bring water", "key": "k" * 32})
    assert ChecklistItem.objects.filter(title="Bring water").count() == 2


def test_a_part_of_a_page_that_was_sent_twice_leads_to_the_page() -> None:
    agency = an_agency()
    liaison, event = staff(agency), an_event(agency)
    at = f"/desk/{agency.slug}/events/{event.pk}/notes/"
    form = next(one for one in forms_of(at, liaison.get(at).content.decode()) if one.action == at)
    sent = {name: value for name, value in form.fields.items() if value} | {"body": "More light"}
    first = liaison.post(at, sent, headers={"HX-Request": "true"})
    again = liaison.post(at, sent, headers={"HX-Request": "true"})
    assert first.status_code == HTTPStatus.OK
    assert (again.status_code, again["HX-Refresh"]) == (HTTPStatus.NO_CONTENT, "true")
    assert Contribution.objects.count() == 1


def test_a_resident_who_presses_erase_twice_reads_twice_that_it_is_erased() -> None:
    rsvp = an_rsvp(an_event())
    at = f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)}/erase"
    browser = Client()
    form = next(one for one in forms_of(at, browser.get(at).content.decode()) if one.action == at)
    first, again = browser.post(at, form.fields), browser.post(at, form.fields)
    assert first.status_code == again.status_code == HTTPStatus.OK
    assert first.content == again.content
