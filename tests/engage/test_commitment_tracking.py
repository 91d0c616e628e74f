"""Promises move in public: with a number, a reason, evidence, and a history that nobody can change."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from engage.activity.models import Activity
from engage.commitments.models import Commitment, CommitmentUpdate, FocusArea, Redaction
from engage.commitments.tracking import UseUpdates, add_evidence, edit, make_commitment, redact, update
from engage.refusals import EvidenceRequired, Invalid, ReasonRequired, WrongState
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import an_event

BOTH = ["default", "owner"]
NOW = timezone.now()
LINK = {"kind": "link", "url": "https://city.example/order.pdf", "title": "The order"}

db = pytest.mark.django_db(databases=BOTH)


@db
def test_kept_needs_evidence_before_it_needs_anything_else():
    agency = an_agency()
    for made in (a_commitment(agency), a_commitment(agency, draft=True)):
        with pytest.raises(EvidenceRequired):
            update(made, actor=None, now=NOW, status="kept", due_on=today_of(agency))
    made = a_commitment(agency)
    line = update(made, actor=None, now=NOW, status="kept", evidence=[LINK])
    assert (made.status, made.closed_on, line.status_from, line.status_to) == (
        "kept",
        today_of(agency),
        "open",
        "kept",
    )
    assert [(one.url, one.update_id) for one in made.evidence.all()] == [(LINK["url"], line.pk)]


@db
def test_evidence_laid_beside_the_commitment_before_is_enough():
    made = a_commitment()
    shown = add_evidence(made, actor=None, url=LINK["url"], now=NOW)
    line = update(made, actor=None, now=NOW, status="kept", evidence=[{"id": shown.pk}])
    shown.refresh_from_db()
    assert shown.update_id == line.pk
    other = a_commitment()
    with pytest.raises(Invalid):
        update(other, actor=None, now=NOW, status="kept", evidence=[{"id": shown.pk}])


@db
def test_kept_in_part_needs_evidence_and_then_a_reason_for_what_is_missing():
    made = a_commitment()
    with pytest.raises(EvidenceRequired):
        update(made, actor=None, now=NOW, status="kept_in_part", reason="Fridays are missing.")
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, status="kept_in_part", evidence=[LINK])
    update(made, actor=None, now=NOW, status="kept_in_part", reason="Fridays are missing.", evidence=[LINK])
    assert (made.status, made.closed_on) == ("kept_in_part", today_of(made.agency))


@db
def test_the_database_holds_the_reason_of_what_is_kept_in_part():
    made = a_commitment()
    with pytest.raises(DatabaseError), transaction.atomic():
        CommitmentUpdate.objects.create(
            agency=made.agency, commitment=made, number=1, status_from="open", status_to="kept_in_part"
        )


@db
@pytest.mark.parametrize("status", ["not_kept", "will_not_do"])
def test_a_bad_end_needs_a_reason_even_before_its_state_is_looked_at(status):
    made = a_commitment()
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, status=status, reason="  ")
    update(made, actor=None, now=NOW, status=status, reason="No budget.")
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, status=status)
    with pytest.raises(WrongState):
        update(made, actor=None, now=NOW, status="kept", evidence=[LINK])


@db
def test_every_change_of_what_was_promised_needs_a_reason():
    agency = an_agency()
    made, boss = a_commitment(agency), a_person(agency)
    changes = (
        {"due_on": made.due_on + dt.timedelta(days=30)},
        {"title": "Something smaller"},
        {"done_means": "Less"},
        {"owner_office": "Patrol"},
        {"owner": boss},
    )
    for change in changes:
        with pytest.raises(ReasonRequired):
            update(made, actor=None, now=NOW, **change)
        update(made, actor=None, now=NOW, reason="We found out more.", **change)
    assert made.first_due_on == made.due_on - dt.timedelta(days=30)
    assert (made.owner, made.owner_office, made.title) == (boss, "Patrol", "Something smaller")
    with pytest.raises(ReasonRequired):
        update(made, actor=None, now=NOW, owner=None)
    line = update(made, actor=None, now=NOW, owner=None, reason="She left.")
    assert (line.owner_from, line.owner_to, made.owner_id) == (boss, None, None)
    assert made.updates_count == 6


@db
def test_an_update_that_says_nothing_is_refused():
    made = a_commitment()
    for nothing in ({}, {"note": "   "}, {"due_on": made.due_on}, {"status": "open"}):
        with pytest.raises(Invalid):
            update(made, actor=None, now=NOW, **nothing)
    assert made.updates.count() == 0


@db
def test_a_commitment_goes_forward_only_and_what_ended_stays_ended():
    made = a_commitment()
    update(made, actor=None, now=NOW, status="in_progress")
    with pytest.raises(WrongState):
        update(made, actor=None, now=NOW, status="open")
    update(made, actor=None, now=NOW, status="kept", evidence=[LINK])
    with pytest.raises(WrongState):
        update(made, actor=None, now=NOW, due_on=made.due_on + dt.timedelta(days=1), reason="again")
    update(made, actor=None, now=NOW, note="A second order followed.", evidence=[LINK])
    assert made.status == "kept"


@db
def test_a_draft_has_no_history():
    draft = a_commitment(draft=True)
    for act in (
        lambda: update(draft, actor=None, now=NOW, note="soon"),
        lambda: add_evidence(draft, actor=None, url=LINK["url"], now=NOW),
    ):
        with pytest.raises(WrongState):
            act()


@db
def test_an_owner_from_another_agency_is_refused():
    made = a_commitment()
    for stranger in (a_person(an_agency()), a_person()):
        with pytest.raises(Invalid):
            update(made, actor=None, now=NOW, owner=stranger, reason="moved")
        with pytest.raises(Invalid):
            a_commitment(made.agency, owner=stranger.pk)


@db
def test_where_it_came_from_must_be_of_the_same_agency():
    agency, other = an_agency(), an_agency()
    for name, strange in (("event", an_event(other)), ("dialogue", a_dialogue(other))):
        for given in (strange, strange.pk):
            with pytest.raises(Invalid) as refused:
                a_commitment(agency, **{name: given})
            assert refused.value.errors[0].field == name
    event = an_event(agency)
    assert a_commitment(agency, event=event.pk).event == event


@db
def test_the_database_too_refuses_a_commitment_across_agencies():
    made, strange = a_commitment(), a_dialogue(an_agency())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.filter(pk=made.pk).update(dialogue=strange)


@db
def test_what_the_public_holds_the_agency_to_changes_by_updates_only():
    made = a_commitment()
    for name, value in (
        ("title", "x"), ("due_on", made.due_on), ("owner", None), ("owner_office", "x"), ("done_means", "x"), ("status", "kept"),
    ):  # fmt: skip
        with pytest.raises(UseUpdates) as refused:
            edit(made, actor=None, fields={name: value})
        assert [error.field for error in refused.value.errors] == [name]
    edit(made, actor=None, fields={"focus_area": FocusArea.SAFETY_AND_WELLNESS})
    assert made.focus_area == FocusArea.SAFETY_AND_WELLNESS


@db
def test_a_draft_may_be_changed_in_any_way_but_never_ended():
    agency = an_agency()
    draft, ward = a_commitment(agency, draft=True), a_community(agency)
    later = draft.due_on + dt.timedelta(days=9)
    edit(draft, actor=None, fields={"title": "Better", "due_on": later, "communities": [ward.pk]})
    assert (draft.title, draft.first_due_on, list(draft.communities.all())) == ("Better", later, [ward])
    with pytest.raises(UseUpdates):
        edit(draft, actor=None, fields={"status": "kept"})


@pytest.mark.django_db(databases=BOTH, transaction=True)
@pytest.mark.parametrize("model", [CommitmentUpdate, Redaction])
def test_the_history_is_append_only_for_everybody(model):
    made, staff = a_commitment(), a_person()
    line = update(made, actor=None, now=NOW, note="Done by Mr. Doe of 5 Elm St")
    redact(line, field="note", reason="names a resident", actor=staff, now=NOW)
    change = {"note": "x"} if model is CommitmentUpdate else {"reason": "x"}
    for alias in BOTH:
        rows = model.objects.using(alias)
        with pytest.raises(DatabaseError), transaction.atomic(using=alias):
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic(using=alias):
            rows.all()._raw_delete(alias)
    assert CommitmentUpdate.objects.get().note == "Done by Mr. Doe of 5 Elm St"


@db
def test_a_text_is_hidden_once_with_a_reason():
    made, staff = a_commitment(), a_person()
    line = update(made, actor=None, now=NOW, note="Mr. Doe")
    with pytest.raises(ReasonRequired):
        redact(line, field="note", reason="", actor=staff, now=NOW)
    with pytest.raises(Invalid):
        redact(line, field="status_to", reason="no", actor=staff, now=NOW)
    redact(line, field="note", reason="names a resident", actor=staff, now=NOW)
    with pytest.raises(WrongState):
        redact(line, field="note", reason="again", actor=staff, now=NOW)


@db
def test_each_act_is_one_public_line_of_the_record_in_its_own_transaction():
    agency = an_agency()
    staff = a_person(agency)
    made = a_commitment(agency, actor=staff)
    line = update(made, actor=staff, now=NOW, status="in_progress")
    lines = list(
        Activity.objects.filter(object_id=made.pk).order_by("id").values_list("verb", "public", "actor")
    )
    assert lines == [("commitment.made", True, staff.pk), ("commitment.updated", True, staff.pk)]
    assert Activity.objects.get(verb="commitment.updated").data == {
        "update": str(line.pk), "status_from": "open", "status_to": "in_progress",
    }  # fmt: skip
    draft = a_commitment(agency, draft=True)
    assert not Activity.objects.get(object_id=draft.pk).public


@db
def test_an_unknown_field_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        make_commitment(agency=an_agency(), actor=None, now=NOW, verdict="kept")
