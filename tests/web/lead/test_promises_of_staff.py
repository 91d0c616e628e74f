"""Promises as staff keep them: moved in public, one act at a time, and texts that name a resident hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.commitment_tracking import add_evidence, update
from engage.models import Agency, Commitment, Redaction
from outreach.models import Subscription
from outreach.subscribing import subscribe
from tests.makers.agencies import a_person
from tests.web.lead.promise_address import at
from tests.web.staff_clients import errors_of, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


def as_it_is(promised: Commitment, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of updates: everything that stands, and what was changed."""
    promised.refresh_from_db()
    said = {
        "status": promised.status, "due_on": promised.due_on, "owner_office": promised.owner_office,
        "owner": promised.owner_id or "", "title": promised.title, "done_means": promised.done_means,
        "if_version": promised.edit_version, "reason": "", "note": "", "evidence": "", "evidence_title": "",
    }  # fmt: skip
    return said | {f"initial-{name}": value for name, value in said.items()} | changes


# --- the next line of its history ---


def test_an_update_is_one_line_that_everyone_can_read(liaison: Client, promised: Commitment) -> None:
    answer = liaison.post(at(promised), as_it_is(promised, status="in_progress", note="The crew was named."))
    assert answer.status_code == 302
    line = promised.updates.get()
    assert (line.status_to, line.note, line.due_to, line.title_to) == (
        "in_progress",
        "The crew was named.",
        None,
        "",
    )
    said = liaison.get(at(promised)).content.decode()
    assert "Work has begun." in said
    assert "The crew was named." in said


def test_kept_needs_a_link_and_the_words_stay(liaison: Client, promised: Commitment) -> None:
    answer = liaison.post(at(promised), as_it_is(promised, status="kept", note="We did it."))
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"evidence"}
    assert "We did it." in answer.content.decode()
    liaison.post(at(promised), as_it_is(promised, status="kept", evidence="https://city.example/done"))
    promised.refresh_from_db()
    assert promised.status == "kept"


def test_a_link_that_is_there_already_is_enough(liaison: Client, promised: Commitment) -> None:
    shown = add_evidence(promised, actor=None, url="https://city.example/done", now=NOW)
    liaison.post(at(promised), as_it_is(promised, status="kept", shown=[shown.pk]))
    shown.refresh_from_db()
    assert shown.update == promised.updates.get()


@pytest.mark.parametrize(
    "change", [{"status": "not_kept"}, {"title": "Other words"}, {"due_on": "2099-01-01"}]
)
def test_what_the_public_holds_us_to_changes_with_a_reason_only(
    liaison: Client, promised: Commitment, change: dict[str, str]
) -> None:
    answer = liaison.post(at(promised), as_it_is(promised, **change))
    assert set(errors_of(answer)) == {"reason"}
    assert liaison.post(at(promised), as_it_is(promised, **change, reason="No money.")).status_code == 302


def test_nothing_said_is_no_update(liaison: Client, promised: Commitment) -> None:
    assert set(errors_of(liaison.post(at(promised), as_it_is(promised)))) == {"note"}
    assert promised.updates.count() == 0


def test_somebody_who_was_faster_is_not_overwritten(liaison: Client, promised: Commitment) -> None:
    typed = as_it_is(promised, note="Slow words", title="Slow title", reason="It says more.")
    day = promised.due_on + dt.timedelta(days=9)
    update(promised, actor=None, now=NOW, status="in_progress", due_on=day, reason="Rain.")
    answer = liaison.post(at(promised), typed)
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Somebody else changed this" in said
    assert "Slow words" in said
    promised.refresh_from_db()
    form = answer.context["form"]
    assert form["title"].value() == "Slow title"
    assert (form["due_on"].value(), form["status"].value()) == (str(day), "in_progress")
    again = typed | {"if_version": form["if_version"].value(), "due_on": str(day), "initial-due_on": str(day)}
    assert (
        liaison.post(
            at(promised), again | {"status": "in_progress", "initial-status": "in_progress"}
        ).status_code
        == 302
    )
    promised.refresh_from_db()
    assert (promised.title, promised.due_on, promised.status) == ("Slow title", day, "in_progress")


def test_a_note_stands_in_nobodys_way_and_undoes_nothing(liaison: Client, promised: Commitment) -> None:
    typed = as_it_is(promised, note="Slow words")
    update(promised, actor=None, now=NOW, status="in_progress")
    assert liaison.post(at(promised), typed).status_code == 302
    promised.refresh_from_db()
    assert (promised.status, promised.updates.count()) == ("in_progress", 2)


def test_an_ended_promise_takes_notes_only(liaison: Client, promised: Commitment) -> None:
    update(promised, actor=None, now=NOW, status="will_not_do", reason="No money.")
    assert 'name="title"' not in liaison.get(at(promised)).content.decode()
    assert (
        liaison.post(at(promised), as_it_is(promised, note="A grant came.", title="Again")).status_code == 302
    )
    promised.refresh_from_db()
    assert (promised.status, promised.title) == ("will_not_do", "Say the reason for a stop first")


def test_the_page_sends_what_stands_along_so_that_only_changes_count(
    liaison: Client, promised: Commitment
) -> None:
    said = liaison.get(at(promised)).content.decode()
    assert f'name="initial-due_on" value="{promised.due_on}"' in said
    assert 'name="initial-owner" value=""' in said
    assert f'name="initial-title" value="{promised.title}"' in said


def test_it_says_before_who_will_be_told(agency: Agency, liaison: Client, promised: Commitment) -> None:
    assert b"Nobody follows this promise by mail yet." in liaison.get(at(promised)).content
    for number in range(2):
        subscribe(
            agency=agency,
            target="commitment",
            target_id=promised.pk,
            email=f"r{number}@mail.example",
            now=NOW,
        )
    Subscription.objects.update(confirmed_at=NOW)
    assert b"2 people who follow this promise are told by mail." in liaison.get(at(promised)).content


def test_a_long_history_costs_no_query_more(
    liaison: Client, promised: Commitment, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        update(promised, actor=a_person(promised.agency), now=NOW, note=f"Step {number} <script>", evidence=[
            {"url": f"https://city.example/{number}"}])  # fmt: skip
    with django_assert_max_num_queries(16):
        said = liaison.get(at(promised)).content.decode()
    assert "Step 11 &lt;script&gt;" in said


# --- single acts ---


def test_moving_the_date_needs_its_reason(liaison: Client, promised: Commitment) -> None:
    day = promised.due_on + dt.timedelta(days=30)
    answer = liaison.post(at(promised, "date"), {"due_on": day, "reason": " ", "back": "follow"})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"reason"}
    answer = liaison.post(at(promised, "date"), {"due_on": day, "reason": "Late paint.", "back": "follow"})
    assert answer["Location"] == f"/desk/{promised.agency.slug}/follow-through/"
    promised.refresh_from_db()
    assert promised.due_on == day


def test_naming_an_owner_and_a_note_each_change_one_thing(
    agency: Agency, liaison: Client, promised: Commitment
) -> None:
    owner = a_person(agency, name="Ruth")
    assert set(errors_of(liaison.post(at(promised, "owner"), {"owner": ""}))) == {"owner", "reason"}
    liaison.post(at(promised, "owner"), {"owner": owner.pk, "reason": "She runs the unit."})
    assert set(errors_of(liaison.post(at(promised, "update"), {"note": ""}))) == {"note"}
    liaison.post(at(promised, "update"), {"note": "Paint is here."})
    promised.refresh_from_db()
    assert promised.owner == owner
    assert [line.note for line in promised.updates.order_by("number")] == ["", "Paint is here."]
    assert liaison.get(at(promised, "dance")).status_code == 404


def test_by_htmx_the_form_opens_in_its_row_and_the_row_says_what_was_done(
    liaison: Client, promised: Commitment
) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    form = liaison.get(at(promised, "update"), **asked)
    assert b"<html" not in form.content
    assert liaison.post(at(promised, "update"), {"note": ""}, **asked).status_code == 400
    done = liaison.post(at(promised, "update"), {"note": "Paint is here."}, **asked)
    assert done.status_code == 200
    assert b"The update is saved" in done.content


def test_the_way_back_is_one_of_ours(liaison: Client, promised: Commitment) -> None:
    answer = liaison.post(at(promised, "update"), {"note": "New.", "back": "https://evil.example/"})
    assert answer["Location"] == at(promised)


# --- hiding a text ---


def test_a_text_that_names_a_resident_is_hidden_for_good_with_a_public_reason(
    agency: Agency, promised: Commitment
) -> None:
    person = a_person(agency)
    client = signed_in(person)
    update(promised, actor=person, now=NOW, note="Mrs. Jones of 4 Elm Street asked for it.")
    path = at(promised, "lines/1/hide")
    assert set(errors_of(client.post(path, {"field": "note", "reason": ""}))) == {"reason"}
    assert set(errors_of(client.post(path, {"field": "title", "reason": "x"}))) == {"field"}
    assert client.post(path, {"field": "note", "reason": "It named somebody."})["Location"] == at(promised)
    said = client.get(at(promised)).content.decode()
    assert "Jones" not in said
    assert "It named somebody." in said
    assert client.get(path).status_code == 404
    assert Redaction.objects.get().actor == person
    assert client.get(at(promised, "lines/9/hide")).status_code == 404
