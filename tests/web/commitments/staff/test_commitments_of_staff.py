"""Promises as staff keep them: moved in public, one act at a time, and texts that name a resident hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.commitments.models import Commitment, Redaction
from engage.commitments.tracking import add_evidence, edit, update
from outreach.subscriptions.models import Subscription
from outreach.subscriptions.subscribing import subscribe
from outreach.summaries import writing
from tests.makers.agencies import a_person
from tests.makers.commitments import a_commitment
from tests.makers.pages import html_of
from tests.makers.summaries import an_event_that_is_over
from tests.web.commitments.staff.commitment_address import at
from tests.web.staff_clients import errors_of, signed_in, staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


def as_it_is(commitment: Commitment, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form of updates: everything that stands, and what was changed."""
    commitment.refresh_from_db()
    said = {
        "status": commitment.status, "due_on": commitment.due_on, "owner_office": commitment.owner_office,
        "owner": commitment.owner_id or "", "title": commitment.title, "done_means": commitment.done_means,
        "if_version": commitment.edit_version, "reason": "", "note": "", "evidence": "", "evidence_title": "",
    }  # fmt: skip
    return said | {f"initial-{name}": value for name, value in said.items()} | changes


# --- the next line of its history ---


def test_an_update_is_one_line_that_everyone_can_read(liaison: Client, commitment: Commitment) -> None:
    answer = liaison.post(
        at(commitment), as_it_is(commitment, status="in_progress", note="The crew was named.")
    )
    assert answer.status_code == 302
    line = commitment.updates.get()
    assert (line.status_to, line.note, line.due_to, line.title_to) == (
        "in_progress",
        "The crew was named.",
        None,
        "",
    )
    said = html_of(liaison.get(at(commitment)))
    assert "Work has begun." in said
    assert "The crew was named." in said


def test_kept_needs_a_link_and_the_words_stay(liaison: Client, commitment: Commitment) -> None:
    answer = liaison.post(at(commitment), as_it_is(commitment, status="kept", note="We did it."))
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"evidence"}
    assert "We did it." in html_of(answer)
    liaison.post(at(commitment), as_it_is(commitment, status="kept", evidence="https://city.example/done"))
    commitment.refresh_from_db()
    assert commitment.status == "kept"


def test_a_link_that_is_there_already_is_enough(liaison: Client, commitment: Commitment) -> None:
    shown = add_evidence(commitment, actor=None, url="https://city.example/done", now=NOW)
    liaison.post(at(commitment), as_it_is(commitment, status="kept", shown=[shown.pk]))
    shown.refresh_from_db()
    assert shown.update == commitment.updates.get()


@pytest.mark.parametrize(
    "change", [{"status": "not_kept"}, {"title": "Other words"}, {"due_on": "2099-01-01"}]
)
def test_what_the_public_holds_us_to_changes_with_a_reason_only(
    liaison: Client, commitment: Commitment, change: dict[str, str]
) -> None:
    answer = liaison.post(at(commitment), as_it_is(commitment, **change))
    assert set(errors_of(answer)) == {"reason"}
    assert liaison.post(at(commitment), as_it_is(commitment, **change, reason="No money.")).status_code == 302


def test_nothing_said_is_no_update(liaison: Client, commitment: Commitment) -> None:
    assert set(errors_of(liaison.post(at(commitment), as_it_is(commitment)))) == {"note"}
    assert commitment.updates.count() == 0


def test_somebody_who_was_faster_is_not_overwritten(liaison: Client, commitment: Commitment) -> None:
    typed = as_it_is(commitment, note="Slow words", title="Slow title", reason="It says more.")
    day = commitment.due_on + dt.timedelta(days=9)
    update(commitment, actor=None, now=NOW, status="in_progress", due_on=day, reason="Rain.")
    answer = liaison.post(at(commitment), typed)
    assert answer.status_code == 409
    said = html_of(answer)
    assert "Somebody else changed this" in said
    assert "Slow words" in said
    commitment.refresh_from_db()
    form = answer.context["form"]
    assert form["title"].value() == "Slow title"
    assert (form["due_on"].value(), form["status"].value()) == (str(day), "in_progress")
    again = typed | {"if_version": form["if_version"].value(), "due_on": str(day), "initial-due_on": str(day)}
    assert (
        liaison.post(
            at(commitment), again | {"status": "in_progress", "initial-status": "in_progress"}
        ).status_code
        == 302
    )
    commitment.refresh_from_db()
    assert (commitment.title, commitment.due_on, commitment.status) == ("Slow title", day, "in_progress")


def test_a_note_stands_in_nobodys_way_and_undoes_nothing(liaison: Client, commitment: Commitment) -> None:
    typed = as_it_is(commitment, note="Slow words")
    update(commitment, actor=None, now=NOW, status="in_progress")
    assert liaison.post(at(commitment), typed).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.status, commitment.updates.count()) == ("in_progress", 2)


def test_an_ended_commitment_takes_notes_and_its_ending_back(liaison: Client, commitment: Commitment) -> None:
    update(commitment, actor=None, now=NOW, status="will_not_do", reason="No money.")
    assert 'name="title"' not in html_of(liaison.get(at(commitment)))
    assert (
        liaison.post(at(commitment), as_it_is(commitment, note="A grant came.", title="Again")).status_code
        == 302
    )
    commitment.refresh_from_db()
    assert (commitment.status, commitment.title) == ("will_not_do", "Say the reason for a stop first")
    back = {"if_version": commitment.edit_version, "status": "in_progress", "initial-status": "will_not_do"}
    assert "reason" in errors_of(liaison.post(at(commitment), back))
    assert liaison.post(at(commitment), back | {"reason": "The grant pays for it."}).status_code == 302
    commitment.refresh_from_db()
    assert (commitment.status, commitment.closed_on) == ("in_progress", None)
    page = html_of(Client().get(f"/agencies/{commitment.agency.slug}/promises/{commitment.number}/"))
    assert "No money." in page
    assert "The grant pays for it." in page


def test_what_was_typed_in_the_folded_part_stays_in_sight_when_only_the_reason_is_missing(
    liaison: Client, commitment: Commitment
) -> None:
    day = str(commitment.due_on + dt.timedelta(days=9))
    answer = liaison.post(at(commitment), as_it_is(commitment, due_on=day))
    assert set(errors_of(answer)) == {"reason"}
    assert '<details class="disclose" open>' in html_of(answer)
    assert '<details class="disclose">' in html_of(liaison.get(at(commitment)))


def test_hiding_a_name_is_offered_as_an_act(liaison: Client, commitment: Commitment) -> None:
    update(commitment, actor=None, now=NOW, note="We asked around.")
    said = html_of(liaison.get(at(commitment)))
    assert "Hide a name…" in said
    assert "A resident is named" not in said


def test_a_draft_is_deleted_after_a_question_and_what_is_public_is_not(
    agency: Agency, liaison: Client
) -> None:
    draft, public = a_commitment(agency, draft=True, title="A slip"), a_commitment(agency)
    assert at(draft, "delete") in html_of(liaison.get(at(draft)))
    assert "A slip" in html_of(liaison.get(at(draft, "delete")))
    assert Commitment.objects.filter(pk=draft.pk).exists()
    assert liaison.post(at(draft, "delete")).status_code == 302
    assert not Commitment.objects.filter(pk=draft.pk).exists()
    assert Activity.objects.get(verb="commitment.draft_deleted").public is False
    for answer in (liaison.get(at(public, "delete")), liaison.post(at(public, "delete"))):
        assert answer.status_code == 409
    assert staff(None).post(at(public, "delete")).status_code == 404
    assert Commitment.objects.filter(pk=public.pk).exists()


def test_a_draft_that_a_summary_names_is_taken_out_there_first(agency: Agency, liaison: Client) -> None:
    named = a_commitment(agency, draft=True)
    version = writing.draft(an_event_that_is_over(agency), actor=None, now=NOW).version
    writing.edit(version, actor=None, fields={"will_do": [named.pk]}, now=NOW)
    assert liaison.post(at(named, "delete")).status_code == 409
    assert Commitment.objects.filter(pk=named.pk).exists()


def test_making_it_public_asks_with_the_words_that_everyone_will_read(
    agency: Agency, liaison: Client
) -> None:
    draft = a_commitment(agency, draft=True, title="Mend the lamp")
    for answer in (liaison.get(at(draft, "confirm")), liaison.post(at(draft, "confirm"))):
        said = html_of(answer)
        assert answer.status_code == 200
        assert "Everyone will read this:" in said
        assert "Mend the lamp" in said
        assert "On track" in said
    edit(draft, actor=None, fields={"title": "Mend both lamps"}, now=NOW)
    old = liaison.post(at(draft, "confirm"), {"edit_version": draft.edit_version - 1})
    assert old.status_code == 409
    assert "Mend both lamps" in html_of(old)
    draft.refresh_from_db()
    assert draft.draft
    assert liaison.post(at(draft, "confirm"), {"edit_version": draft.edit_version}).status_code == 302
    draft.refresh_from_db()
    assert (draft.draft, draft.number) == (False, 1)


def test_the_page_sends_what_stands_along_so_that_only_changes_count(
    liaison: Client, commitment: Commitment
) -> None:
    said = html_of(liaison.get(at(commitment)))
    assert f'name="initial-due_on" value="{commitment.due_on}"' in said
    assert 'name="initial-owner" value=""' in said
    assert f'name="initial-title" value="{commitment.title}"' in said


def test_it_says_before_who_will_be_told(agency: Agency, liaison: Client, commitment: Commitment) -> None:
    assert b"Nobody follows this promise by mail yet." in liaison.get(at(commitment)).content
    for number in range(2):
        subscribe(
            agency=agency,
            target="commitment",
            target_id=commitment.pk,
            email=f"r{number}@mail.example",
            now=NOW,
        )
    Subscription.objects.update(confirmed_at=NOW)
    assert b"2 people who follow this promise are told by mail." in liaison.get(at(commitment)).content


def test_a_long_history_costs_no_query_more(
    liaison: Client, commitment: Commitment, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        update(commitment, actor=a_person(commitment.agency), now=NOW, note=f"Step {number} <script>", evidence=[
            {"url": f"https://city.example/{number}"}])  # fmt: skip
    with django_assert_max_num_queries(16):
        said = html_of(liaison.get(at(commitment)))
    assert "Step 11 &lt;script&gt;" in said


# --- single acts ---


def test_moving_the_date_needs_its_reason(liaison: Client, commitment: Commitment) -> None:
    day = commitment.due_on + dt.timedelta(days=30)
    answer = liaison.post(at(commitment, "date"), {"due_on": day, "reason": " ", "back": "follow"})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"reason"}
    answer = liaison.post(at(commitment, "date"), {"due_on": day, "reason": "Late paint.", "back": "follow"})
    assert answer["Location"] == f"/desk/{commitment.agency.slug}/follow-through/"
    commitment.refresh_from_db()
    assert commitment.due_on == day


def test_naming_an_owner_and_a_note_each_change_one_thing(
    agency: Agency, liaison: Client, commitment: Commitment
) -> None:
    owner = a_person(agency, name="Ruth")
    assert set(errors_of(liaison.post(at(commitment, "owner"), {"owner": ""}))) == {"owner", "reason"}
    liaison.post(at(commitment, "owner"), {"owner": owner.pk, "reason": "She runs the unit."})
    assert set(errors_of(liaison.post(at(commitment, "update"), {"note": ""}))) == {"note"}
    liaison.post(at(commitment, "update"), {"note": "Paint is here."})
    commitment.refresh_from_db()
    assert commitment.owner == owner
    assert [line.note for line in commitment.updates.order_by("number")] == ["", "Paint is here."]
    assert liaison.get(at(commitment, "dance")).status_code == 404


def test_by_htmx_the_form_opens_in_its_row_and_the_row_says_what_was_done(
    liaison: Client, commitment: Commitment
) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    form = liaison.get(at(commitment, "update"), **asked)
    assert b"<html" not in form.content
    assert liaison.post(at(commitment, "update"), {"note": ""}, **asked).status_code == 400
    done = liaison.post(at(commitment, "update"), {"note": "Paint is here."}, **asked)
    assert done.status_code == 200
    assert b"The update is saved" in done.content


def test_the_way_back_is_one_of_ours(liaison: Client, commitment: Commitment) -> None:
    answer = liaison.post(at(commitment, "update"), {"note": "New.", "back": "https://evil.example/"})
    assert answer["Location"] == at(commitment)


# --- hiding a text ---


def test_a_text_that_names_a_resident_is_hidden_for_good_with_a_public_reason(
    agency: Agency, commitment: Commitment
) -> None:
    person = a_person(agency)
    client = signed_in(person)
    update(commitment, actor=person, now=NOW, note="Mrs. Jones of 4 Elm Street asked for it.")
    path = at(commitment, "lines/1/hide")
    assert set(errors_of(client.post(path, {"field": "note", "reason": ""}))) == {"reason"}
    assert set(errors_of(client.post(path, {"field": "title", "reason": "x"}))) == {"field"}
    assert client.post(path, {"field": "note", "reason": "It named somebody."})["Location"] == at(commitment)
    said = html_of(client.get(at(commitment)))
    assert "Jones" not in said
    assert "It named somebody." in said
    assert client.get(path).status_code == 404
    assert Redaction.objects.get().actor == person
    assert client.get(at(commitment, "lines/9/hide")).status_code == 404
