"""No text is longer than its model says: not by an act of the domain, and not past all of them in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from engage.commitments import tracking
from engage.commitments.models import Commitment, CommitmentUpdate
from engage.database.bounds import LongText
from engage.listening.contributing import note_down
from engage.listening.dialogues import edit_dialogue, start_dialogue
from engage.listening.models import Contribution, ContributionRevision, Dialogue, Theme
from engage.listening.moderating import answer, correct, show
from engage.listening.theming import edit_theme, make_theme
from engage.refusals import Invalid
from events.event.models import Event, Venue
from events.planning.scheduling import edit as edit_event
from events.planning.venues import add_venue, edit_venue
from outreach.summaries import writing
from outreach.summaries.models import SummaryVersion
from tests.makers.agencies import a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, a_venue
from tests.makers.summaries import an_event_that_is_over

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()

# Written by us alone, or by the release before this one; no text of these is typed in.
NO_TEXT_OF_A_PERSON = {
    "Event.vevent",
    "DeliveryCount.id",
    "ContributionIntake.body",
    "SignInSession.session_data",
}


def _a_note() -> Contribution:
    agency = an_agency()
    return note_down(
        agency=agency, target="agency", target_id=agency.pk, body="Why?", language="en", actor=None, now=NOW
    )


def _answered(text: str) -> None:
    note = _a_note()
    show(note, actor=None, now=NOW)
    answer(note, text=text, actor=None, now=NOW)


def _update(**fields: Any) -> None:
    tracking.update(a_commitment(), actor=None, now=NOW, **fields)


def _version() -> SummaryVersion:
    return writing.draft(an_event_that_is_over(), actor=None, now=NOW).version


# What can be typed: each column with the acts that write it, and the name under which they take it.
ACTS: dict[str, list[tuple[str, Callable[[str], Any]]]] = {
    "Dialogue.purpose": [
        ("purpose", lambda text: start_dialogue(agency=an_agency(), actor=None, title="Stops", purpose=text)),
        ("purpose", lambda text: edit_dialogue(a_dialogue(an_agency()), actor=None, fields={"purpose": text})),
    ],
    "Theme.text": [
        ("text", lambda text: make_theme(actor=None, event=a_draft(), title="Benches", text=text)),
        ("text", lambda text: edit_theme(
            make_theme(actor=None, event=a_draft(), title="Benches"), actor=None, text=text)),
    ],
    "Contribution.body": [
        ("body", lambda text: correct(_a_note(), body=text, reason="Misheard", actor=None, now=NOW)),
    ],
    "Contribution.answer": [("body", _answered)],
    "Commitment.done_means": [
        ("done_means", lambda text: a_commitment(done_means=text)),
        ("done_means", lambda text: tracking.edit(
            a_commitment(draft=True), actor=None, fields={"done_means": text})),
        ("done_means", lambda text: _update(done_means=text, reason="Clearer")),
    ],
    "CommitmentUpdate.done_means_to": [
        ("done_means", lambda text: _update(done_means=text, reason="Clearer")),
    ],
    "CommitmentUpdate.reason": [("reason", lambda text: _update(title="Say it first", reason=text))],
    "CommitmentUpdate.note": [("note", lambda text: _update(note=text))],
    "Venue.getting_there": [
        ("getting_there", lambda text: add_venue(
            agency=an_agency(), actor=None, now=NOW, name="Library", getting_there=text)),
        ("getting_there", lambda text: edit_venue(
            a_venue(an_agency()), actor=None, now=NOW, fields={"getting_there": text})),
    ],
    "Event.description": [
        ("description", lambda text: a_draft(description=text)),
        ("description", lambda text: edit_event(a_draft(), actor=None, now=NOW, fields={"description": text})),
    ],
    "Event.getting_there": [("getting_there", lambda text: a_draft(getting_there=text))],
    "SummaryVersion.next_steps": [
        ("next_steps", lambda text: writing.edit(
            _version(), actor=None, fields={"next_steps": text}, now=NOW)),
    ],
    "SummaryVersion.reply": [
        ("reply", lambda text: writing.approve(_version(), actor=a_person(), reply=text, now=NOW)),
    ],
}  # fmt: skip
# Copies of what stood before in one of those.
COPIED = {"CommitmentUpdate.done_means_from", "ContributionRevision.body"}


def texts() -> dict[str, models.TextField[Any, Any]]:
    """Every column of ours that is a text without a length of its own in the database."""
    return {
        f"{model.__name__}.{column.name}": column
        for app in ("engage", "events", "outreach")
        for model in apps.get_app_config(app).get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.TextField)
    }


def test_every_text_that_is_typed_in_has_a_length_and_an_act_that_is_tried_here() -> None:
    typed = texts().keys() - NO_TEXT_OF_A_PERSON
    assert typed == ACTS.keys() | COPIED
    assert all(isinstance(texts()[name], LongText) for name in typed)


@pytest.mark.parametrize(
    ("column", "field", "act"), [(column, *one) for column, acts in ACTS.items() for one in acts]
)
def test_an_act_takes_the_longest_text_and_refuses_one_letter_more(
    column: str, field: str, act: Callable[[str], Any]
) -> None:
    most = texts()[column].max_length or 0
    act("x" * most)
    with pytest.raises(Invalid) as refused:
        act("x" * (most + 1))
    assert field in {error.field for error in refused.value.errors}


@pytest.mark.parametrize("column", sorted(ACTS.keys() | COPIED))
def test_the_database_holds_the_same_length(column: str) -> None:
    text = texts()[column]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
            " AND convalidated AND conname LIKE '%%_length'",
            [text.model._meta.db_table],
        )
        checks = [definition for (definition,) in cursor]
    assert f"CHECK ((length({text.column}) <= {text.max_length}))" in checks


@pytest.mark.parametrize(
    ("model", "name", "make"),
    [
        (Dialogue, "purpose", lambda: a_dialogue(an_agency())),
        (Theme, "text", lambda: make_theme(actor=None, event=a_draft(), title="Benches")),
        (Contribution, "body", _a_note),
        (Commitment, "done_means", a_commitment),
        (Venue, "getting_there", lambda: a_venue(an_agency())),
        (Event, "description", a_draft),
        (SummaryVersion, "next_steps", _version),
    ],
)
def test_past_every_act_the_database_refuses_it(model: Any, name: str, make: Callable[[], Any]) -> None:
    rows = model.objects.filter(pk=make().pk)
    most = model._meta.get_field(name).max_length
    assert rows.update(**{name: "x" * most}) == 1
    with pytest.raises(IntegrityError, match=f"{name}_length"), transaction.atomic():
        rows.update(**{name: "x" * (most + 1)})


def test_a_line_of_the_record_cannot_be_written_past_its_acts_either() -> None:
    made = a_commitment()
    for name in ("done_means_from", "done_means_to", "reason", "note"):
        most = CommitmentUpdate._meta.get_field(name).max_length or 0
        line = {"agency": made.agency, "commitment": made, "number": 1, "reason": "Clearer"}
        with pytest.raises(IntegrityError, match=f"{name}_length"), transaction.atomic():
            CommitmentUpdate.objects.create(**(line | {name: "x" * (most + 1)}))
    with pytest.raises(IntegrityError, match="body_length"), transaction.atomic():
        ContributionRevision.objects.create(
            contribution=_a_note(), body="x" * 4001, replaced_on=NOW.date(), reason="Misheard"
        )
