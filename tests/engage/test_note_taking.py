"""Notes of the room: one form is one note, words change with a reason, and a note leaves no hour behind."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.database.ids import uuid7
from engage.listening.listing import contributions_to, notes_of, numbers_of, page_of
from engage.listening.models import Contribution, Theme
from engage.listening.moderating import show_each
from engage.listening.notes import amend_note, commitment_from, take_note
from engage.listening.theming import ThemeElsewhere, make_theme, put_each_under, put_under
from engage.paging import NoSuchPage
from engage.people.models import Person
from engage.refusals import Invalid, ReasonRequired, StaleEdit
from events.event.models import Event
from tests.makers.agencies import a_dialogue, a_person, an_agency
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event

NOW = timezone.now()
db = pytest.mark.django_db(databases=["default", "owner"])
committed = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def taken(event: Event, actor: Person, note_id: UUID | None = None, **fields: Any) -> Any:
    given = {"body": "The lamp is out.", "language": "en", "now": NOW} | fields
    return take_note(agency=event.agency, event=event, note_id=note_id or uuid4(), actor=actor, **given)


def commitment_of(note: Contribution, actor: Person, commitment_id: UUID, **fields: Any) -> Any:
    given = {
        "title": "Mend it", "done_means": "It shines.", "owner_office": "Streets", "focus_area": "community_engagement",
        "due_on": NOW.date() + dt.timedelta(days=30), "now": NOW,
    }  # fmt: skip
    return commitment_from(note, commitment_id=commitment_id, actor=actor, **(given | fields))


def at_once(many: int, act: Any) -> list[Any]:
    def alone(_number: int) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(alone, range(many)))


@committed
def test_one_form_sent_by_many_at_once_is_one_note_and_one_theme() -> None:
    event = an_event()
    staff, note_id = a_person(event.agency), uuid4()
    made = at_once(8, lambda: taken(event, staff, note_id, new_theme="Lamps"))
    assert [one.row.pk for one in made] == [note_id] * 8
    assert sum(one.created for one in made) == 1
    assert Contribution.objects.count() == Theme.objects.count() == 1


@committed
def test_one_form_sent_by_many_at_once_is_one_commitment() -> None:
    event = an_event()
    staff, commitment_id = a_person(event.agency), uuid7()
    note = taken(event, staff).row
    made = at_once(8, lambda: commitment_of(note, staff, commitment_id))
    assert sum(one.created for one in made) == 1
    assert Commitment.objects.get().pk == commitment_id
    assert Activity.objects.filter(verb="commitment.drafted").count() == 1


@db
def test_a_note_with_its_theme_leaves_no_line_with_an_hour() -> None:
    event = an_event()
    staff = a_person(event.agency)
    theme = make_theme(actor=staff, event=event, title="Lamps")
    note = taken(event, staff, theme=theme, may_quote=True).row
    assert (note.theme, note.pk.version) == (theme, 4)
    assert not Activity.objects.filter(object_id=note.pk).exists()
    times = [
        field.name for field in Contribution._meta.concrete_fields if "Time" in field.get_internal_type()
    ]
    assert times == ["erase_after"]
    assert note.erase_after is None


@db
def test_who_said_it_is_never_a_residents_name() -> None:
    event = an_event()
    staff = a_person(event.agency)
    with pytest.raises(Invalid):
        taken(event, staff, said_by="resident", speaker="Mrs. Jones")
    note = taken(event, staff, said_by="department", speaker=" Lt. Tran ").row
    assert (note.speaker, note.anonymous) == ("Lt. Tran", False)
    with pytest.raises(Invalid):
        amend_note(note, actor=staff, now=NOW, if_version=1, body=note.body, said_by="resident")
    amend_note(note, actor=staff, now=NOW, if_version=1, body=note.body, said_by="resident", speaker="")
    note.refresh_from_db()
    assert (note.said_by, note.anonymous) == ("resident", True)


@db
def test_an_amended_note_keeps_its_old_words_and_a_late_amendment_is_refused() -> None:
    event = an_event()
    staff = a_person(event.agency)
    note = taken(event, staff).row
    with pytest.raises(ReasonRequired):
        amend_note(note, actor=staff, now=NOW, if_version=1, body="Other words")
    amend_note(
        note, actor=staff, now=NOW, if_version=1, body="Other words", reason="A typing mistake", kind="idea"
    )
    note.refresh_from_db()
    assert (note.body, note.kind, note.revisions.get().body) == ("Other words", "idea", "The lamp is out.")
    with pytest.raises(StaleEdit):
        amend_note(note, actor=staff, now=NOW, if_version=1, body=note.body)
    elsewhere = make_theme(actor=staff, event=an_event(event.agency), title="Cars")
    with pytest.raises(ThemeElsewhere):
        amend_note(note, actor=staff, now=NOW, if_version=note.edit_version, body=note.body, theme=elsewhere)


@db
def test_a_commitment_is_not_due_in_the_past_and_its_id_is_nobody_elses() -> None:
    event = an_event()
    staff = a_person(event.agency)
    first, second = taken(event, staff).row, taken(event, staff).row
    with pytest.raises(Invalid):
        commitment_of(first, staff, uuid7(), due_on=NOW.date() - dt.timedelta(days=2))
    made = commitment_of(first, staff, uuid7()).row
    with pytest.raises(Invalid):
        commitment_of(second, staff, made.pk)
    with pytest.raises(Invalid):
        taken(an_event(event.agency), staff, first.pk)


@db
def test_when_a_note_goes_its_commitment_stays() -> None:
    event = an_event()
    staff = a_person(event.agency)
    note = taken(event, staff).row
    made = commitment_of(note, staff, uuid7()).row
    Contribution.objects.filter(pk=note.pk).delete()
    made.refresh_from_db()
    assert made.note is None


@db
def test_one_that_is_refused_leaves_its_neighbours_decided() -> None:
    agency = an_agency()
    staff, event = a_person(agency), an_event(agency)
    theme = make_theme(actor=staff, event=event, title="Lamps")
    here, elsewhere = a_contribution(agency, event=event), a_contribution(agency, dialogue=a_dialogue(agency))
    decided = put_each_under([elsewhere.pk, here.pk], theme=theme, agency=agency, actor=staff)
    assert decided.done == [here.pk]
    assert [said.pk for said, _why in decided.refused] == [elsewhere.pk]
    for ids in ([], [uuid4() for _ in range(101)]):
        with pytest.raises(Invalid):
            show_each(ids, agency=agency, actor=staff, now=NOW)
    assert show_each([here.pk], agency=an_agency(), actor=staff, now=NOW).done == []


@db
def test_a_new_theme_has_a_home_or_is_refused() -> None:
    agency: Agency = an_agency()
    staff = a_person(agency)
    contribution = a_contribution(agency)
    with pytest.raises(Invalid):
        put_under(contribution, theme=None, new_theme="Lamps", actor=staff)
    event = an_event(agency, dialogue=a_dialogue(agency))
    contribution = a_contribution(agency, event=event)
    put_under(contribution, theme=None, new_theme="Lamps", actor=staff)
    put_under(a_contribution(agency, event=event), theme=None, new_theme="LAMPS", actor=staff)
    assert Theme.objects.get().dialogue == event.dialogue


@db
def test_what_waits_longest_comes_first_and_of_notes_the_latest_day() -> None:
    event = an_event()
    days = [NOW.date() - dt.timedelta(days=number) for number in range(3)]
    for day in days:
        a_contribution(event.agency, event=event, said_on=day, way_in="live")
    rows = contributions_to(event.agency, event=event)
    assert [said.said_on for said in page_of(rows, moderation="waiting").rows] == days[::-1]
    first = notes_of(event, size=2)
    assert [said.said_on for said in first.rows] == days[:2]
    assert [said.said_on for said in notes_of(event, after=first.following).rows] == days[2:]
    assert (numbers_of(rows).waiting, numbers_of(rows).shown) == (3, 0)
    for broken in ("x", "2026-01-01", "2026-01-01_x"):
        with pytest.raises(NoSuchPage):
            notes_of(event, after=broken)
