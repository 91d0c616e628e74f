"""Live notes: written once however often they are sent, corrected with a reason, and made a promise in one step."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from engage.activity.models import Activity
from engage.commitments.models import Commitment, FocusArea
from engage.database.ids import uuid7
from engage.listening.models import Contribution, ContributionRevision, SaidBy, Theme
from engage.listening.notes import take_note
from engage.listening.theming import make_theme
from events.event.models import Event
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.commitments import today_of
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.web.listening.staff import HTMX, a_desk, errors_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def url(name: str, event: Event, **more: Any) -> str:
    return reverse(name, kwargs={"slug": event.agency.slug, "event_id": event.pk, **more})


def typed(**fields: Any) -> dict[str, Any]:
    given = {
        "note_id": uuid4(), "body": "The lamp is out.", "said_by": "resident", "kind": "concern", "theme": "",
        "language": "en", "table_label": "Table 2",
    }  # fmt: skip
    return given | fields


def a_note(event: Event, actor: Any, **fields: Any) -> Contribution:
    given = {"body": "We will mend it.", "language": "en", "said_by": "department"} | fields
    return take_note(
        agency=event.agency, event=event, note_id=uuid4(), actor=actor, now=timezone.now(), **given
    ).row


def commitment(event: Event, **fields: Any) -> dict[str, Any]:
    due = today_of(event.agency) + dt.timedelta(days=30)
    given = {
        "commitment_id": uuid7(), "title": "Mend the lamp", "owner_office": "Patrol Division", "due_on": due.isoformat(),
        "done_means": "It shines.", "focus_area": FocusArea.COMMUNITY_ENGAGEMENT.value,
    }  # fmt: skip
    return given | fields


def test_a_note_stands_in_the_stream_and_what_was_picked_stays_picked() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    answer = client.post(url("notes", event), typed(theme=theme.pk, may_quote="on"), follow=True)
    note = Contribution.objects.get(event=event)
    assert (note.body, note.kind, note.theme, note.may_quote, note.moderation) == (
        "The lamp is out.", "concern", theme, True, "waiting",
    )  # fmt: skip
    assert not Activity.objects.filter(object_id=note.pk).exists()
    assert [row.note.pk for row in answer.context["rows"]] == [note.pk]
    form = answer.context["form"]
    assert (form["theme"].value(), form["kind"].value()) == (str(theme.pk), "concern")
    assert form["body"].value() is None
    assert b"The note is saved." in answer.content


def test_the_note_that_was_saved_last_stands_on_top_although_notes_keep_no_hour() -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    for number in range(6):
        a_note(event, person, body=f"Note {number}")
    for number in range(3):
        answer = client.post(url("notes", event), typed(body=f"Just now {number}"), follow=True)
        assert answer.context["rows"][0].note.body == f"Just now {number}"
        assert len({row.note.pk for row in answer.context["rows"]}) == len(answer.context["rows"])


def test_the_same_form_sent_twice_is_one_note_with_htmx_too() -> None:
    client, agency, _person = a_desk()
    event, form = an_event(agency), typed()
    client.post(url("notes", event), form)
    client.post(url("notes", event), form)
    again = client.post(url("notes", event), form, **HTMX)
    assert Contribution.objects.filter(event=event).count() == 1
    assert b"afterbegin" not in again.content
    new = client.post(url("notes", event), typed(), **HTMX)
    assert b"afterbegin:#stream" in new.content
    assert b"<html" not in new.content


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "   "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"theme": "new", "new_theme": " "}, "new_theme"),
        ({"said_by": "mayor"}, "said_by"),
        ({"speaker": "Mrs. Jones"}, "speaker"),
        ({"theme": str(uuid4())}, "theme"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_the_words_are_kept(
    wrong: dict[str, str], field: str
) -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    answer = client.post(url("notes", event), typed(**wrong))
    assert answer.status_code == 400
    assert list(errors_in(answer)) == [field]
    assert answer.context["form"]["body"].value() == wrong.get("body", "The lamp is out.")
    assert "<title>Error: " in html_of(answer)
    assert not Contribution.objects.exists()


def test_an_id_that_counts_upwards_is_not_taken_for_a_note() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    assert client.post(url("notes", event), typed(note_id=uuid7())).status_code == 400
    taken = typed()
    client.post(url("notes", an_event(agency)), taken)
    assert client.post(url("notes", event), taken).status_code == 400
    assert not Contribution.objects.filter(event=event).exists()


def test_a_new_theme_is_made_once_and_belongs_to_the_dialogue_where_there_is_one() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency, dialogue=a_dialogue(agency))
    for title in ("Lamps", "lamps "):
        client.post(url("notes", event), typed(theme="new", new_theme=title))
    theme = Theme.objects.get()
    assert (theme.title, theme.dialogue, theme.event) == ("Lamps", event.dialogue, None)
    assert theme.contributions.count() == 2


def test_the_department_may_be_named_by_its_office() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    client.post(url("notes", event), typed(said_by="department", speaker="Traffic Unit"))
    answer = client.get(url("notes", event))
    assert "<b>The department</b>, Traffic Unit" in html_of(answer)


def test_words_change_only_with_a_reason_and_the_old_ones_are_kept() -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    note = a_note(event, person, body="Oficer Smith was rude.", said_by="resident")
    where = url("note_edit", event, note_id=note.pk)
    sent = typed(body="An officer was rude.", edit_version=note.edit_version)
    refused = client.post(where, sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, ["reason"])
    assert b"An officer was rude." in refused.content
    assert client.post(where, sent | {"reason": "It named a person."}).status_code == 302
    note.refresh_from_db()
    old = ContributionRevision.objects.get(contribution=note)
    assert (note.body, old.body) == ("An officer was rude.", "Oficer Smith was rude.")


def test_what_is_not_the_words_changes_without_a_reason_and_a_late_edit_is_refused() -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    note = a_note(event, person, said_by="resident")
    where = url("note_edit", event, note_id=note.pk)
    sent = typed(body=note.body, may_quote="on", edit_version=note.edit_version)
    assert client.post(where, sent).status_code == 302
    note.refresh_from_db()
    assert (note.may_quote, note.table_label, note.kind) == (True, "Table 2", "concern")
    assert client.post(where, sent, **HTMX).status_code == 409


def test_a_note_becomes_a_draft_commitment_of_its_event_and_theme_once() -> None:
    client, agency, person = a_desk()
    ward = a_community(agency)
    event = an_event(agency, dialogue=a_dialogue(agency))
    theme = make_theme(actor=None, dialogue=event.dialogue, title="Lamps")
    note = a_note(event, person, theme=theme)
    where = url("note_commitment", event, note_id=note.pk)
    opened = client.get(where)
    assert opened.context["form"]["title"].value() == "We will mend it."
    sent = commitment(event, communities=[ward.pk])
    for more in ({}, HTMX):
        assert client.post(where, sent, **more).status_code in {200, 302}
    made = Commitment.objects.get()
    assert (made.draft, made.number, made.event, made.dialogue, made.theme, made.note) == (
        True, None, event, event.dialogue, theme, note,
    )  # fmt: skip
    assert list(made.communities.all()) == [ward]
    stream = client.get(url("notes", event))
    assert stream.context["numbers"] == {"notes": 1, "commitments": 1}
    assert b"Draft promise" in stream.content


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"owner_office": ""}, "owner_office"),
        ({"owner_office": "Nobody's office"}, "owner_office"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2001-01-01"}, "due_on"),
        ({"done_means": " "}, "done_means"),
        ({"communities": [str(uuid4())]}, "communities"),
    ],
)
def test_a_commitment_that_lacks_something_is_refused_at_the_field(wrong: dict[str, Any], field: str) -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    note = a_note(event, person)
    answer = client.post(url("note_commitment", event, note_id=note.pk), commitment(event, **wrong))
    assert (answer.status_code, list(errors_in(answer))) == (400, [field])
    assert answer.context["form"]["done_means"].value() == wrong.get("done_means", "It shines.")
    assert not Commitment.objects.exists()


def test_an_agency_without_a_list_of_offices_names_one() -> None:
    client, agency, person = a_desk(agency=an_agency())
    event = an_event(agency)
    note = a_note(event, person)
    client.post(url("note_commitment", event, note_id=note.pk), commitment(event, owner_office="Streets"))
    assert Commitment.objects.get().owner_office == "Streets"


def test_a_note_is_shown_by_a_button_and_looking_changes_nothing() -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    note = a_note(event, person, said_by="resident")
    for name in ("note", "note_edit", "note_commitment", "note_show"):
        assert client.get(url(name, event, note_id=note.pk)).status_code == 200
        assert client.head(url(name, event, note_id=note.pk)).status_code == 200
    note.refresh_from_db()
    assert note.moderation == "waiting"
    client.post(url("note_show", event, note_id=note.pk))
    note.refresh_from_db()
    assert note.moderation == "shown"


def test_notes_are_for_those_who_moderate() -> None:
    event = an_event(an_agency())
    note = a_note(event, a_desk(agency=event.agency)[2])
    paths = [
        url("notes", event),
        *(url(name, event, note_id=note.pk) for name in ("note", "note_edit", "note_commitment")),
    ]
    for path in paths:
        for kind in ("leader", "panelist", "admin"):
            assert a_desk(kind, event.agency)[0].get(path).status_code == 403
        assert a_desk()[0].get(path).status_code == 404
        assert "/accounts/login/" in a_desk()[0].__class__().get(path)["Location"]
    stranger, _agency, _person = a_desk()
    foreign = an_event(_agency)
    assert stranger.get(url("note", foreign, note_id=note.pk)).status_code == 404


def test_words_are_escaped() -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    a_note(event, person, body="<script>alert(1)</script>", table_label="<b>")
    content = client.get(url("notes", event)).content
    assert b"<script>alert" not in content
    assert b"&lt;script&gt;alert(1)" in content


def test_many_notes_come_page_by_page_with_as_many_queries_as_few(django_assert_max_num_queries: Any) -> None:
    client, agency, person = a_desk()
    event = an_event(agency)
    for number in range(30):
        note = a_note(event, person, body=f"Note {number}")
        if number < 9:
            client.post(
                url("note_commitment", event, note_id=note.pk), commitment(event, commitment_id=uuid7())
            )
    with django_assert_max_num_queries(11):
        first = client.get(url("notes", event))
    rest = client.get(url("notes", event), {"after": first.context["following"]}, **HTMX)
    seen = [row.note.pk for answer in (first, rest) for row in answer.context["rows"]]
    assert len(seen) == len(set(seen)) == 30
    assert rest.context["following"] == ""
    assert "HX-Request" in rest["Vary"]
    assert client.get(url("notes", event), {"after": "nonsense"}).status_code == 400


def test_the_page_says_that_names_are_never_written() -> None:
    client, agency, _person = a_desk()
    content = html_of(client.get(url("notes", an_event(agency))))
    assert "Never write a resident’s name." in content
    assert [value for value, _name in SaidBy.choices] == ["resident", "department", "other"]
